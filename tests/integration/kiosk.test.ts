/** The kiosks in a real browser, by touch, over a whole site of hands: server, broker, edge and a simulated scale. */
import { AxeBuilder } from '@axe-core/playwright';
import type { BaleRow, LotRow } from '@trame/protocol/material/material-answers';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { artefactPath, openChromium, type OpenChromium } from '../helpers/chromium.ts';
import { demoAccount } from '../helpers/dashboard-client.ts';
import { materialActs, type MaterialActs } from '../helpers/material-acts.ts';
import { handsOf, type Hands } from '../helpers/material-hands.ts';
import { startSite, type Site } from '../helpers/site.ts';
import { until } from '../helpers/until.ts';

const SEEN_MS = 30_000;
const MM_PER_INCH = 25.4;
const TALL = { width: 1280, height: 800 };
const SHORT = { width: 1024, height: 600 };

describe('the kiosks', () => {
  let site: Site;
  let chromium: OpenChromium;
  let context: BrowserContext;
  let page: Page;
  let hands: Hands;
  let acts: MaterialActs;
  /** Touches since the last reset. */
  let touches = 0;

  beforeAll(async () => {
    site = await startSite({ history: 'embedded', profile: 'manual', speed: 10 });
    hands = handsOf(site.ports.sim);
    await hands.lead();
    acts = materialActs(await site.signInAs('supervisor'));
    chromium = await openChromium();
    await acts.act('/partners', {
      partner: 'emmaus',
      role: 'collector',
      name: 'Emmaüs Bolbec',
      points: [{ point: 'mairie', name: 'Mairie' }],
    });
    ({ context, page } = await signedIn('/borne/balle', TALL));
  }, 240_000);

  afterAll(async () => {
    await chromium[Symbol.asyncDispose]();
    await site[Symbol.asyncDispose]();
  });

  beforeEach(() => {
    touches = 0;
  });

  async function signIn(on: Page): Promise<void> {
    const { login, secret } = demoAccount(site.dataDir, 'operator');
    await on.getByTestId('sign-in-login').fill(login);
    await on.getByTestId('sign-in-secret').fill(secret);
    await on.getByTestId('sign-in-submit').click();
  }

  async function signedIn(
    path: string,
    viewport: { readonly width: number; readonly height: number },
  ): Promise<{ context: BrowserContext; page: Page }> {
    const opened = await chromium.browser.newContext({
      viewport,
      hasTouch: true,
      locale: 'fr-FR',
      timezoneId: 'Europe/Paris',
    });
    const view = await opened.newPage();
    await view.goto(`${site.url}${path}`);
    await signIn(view);
    await view.getByTestId('kiosk-leave').waitFor();
    return { context: opened, page: view };
  }

  async function touch(testid: string, on: Page = page): Promise<void> {
    touches += 1;
    await on.getByTestId(testid).tap();
  }

  async function type(digits: string, on: Page = page): Promise<void> {
    for (const digit of digits) await touch(`key-${digit}`, on);
  }

  const bales = () => acts.rows<BaleRow>('/bales');
  const waiting = async (): Promise<number> =>
    Number(await page.getByTestId('outbox-waiting').getAttribute('data-value'));
  const sent = () => until('nothing waits any more', async () => (await waiting()) === 0, 60_000);
  /** Codes of what the server has refused. */
  const refusals = async (): Promise<readonly (string | null)[]> => {
    await page.getByTestId('outbox-open').tap();
    const codes = await page
      .getByTestId('refused-entry')
      .evaluateAll((entries) => entries.map((entry) => entry.getAttribute('data-code')));
    await page.getByTestId('outbox-close').tap();
    return codes;
  };
  /** As when somebody trips over the cable of the server: the scale has no link, and nothing is sent. */
  const cutServer = async (): Promise<void> => {
    await site.server.kill();
    await page.locator('[data-testid="kiosk-scale"][data-state="unlinked"]').waitFor({ timeout: 60_000 });
  };
  const shown = async (state: string): Promise<number> => {
    const badge = page.locator(`[data-testid="kiosk-scale"][data-state="${state}"]`);
    await badge.waitFor({ timeout: SEEN_MS });
    return Number(await badge.getAttribute('data-value'));
  };

  /** Puts an output that the hands have made on the platform, and waits until the kiosk shows it. */
  async function putOutputOn(): Promise<{ outlet: string; grams: number }> {
    const output = await hands.finished();
    await hands.carry('put-on-scale', { what: output.id });
    const grams = await shown('stable');
    return { outlet: output.outlet, grams };
  }

  async function clearScale(): Promise<void> {
    await hands.carry('take-off', { to: 'in' });
    await shown('empty');
  }

  it('a bale is two touches: the weight of the scale, claimed by its event', async () => {
    const { outlet, grams } = await putOutputOn();
    // The kiosk finds the weighing while the hand is still on its way.
    await until(
      'the weighing in the records',
      async () => {
        const { rows } = await acts.read<{ rows: { grossGrams: number | null }[] }>(
          '/weighings?unclaimed=true&limit=5',
        );
        return rows.some(({ grossGrams }) => grossGrams === grams);
      },
      SEEN_MS,
    );
    await page.waitForTimeout(2_500);
    touches = 0;
    await touch(`tile-${outlet}`);
    await touch('validate');
    expect(touches).toBe(2);
    await page.getByTestId('confirm').waitFor();
    await page.screenshot({ path: artefactPath('borne-balle-enregistre.png') });
    await sent();
    const [bale] = await bales();
    expect(bale).toMatchObject({ outlet, grossGrams: grams, weightHow: 'scale', status: 'stock' });
    await until(
      'the number of the last bale',
      async () => (await page.getByTestId('last-bale').getAttribute('data-value')) === String(bale?.number),
      SEEN_MS,
    );
    // The same load is not logged again, neither by touch nor after a reload.
    await touch(`tile-${outlet}`);
    await touch('validate');
    await page.reload();
    await shown('stable');
    await page.waitForTimeout(1_000);
    await touch(`tile-${outlet}`);
    await page.keyboard.press('Enter');
    expect(await page.getByTestId('kiosk-message').textContent()).toContain('déjà enregistrée');
    expect(await bales()).toHaveLength(1);
    await clearScale();
  }, 120_000);

  it('ANNULER makes a void event; the wired button is VALIDER; a foreign barcode is told in words', async () => {
    const { outlet } = await putOutputOn();
    await touch(`tile-${outlet}`);
    // One touch gave the choice; the wired button is an Enter.
    await page.keyboard.press('Enter');
    await page.getByTestId('confirm').waitFor();
    await sent();
    const before = await bales();
    expect(before).toHaveLength(2);
    await page.keyboard.type('4006381333931', { delay: 5 });
    await page.keyboard.press('Enter');
    expect(await page.getByTestId('kiosk-message').textContent()).toContain('EAN');
    await touch('void');
    await touch('void-yes');
    await sent();
    await until(
      'the bale is voided',
      async () => {
        const [last] = await bales();
        return last?.status === 'voided';
      },
      SEEN_MS,
    );
    await clearScale();
  }, 120_000);

  it('thirty bales logged while the server is away arrive once each, with their own times', async () => {
    const known = new Set((await bales()).map(({ id }) => id));
    await cutServer();
    const from = Date.now();
    for (let index = 0; index < 30; index += 1) {
      await touch('tile-elimination');
      await type(String(101 + index));
      await touch('validate');
    }
    const to = Date.now();
    await until('thirty wait', async () => (await waiting()) === 30, SEEN_MS);
    await page.screenshot({ path: artefactPath('borne-balle-hors-ligne.png') });
    // The first answers are lost on their way: the server has recorded them, and is asked again.
    let lost = 0;
    await page.route('**/api/v1/bales', async (route) => {
      if (route.request().method() !== 'POST' || lost >= 3) return route.fallback();
      lost += 1;
      await route.fetch().catch(() => undefined);
      return route.abort();
    });
    site.server.start();
    await until('all thirty are answered', async () => (await waiting()) === 0, 120_000);
    await page.unroute('**/api/v1/bales');
    expect(await refusals()).toEqual([]);
    acts = materialActs(await site.signInAs('supervisor'));
    const fresh = (await bales()).filter(({ id }) => !known.has(id));
    expect(fresh.map(({ grossGrams }) => grossGrams).toSorted((a, b) => (a ?? 0) - (b ?? 0))).toEqual(
      Array.from({ length: 30 }, (_none, index) => (101 + index) * 1_000),
    );
    expect(fresh.every(({ weightHow }) => weightHow === 'typed')).toBe(true);
    // Server time as the page knew it: within seconds of this machine's.
    expect(fresh.every(({ startedAt }) => startedAt > from - 10_000 && startedAt < to + 10_000)).toBe(true);
    expect(lost).toBeGreaterThan(0);
  }, 300_000);

  it('a refusal stays in sight with words and what to do; a session that ended loses nothing', async () => {
    await shown('empty');
    await cutServer();
    await touch('tile-creme');
    await type('1');
    await touch('validate');
    await touch('validate');
    await until('it waits', async () => (await waiting()) === 1, SEEN_MS);
    site.server.start();
    await page.getByTestId('outbox-refused').waitFor({ timeout: 60_000 });
    await touch('outbox-open');
    const refused = page.getByTestId('refused-entry');
    expect(await refused.getAttribute('data-code')).toBe('tare-above-gross');
    expect(await refused.textContent()).toContain('pesez encore');
    await page.screenshot({ path: artefactPath('borne-balle-a-corriger.png') });
    await touch('entry-discard');
    await touch('entry-discard-yes');
    await touch('outbox-close');
    expect(await page.getByTestId('outbox-refused').count()).toBe(0);

    acts = materialActs(await site.signInAs('supervisor'));
    const before = (await bales()).length;
    await cutServer();
    await touch('tile-elimination');
    await type('77');
    await touch('validate');
    await context.clearCookies();
    site.server.start();
    await page.getByTestId('sign-in-login').waitFor({ timeout: 60_000 });
    expect(await page.getByTestId('outbox-kept').getAttribute('data-value')).toBe('1');
    await signIn(page);
    await page.getByTestId('kiosk-leave').waitFor();
    await sent();
    acts = materialActs(await site.signInAs('supervisor'));
    expect(await bales()).toHaveLength(before + 1);
  }, 240_000);

  it('a delivery of a known collector with one container is received in at most eight touches', async () => {
    const delivery = await until(
      'a truck at the gate',
      async () => (await hands.view()).deliveries.find(({ containers }) => containers.length > 0),
      120_000,
    );
    const container = delivery.containers[0];
    if (container === undefined) throw new Error('a truck without containers');
    const tareGrams = Math.round(container.tareKg * 1_000);
    await acts.act('/containers', { container: container.id, kind: container.kind, tareGrams });
    await hands.carry('put-on-scale', { what: container.id });
    await page.goto(`${site.url}/borne/reception`);
    const grams = await shown('stable');
    await page.getByTestId('collector-emmaus').waitFor();
    touches = 0;
    const startedAt = Date.now();
    await touch('collector-emmaus');
    await touch(`container-${container.id}`);
    await page.screenshot({ path: artefactPath('borne-reception.png') });
    await touch('weigh');
    await touch('receive');
    await page.getByTestId('confirm').waitFor();
    expect(touches).toBeLessThanOrEqual(8);
    expect(Date.now() - startedAt).toBeLessThan(60_000);
    await sent();
    const lots = await acts.rows<LotRow>('/lots');
    expect(lots[0]).toMatchObject({
      collector: 'emmaus',
      receivedGrams: grams - tareGrams,
      skimming: 'original',
      legalStatus: 'waste',
      condition: 'dry',
    });
    await clearScale();
  }, 240_000);

  it('a row of a paper sheet is copied with its own time, and only once', async () => {
    await page.goto(`${site.url}/papier`);
    const row = async (weight: string) => {
      await page.getByTestId('paper-sheet').fill('12');
      await page.getByTestId('paper-row').fill('7');
      await page.getByTestId('paper-time').fill('00:00');
      await page.getByTestId('paper-outlet').selectOption('essuyage');
      await page.getByTestId('paper-weight').fill(weight);
      await page.getByTestId('paper-add').click();
    };
    await row('abc');
    expect(await page.getByTestId('paper-failure').textContent()).toContain('pas un nombre');
    await row('120,5');
    await page.getByTestId('paper-done').getByText('12-07').waitFor();
    await sent();
    const copied = (await bales()).find(({ sheet }) => sheet === '12-07');
    expect(copied).toMatchObject({ outlet: 'essuyage', grossGrams: 120_500, weightHow: 'paper' });
    const midnight = await page.evaluate<number>('new Date().setHours(0, 0, 0, 0)');
    expect(copied?.startedAt).toBe(midnight);
    await row('120,5');
    expect(await page.getByTestId('paper-failure').textContent()).toContain('déjà recopiée');
    expect((await bales()).filter(({ sheet }) => sheet === '12-07')).toHaveLength(1);
  }, 120_000);

  it.each([
    { name: 'borne-balle-1280x800', path: '/borne/balle', size: TALL },
    { name: 'borne-balle-1024x600', path: '/borne/balle', size: SHORT },
    { name: 'borne-reception-1024x600', path: '/borne/reception', size: SHORT },
    { name: 'papier-1280x800', path: '/papier', size: TALL },
    { name: 'papier-feuilles-1280x800', path: '/papier?vue=feuilles', size: TALL },
    { name: 'redemarrage-1280x800', path: '/redemarrage', size: TALL },
  ])('$name is without accessibility fault and does not scroll sideways', async ({ name, path, size }) => {
    await page.setViewportSize(size);
    await page.goto(`${site.url}${path}`);
    await page.getByTestId('kiosk-leave').or(page.getByTestId('sign-out')).waitFor();
    await page.waitForTimeout(1_500);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`),
    ).toStrictEqual([]);
    const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
    expect(overflow).toBeLessThanOrEqual(0);
    await page.screenshot({ path: artefactPath(`${name}.png`) });
  });

  it('tiles are at least 40 mm, keys 25 mm and gaps 5 mm on the glass, whatever the screen', async () => {
    await page.setViewportSize({ width: 1920, height: 1080 });
    const dpi = 141;
    const mm = dpi / MM_PER_INCH;
    await page.goto(`${site.url}/borne/balle?dpi=${dpi}`);
    const box = async (testid: string) => {
      const found = await page.getByTestId(testid).boundingBox();
      if (found === null) throw new Error(`${testid} is not to be seen`);
      return found;
    };
    await page.getByTestId('tile-creme').waitFor();
    const [first, second] = [await box('tile-creme'), await box('tile-reemploi')];
    expect(Math.min(first.width, first.height)).toBeGreaterThanOrEqual(40 * mm - 0.5);
    expect(second.x - first.x - first.width).toBeGreaterThanOrEqual(5 * mm - 0.5);
    const validate = await box('validate');
    expect(Math.min(validate.width, validate.height)).toBeGreaterThanOrEqual(25 * mm - 0.5);
    await cutServer();
    await touch('tile-creme');
    const key = await box('key-7');
    expect(Math.min(key.width, key.height)).toBeGreaterThanOrEqual(25 * mm - 0.5);
    await page.screenshot({ path: artefactPath('borne-balle-clavier.png') });
    site.server.start();
    await shown('empty');
    // A short screen of the usual density: every key is on it, none has to be scrolled to.
    await page.setViewportSize(SHORT);
    await page.goto(`${site.url}/borne/balle`);
    await shown('empty');
    await cutServer();
    await touch('tile-creme');
    for (const testid of ['key-7', 'key-comma', 'key-back', 'validate', 'keypad-close']) {
      const { y, height } = await box(testid);
      expect(y + height).toBeLessThanOrEqual(SHORT.height);
    }
    await page.screenshot({ path: artefactPath('borne-balle-clavier-1024x600.png') });
    site.server.start();
    await shown('empty');
  }, 240_000);
});
