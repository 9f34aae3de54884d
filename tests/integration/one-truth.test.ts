import { AxeBuilder } from '@axe-core/playwright';
import type { TonnageAnswer } from '@trame/protocol/dashboard-api';
import type { LiveLine } from '@trame/protocol/live-state';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { artefactPath, openChromium, type OpenChromium } from '../helpers/chromium.ts';
import { demoAccount, type DashboardClient } from '../helpers/dashboard-client.ts';
import type { Truth } from '../helpers/simulation-control.ts';
import { startTrame, type Trame } from '../helpers/trame.ts';
import { until } from '../helpers/until.ts';

const LINE = 'tri-1';
/** Enough has fallen for every figure to mean something. */
const ENOUGH_KG = 60;

const grams = (kg: number) => Math.round(kg * 1000);

describe('what the simulator knows, the interface tells and the page shows is one', () => {
  let trame: Trame;
  let supervisor: DashboardClient;
  let chromium: OpenChromium;
  let truth: Truth;

  beforeAll(async () => {
    trame = await startTrame({ speed: 30 });
    supervisor = await trame.signInAs('supervisor');
    chromium = await openChromium();
    await until(
      'enough sorted material',
      async () => outputKg(await trame.simulation.truth()) > ENOUGH_KG,
      60_000,
    );
    // An emergency stop freezes the line, so that all can be compared to the gram.
    await trame.simulation.addFault({ kind: 'estop', target: 'line' });
    truth = await until(
      'a line that stands still',
      async () => {
        const before = await trame.simulation.truth();
        await new Promise((resolve) => setTimeout(resolve, 1500));
        const after = await trame.simulation.truth();
        return outputKg(before) === outputKg(after) && after;
      },
      30_000,
    );
  }, 240_000);

  afterAll(async () => {
    await chromium[Symbol.asyncDispose]();
    await trame[Symbol.asyncDispose]();
  });

  const tonnage = async (query = 'by=outlet') =>
    (await supervisor.get(`/api/v1/tonnage?${query}`)) as TonnageAnswer;

  it('in the simulator: what went in is what came out, lies on the line or dried away', () => {
    expect(grams(truth.inputKg)).toBe(
      Object.values(truth.outputKg).reduce((sum, kg) => sum + grams(kg), 0) +
        grams(truth.onLineKg) +
        grams(truth.waterLossKg),
    );
  });

  it('in the interface: tonnes per outlet equal the kilograms that fell, to the gram', async () => {
    const expected = Object.fromEntries(
      Object.entries(truth.outputKg)
        .map(([outlet, kg]) => [outlet, grams(kg)] as const)
        .filter(([, g]) => g > 0),
    );
    const answer = await until('the last grams', async () => {
      const now = await tonnage();
      return Math.round(now.total.t * 1e6) === grams(outputKg(truth)) && now;
    });
    const told = Object.fromEntries(
      answer.rows.map((row) => [row.key, Math.round(row.t * 1e6)] as const).filter(([, g]) => g > 0),
    );
    expect(told).toStrictEqual(expected);
    expect(answer.total.GJ).toBeGreaterThan(0);
  });

  it('however it is cut: by day, month, line, site, material and collector the total is the same', async () => {
    const total = (await tonnage()).total.t;
    for (const by of ['day', 'month', 'line', 'site', 'material', 'collector', 'commune']) {
      const answer = await tonnage(`by=${by}`);
      expect([by, answer.total.t]).toStrictEqual([by, total]);
      expect(answer.rows.reduce((sum, row) => sum + row.t, 0)).toBeCloseTo(total, 9);
    }
  });

  it('in the live picture: totals of the edge equal the truth', async () => {
    const line = (await supervisor.get(`/api/v1/lines/${LINE}`)) as LiveLine;
    const tags = line.devices['line']?.tags ?? {};
    for (const [outlet, kg] of Object.entries(truth.outputKg)) {
      expect([outlet, tags[`outlet.${outlet}.total`]?.value]).toStrictEqual([outlet, grams(kg)]);
    }
    expect(tags['input.total']?.value).toBe(grams(truth.inputKg));
  });

  it('in the history: the last sample of a total is the truth', async () => {
    const outlet = 'reemploi';
    const answer = (await supervisor.get(
      `/api/v1/history?tag=${LINE}/line/outlet.${outlet}.total&from=${Date.now() - 600_000}&to=${Date.now() + 1000}&every=raw`,
    )) as { points: { value: number | null }[] };
    expect(answer.points.at(-1)?.value).toBe(grams(truth.outputKg[outlet] ?? 0));
  });

  it('on the page: each outlet shows the tonnes of the interface, and nothing is stale', async () => {
    await using context = await newContext(chromium, { width: 1920, height: 1080 });
    const page = await openLine(context, trame);
    for (const [outlet, kg] of Object.entries(truth.outputKg)) {
      const shown = page.getByTestId(`tonnage-${outlet}`);
      expect(Math.round(Number(await shown.getAttribute('data-value')) * 1e6)).toBe(grams(kg));
      expect(await shown.getAttribute('data-quality')).toBe('good');
    }
    expect(await page.getByTestId('demo-mark').isVisible()).toBe(true);
    await page.screenshot({ path: artefactPath('line-1920x1080.png') });
  });

  it.each([
    { name: '1280x800-dark', width: 1280, height: 800, colorScheme: 'dark' as const },
    { name: '390x844', width: 390, height: 844, colorScheme: 'light' as const },
    { name: '1920x1080-light', width: 1920, height: 1080, colorScheme: 'light' as const },
  ])('the page has no accessibility fault and no sideways scroll at $name', async (view) => {
    await using context = await newContext(chromium, view);
    const page = await openLine(context, trame);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`),
    ).toStrictEqual([]);
    const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
    expect(overflow).toBeLessThanOrEqual(0);
    await page.screenshot({ path: artefactPath(`line-${view.name}.png`), fullPage: true });
  });

  it('the sign-in page has no accessibility fault', async () => {
    await using context = await newContext(chromium, { width: 1280, height: 800 });
    const page = await context.page();
    await page.goto(trame.url);
    await page.getByTestId('sign-in-login').waitFor();
    expect((await new AxeBuilder({ page }).analyze()).violations).toStrictEqual([]);
    await page.screenshot({ path: artefactPath('sign-in.png') });
  });

  it('the region reads tonnage but not the line; a trainee sees no real line', async () => {
    const region = await trame.signInAs('region');
    expect(((await region.get('/api/v1/tonnage?by=outlet')) as TonnageAnswer).rows.length).toBeGreaterThan(0);
    expect((await region.request('/api/v1/live')).status).toBe(403);
    const trainee = await trame.signInAs('trainee');
    expect((await trainee.request(`/api/v1/lines/${LINE}`)).status).toBe(403);
    expect((await fetch(`${trame.url}/api/v1/lines`)).status).toBe(401);
  });
});

function outputKg(truth: Truth): number {
  return Object.values(truth.outputKg).reduce((sum, kg) => sum + grams(kg), 0) / 1000;
}

interface View {
  readonly width: number;
  readonly height: number;
  readonly colorScheme?: 'light' | 'dark';
}

/** A browser profile of its own, closed at the end. */
async function newContext(
  chromium: OpenChromium,
  { width, height, colorScheme = 'light' }: View,
): Promise<AsyncDisposable & { readonly page: () => Promise<Page>; readonly context: BrowserContext }> {
  const context = await chromium.browser.newContext({
    viewport: { width, height },
    colorScheme,
    locale: 'fr-FR',
  });
  return { context, page: () => context.newPage(), [Symbol.asyncDispose]: () => context.close() };
}

/** Signs in as a person does, and waits until the line is drawn with live numbers. */
async function openLine(context: { readonly page: () => Promise<Page> }, trame: Trame): Promise<Page> {
  const page = await context.page();
  await page.goto(trame.url);
  const { login, secret } = demoAccount(trame.dataDir, 'supervisor');
  await page.getByTestId('sign-in-login').fill(login);
  await page.getByTestId('sign-in-secret').fill(secret);
  await page.getByTestId('sign-in-submit').click();
  await page.getByTestId('station-hopper').waitFor();
  await page.locator('[data-testid="line-freshness"][data-kind="live"]').waitFor();
  await page.getByTestId('tonnage-total').waitFor();
  return page;
}
