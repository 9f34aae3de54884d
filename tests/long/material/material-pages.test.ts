/** The screens of those who answer for the material, with a day in them: for everybody to read, on a desk and a phone. */
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { artefactPath, openChromium, type OpenChromium } from '../../helpers/chromium.ts';
import { kioskPage, type KioskPage } from '../../helpers/kiosk-page.ts';
import { materialActs } from '../../helpers/material-acts.ts';
import { CLIENT, declarePartners, newTally, receiveDeliveries } from '../../helpers/material-day.ts';
import { startSite, type Site } from '../../helpers/site.ts';
import { until } from '../../helpers/until.ts';

const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
const LINE = 'tables-1';
const SEEN_MS = 30_000;

/** What stands on each, once it has its data. */
const SCREENS = [
  ['stock', '/stock', 'Réception'],
  ['stock-balles', '/stock?vue=balles', 'Effilochage'],
  ['comptage', '/stock?vue=comptage', 'Stock'],
  ['expeditions', '/expeditions', 'Frip Nord (démo)'],
  ['expedition', '/expeditions/E1', 'Frip Nord (démo)'],
  ['lots', '/lots', 'Emmaüs Lillebonne (démo)'],
  ['lot', '/lots/L3', 'Emmaüs Lillebonne (démo)'],
  ['lot-tableau', '/lots/L3?vue=tableau', 'Emmaüs Lillebonne (démo)'],
  ['balle', '/balles/B1', 'Effilochage'],
  ['balle-tableau', '/balles/B1?vue=tableau', 'Emmaüs Lillebonne (démo)'],
  ['bilan', '/bilan', 'Bilan'],
  ['bilan-lots', '/bilan?par=lot', 'L3'],
  ['journee', '/journee', 'Matin'],
  ['bascules', '/bascules', 'Bascule'],
  ['partenaires', '/partenaires', 'Route 276 (démo)'],
  ['contenants', '/contenants', 'CAGE-1'],
] as const;

describe('the screens about material', () => {
  let site: Site;
  let chromium: OpenChromium;
  let desk: KioskPage;
  /** What the page said went wrong. */
  const errors: string[] = [];

  beforeAll(async () => {
    site = await startSite({
      history: 'embedded',
      profile: 'manual',
      simulatorArgs: ['--crew-within', '3600'],
    });
    const acts = materialActs(await site.signInAs('supervisor'));
    await declarePartners(acts);
    const { late, wet } = await receiveDeliveries(acts, newTally());
    await acts.act('/shifts', { team: 'Matin', posts: [{ post: 'presse', heads: 4 }] });
    await acts.act(`/lines/${LINE}/load`, { from: [`lot:${late}`, 'container:CAGE-1'] });
    for (const [outlet, netGrams] of [
      ['effilochage', 118_000],
      ['csr', 140_000],
      ['creme', 12_000],
    ] as const) {
      const weight = { how: 'typed', netGrams };
      await acts.act('/bales', { outlet, press: 'presse-1', zone: 'stock', weight });
    }
    await acts.act('/shipments', { partner: CLIENT });
    await acts.act('/shipments/E1/load', { code: 'B1' });
    await acts.act('/notes', { about: `lot:${wet}`, text: 'Bâche percée' });
    chromium = await openChromium();
    desk = await kioskPage(chromium, site, { path: '/stock', role: 'supervisor', viewport: DESK });
    desk.page.on('pageerror', (error) => errors.push(error.message));
    await desk.page.getByTestId('sign-out').waitFor();
  }, 240_000);

  afterAll(async () => {
    await chromium[Symbol.asyncDispose]();
    await site[Symbol.asyncDispose]();
  });

  it.each(SCREENS)('%s has no accessibility fault and fits a desk and a phone', async (name, path, shown) => {
    const { page } = desk;
    await page.setViewportSize(DESK);
    await page.goto(`${site.url}${path}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.getByText(shown).filter({ visible: true }).first().waitFor();
    await until('all of it', async () => (await page.locator('.notice.loading').count()) === 0, SEEN_MS);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`),
    ).toStrictEqual([]);
    await page.screenshot({ path: artefactPath(`matiere-${name}-1280x800.png`), fullPage: true });
    for (const size of [DESK, PHONE]) {
      await page.setViewportSize(size);
      const overflow = await page.evaluate<number>(
        'document.documentElement.scrollWidth - window.innerWidth',
      );
      expect([size.width, overflow]).toEqual([size.width, Math.min(overflow, 0)]);
    }
    expect(await page.locator('.notice.failed').count()).toBe(0);
    expect(errors).toEqual([]);
  });
});
