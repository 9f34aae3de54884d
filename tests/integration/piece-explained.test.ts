/** Pieces of the demo line with their real verdicts, from the station to the page and a person's word back to the ledger. */
import type { ItemExplainData, ItemRow } from '@trame/protocol/classification/item-requests';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { begun } from '../helpers/begun.ts';
import { openChromium, type OpenChromium } from '../helpers/chromium.ts';
import type { DashboardClient } from '../helpers/dashboard-client.ts';
import { deskPage, type DeskPage } from '../helpers/desk-page.ts';
import { startTrame, type Trame } from '../helpers/trame.ts';
import { until } from '../helpers/until.ts';

const ITEMS = '/api/v1/lines/tri-1/items';
const SPEED = 4;
const SORTED_BEFORE = 40;
const SEEN_MS = 120_000;
const PHONE = { width: 390, height: 844 };

describe('pieces of a line that sorts by spectra', () => {
  let trame: Trame;
  let chromium: OpenChromium;
  let supervisor: DashboardClient;
  let desk: DeskPage;

  const rowsOf = async (query: string): Promise<readonly ItemRow[]> =>
    ((await supervisor.get(`${ITEMS}?${query}`)) as { rows: ItemRow[] }).rows;
  const explain = async (id: string): Promise<ItemExplainData> =>
    (await supervisor.get(`${ITEMS}/${encodeURIComponent(id)}`)) as ItemExplainData;
  const one = async (query: string, what: string): Promise<ItemRow> =>
    until(what, async () => (await rowsOf(`limit=50&${query}`))[0] ?? false, SEEN_MS);
  const text = async (testid: string): Promise<string> => {
    const said = await desk.page.getByTestId(testid).first().innerText();
    return said.replaceAll(/[\u00A0\u202F]/gu, ' ');
  };

  beforeAll(async () => {
    trame = await begun(await startTrame({ speed: SPEED }), async (started) => {
      trame = started;
      supervisor = await trame.signInAs('supervisor');
      await until('pieces', async () => (await rowsOf('limit=50')).length >= SORTED_BEFORE, SEEN_MS);
    });
    chromium = await openChromium();
    desk = await deskPage(chromium, trame, { role: 'supervisor', path: '/pieces' });
  }, 360_000);

  afterAll(async () => {
    await chromium[Symbol.asyncDispose]();
    await trame[Symbol.asyncDispose]();
  });

  it('are listed newest first, and older ones page by page', async () => {
    const { page } = desk;
    await desk.open('/pieces', 'piece-rows');
    const ids = (): Promise<readonly string[]> =>
      page.evaluate("[...document.querySelectorAll('[data-testid=piece]')].map((row) => row.dataset.id)");
    const first = await ids();
    await page.getByTestId('older-pieces').click();
    await until('older ones', async () => (await ids()).length > first.length);
    const shown = await ids();
    expect(new Set(shown).size).toBe(shown.length);
    const numbers = shown.map((id) => Number(id.split(':')[2]));
    expect(numbers).toEqual(numbers.toSorted((a, b) => b - a));
    expect(await desk.look('pieces')).toEqual([]);
  }, 120_000);

  it('say why: the rule, the fibre with its error, each gate, the spectrum beside its class', async () => {
    const { id } = await one('reading=pure', 'a piece of one fibre');
    const told = await explain(id);
    await desk.open(`/pieces/tri-1/${encodeURIComponent(id)}`, 'piece-why');
    const rule = told.rules?.find((each) => each.id === told.item.rule);
    expect(await text('piece-why')).toContain(`« ${rule?.label ?? '?'} »`);
    const { page } = desk;
    expect(await page.locator('[data-gate]').count()).toBe(told.verdict.gates.length);
    expect(await page.locator('[data-gate][data-passed=false]').count()).toBe(0);
    expect(await page.locator('[data-part=failed]').count()).toBe(
      told.rules?.findIndex((each) => each.id === told.item.rule),
    );
    expect(await text('share-bars')).toContain(
      `± ${(told.verdict.errorPoints ?? 0).toFixed(1).replace('.', ',')}`,
    );
    for (const [testid, curves] of [
      ['spectrum-measured', 1],
      ['spectrum-shape', 3],
    ] as const) {
      const paths = page.getByTestId(testid).locator('svg').first().locator('path.curve');
      expect(await paths.count()).toBe(curves);
      expect((await paths.first().getAttribute('d'))?.length).toBeGreaterThan(500);
    }
    await page.getByTestId('spectrum-measured-table').click();
    await page.getByTestId('spectrum-measured-rows').waitFor();
    expect(await page.getByTestId('spectrum-measured-rows').locator('tbody tr').count()).toBe(
      told.spectrum?.gridNm.length,
    );
    expect(await text('piece-provenance')).toContain(
      `${told.programme?.id ?? '?'}, version ${told.programme?.version ?? 0}`,
    );
    expect(await desk.look('piece-pure')).toEqual([]);
    // What a line begins with is an example, which nobody has saved.
    const href = await page.getByTestId('to-programme').getAttribute('href');
    expect(new URL(href ?? '', trame.url).searchParams.get('exemple')).toBe(told.programme?.id);
    await page.setViewportSize(PHONE);
    expect(await page.evaluate('document.documentElement.scrollWidth - window.innerWidth')).toBe(0);
    await page.setViewportSize({ width: 1280, height: 800 });
  }, 120_000);

  it.each([
    ['blend', 'une seule fibre'],
    ['see-through', 'le fond'],
  ])(
    'say where a reading as %s stopped',
    async (reading, asked) => {
      const { id } = await one(`reading=${reading}`, `a piece read as ${reading}`);
      await desk.open(`/pieces/tri-1/${encodeURIComponent(id)}`, 'piece-refusal');
      const stopped = await desk.page.locator('[data-gate][data-passed=false]').innerText();
      expect(stopped).toContain(asked);
      expect(await desk.look(`piece-${reading}`)).toEqual([]);
    },
    150_000,
  );

  it("take a person's word, once, with a reason; the verdict stays beside it", async () => {
    const { id, outlet } = await one('reading=pure', 'a piece of one fibre');
    const to = outlet === 'essuyage' ? 'csr' : 'essuyage';
    const { page } = desk;
    await desk.open(`/pieces/tri-1/${encodeURIComponent(id)}`, 'change-outlet');
    await page.getByTestId('change-outlet').click();
    await page.getByTestId(`to-${to}`).click();
    await page.getByTestId('reason-seen-by-hand').check();
    await page.getByTestId('override-note').fill('Éponge bouclée');
    await page.getByTestId('override-submit').click();
    await page.getByTestId('override-form').waitFor({ state: 'detached' });
    expect(await text('override-said')).toContain('Noté');
    await page.getByTestId('override').waitFor();
    expect(await text('override')).toContain('Éponge bouclée');
    const told = await explain(id);
    expect(told.overrides).toMatchObject([
      { from: outlet, to, reason: 'seen-by-hand', note: 'Éponge bouclée' },
    ]);
    expect(told.item).toMatchObject({ outlet, overrides: 1, overriddenTo: to });
    expect(await page.locator('[data-testid=piece-outlet] [data-outlet]').getAttribute('data-outlet')).toBe(
      to,
    );
    expect(await page.getByTestId('piece-overridden').count()).toBe(1);
  }, 120_000);

  it('say so when a line does not keep them', async () => {
    await desk.page.goto(`${trame.url}/pieces/tri-1/nir:00000000:1`);
    await desk.page.getByText('ne garde plus cette pièce').waitFor();
    expect(desk.errors).toEqual([]);
  });
});
