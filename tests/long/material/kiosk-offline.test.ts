/** Bales logged at a kiosk while the server or the edge is away, in two tabs, through reloads: each arrives once. */
import type { BaleRow } from '@trame/protocol/material/material-answers';
import { isMaterialType } from '@trame/protocol/material/material-payloads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { artefactPath, openChromium, type OpenChromium } from '../../helpers/chromium.ts';
import { kioskPage, type KioskPage } from '../../helpers/kiosk-page.ts';
import { materialActs } from '../../helpers/material-acts.ts';
import { exportLedger } from '../../helpers/site-commands.ts';
import { startSite, type Site } from '../../helpers/site.ts';
import { until } from '../../helpers/until.ts';

/** Without usual range: no weight of it is asked about. */
const OUTLET = 'elimination';
const SEEN_MS = 60_000;
const ARRIVED_MS = 120_000;

function kilograms(from: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_none, index) => from + index);
}

/** What the server has when each of these was logged once. */
function gramsOf(kg: readonly number[]): readonly number[] {
  return kg.map((one) => one * 1_000);
}

function shows({ page }: KioskPage, state: string): Promise<void> {
  return page.locator(`[data-testid="kiosk-scale"][data-state="${state}"]`).waitFor({ timeout: SEEN_MS });
}

async function waitingOn({ page }: KioskPage): Promise<number> {
  return Number(await page.getByTestId('outbox-waiting').getAttribute('data-value'));
}

function waits(kiosk: KioskPage, count: number, timeoutMs = SEEN_MS): Promise<true> {
  return until(`${count} that wait`, async () => (await waitingOn(kiosk)) === count, timeoutMs);
}

/** Types the figure of the indicator, which nobody else reads now. */
async function log(kiosk: KioskPage, kg: readonly number[]): Promise<void> {
  await kiosk.page.bringToFront();
  for (const one of kg) {
    await kiosk.touch(`tile-${OUTLET}`);
    await kiosk.type(String(one));
    await kiosk.touch('validate');
  }
}

describe('a kiosk whose bales cannot be sent', () => {
  let site: Site;
  let chromium: OpenChromium;
  let first: KioskPage;
  let second: KioskPage;

  beforeAll(async () => {
    site = await startSite({
      history: 'embedded',
      profile: 'manual',
      simulatorArgs: ['--crew-within', '3600'],
    });
    chromium = await openChromium();
    first = await kioskPage(chromium, site, { path: '/borne/balle' });
    await shows(first, 'empty');
    second = await first.tab('/borne/balle');
    await shows(second, 'empty');
  }, 240_000);

  afterAll(async () => {
    await chromium[Symbol.asyncDispose]();
    await site[Symbol.asyncDispose]();
  });

  /** Net grams of every bale that the server has, and of every weighing in the ledger of the edge. */
  async function logged(): Promise<{ readonly server: readonly number[]; readonly edge: readonly number[] }> {
    const rows = await materialActs(await site.signInAs('supervisor')).rows<BaleRow>('/bales');
    const events = (await exportLedger(site)).filter(({ type }) => isMaterialType(type));
    const weighed = events.filter(({ type }) => type === 'output.weighed');
    return {
      server: rows.map(({ netGrams }) => netGrams ?? 0).toSorted((a, b) => a - b),
      edge: weighed
        .map(({ payload }) => (payload as { netGrams: number }).netGrams)
        .toSorted((a, b) => a - b),
    };
  }

  it('keeps thirty of two tabs while the server is away, through a reload in vain, and sends each once', async () => {
    await site.server.kill();
    await Promise.all([shows(first, 'unlinked'), shows(second, 'unlinked')]);
    await log(first, kilograms(10, 15));
    await log(second, kilograms(25, 15));
    await waits(second, 30);
    await waits(first, 30);
    await second.page.screenshot({ path: artefactPath('borne-balle-deux-onglets.png') });
    // Nobody answers: the page is gone, what it kept is not.
    const reloaded = await first.page.reload().catch((error: Error) => error);
    expect(reloaded).toBeInstanceOf(Error);

    site.server.start();
    await until(
      'the page again',
      async () => (await first.page.goto(`${site.url}/borne/balle`))?.ok(),
      SEEN_MS,
    );
    await waits(first, 0, ARRIVED_MS);
    await waits(second, 0, ARRIVED_MS);
    const expected = gramsOf(kilograms(10, 30));
    expect(await logged()).toEqual({ server: expected, edge: expected });
  }, 300_000);

  it('keeps thirty while the edge is away, through a reload in the middle, and sends each once', async () => {
    await Promise.all([shows(first, 'empty'), shows(second, 'empty')]);
    await site.edge.kill();
    await shows(first, 'unlinked');
    await log(first, kilograms(40, 15));
    await waits(first, 15);
    await first.page.reload();
    await shows(first, 'unlinked');
    await waits(first, 15);
    await log(first, kilograms(55, 15));
    await waits(first, 30);
    // The second tab sends too, once the first is closed.
    await first.page.close();
    site.edge.start();
    await waits(second, 0, ARRIVED_MS);
    const expected = gramsOf(kilograms(10, 60));
    expect(await logged()).toEqual({ server: expected, edge: expected });
  }, 300_000);
});
