/**
 * What outlets and outputs are made of, on a site as it stands that sorts by spectra: what the page says is held against the
 * interface; an audit gives its outlet a rate with an interval, and what is measured of an output changes its dry mass.
 */
import type {
  AuditRow,
  FractionRow,
  LotClass,
  OutputComposition,
} from '@trame/protocol/classification/classification-answers';
import type { BaleAnswer } from '@trame/protocol/material/material-answers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openChromium, type OpenChromium } from '../helpers/chromium.ts';
import { deskPage, type DeskPage } from '../helpers/desk-page.ts';
import { materialActs, type MaterialActs } from '../helpers/material-acts.ts';
import { startSite, type Site } from '../helpers/site.ts';
import { LINE } from '../helpers/standstill.ts';
import { until } from '../helpers/until.ts';

/** Pieces that make a composition worth looking at. */
const PIECES = 100;
/** What the audit looks through: a sample of more than there is would be questioned. */
const SAMPLE_G = 40_000;
const SORTED_MS = 150_000;
const SEEN_MS = 30_000;

describe('what is told of outlets and outputs', () => {
  let site: Site;
  let chromium: OpenChromium;
  let acts: MaterialActs;
  let desk: DeskPage;
  /** Outlet with most pieces. */
  let outlet: string;

  const rowsOf = async <Row>(path: string) => (await acts.read<{ readonly rows: readonly Row[] }>(path)).rows;
  const fractions = () => rowsOf<FractionRow>(`/fractions?line=${LINE}`);
  const audits = () => rowsOf<AuditRow>(`/audits?line=${LINE}`);
  const attribute = (testId: string, name: string) =>
    desk.page.getByTestId(testId).first().getAttribute(name);
  const words = async (testId: string): Promise<string> =>
    ((await desk.page.getByTestId(testId).textContent()) ?? '').replaceAll(/\s+/gu, ' ');

  beforeAll(async () => {
    site = await startSite({
      history: 'embedded',
      profile: 'automatic',
      sorts: true,
      speed: 10,
      simulatorArgs: ['--no-incidents', '--crew-within', '1'],
    });
    acts = materialActs(await site.signInAs('supervisor'));
    const most = await until(
      `an outlet with ${PIECES} pieces`,
      async () => (await fractions()).find(isKnown),
      SORTED_MS,
    );
    ({ outlet } = most);
    chromium = await openChromium();
    desk = await deskPage(chromium, site, { role: 'supervisor', path: '/fractions' });
  }, 300_000);

  afterEach(() => {
    if (desk.errors.length > 0) throw new Error(desk.errors.join(' | '));
  });

  afterAll(async () => {
    await chromium?.[Symbol.asyncDispose]();
    await site?.[Symbol.asyncDispose]();
  });

  it('shows of each outlet the kilograms and the shares that the interface tells', async () => {
    await desk.open('/fractions', `fraction-${outlet}`);
    const told = await until(
      'the same kilograms on the page as in the answer',
      async () => {
        const row = (await fractions()).find((one) => one.outlet === outlet);
        await desk.page.reload();
        const card = desk.page.getByTestId(`fraction-${outlet}`);
        await card.waitFor();
        const shown = await card.getByTestId('fraction-kg').getAttribute('data-value');
        return row !== undefined && Number(shown) === row.grams && row;
      },
      SORTED_MS,
    );
    const shown = await desk.page
      .getByTestId(`fraction-${outlet}`)
      .locator('li[data-fibre]')
      .evaluateAll((items) =>
        items.map((item) => [item.getAttribute('data-fibre'), Number(item.getAttribute('data-percent'))]),
      );
    expect(shown).toEqual(told.composition.shares.map(({ fibre, percent }) => [fibre, percent]));
    const whole = told.composition.shares.reduce((sum, { percent }) => sum + percent, 0);
    expect(whole).toBeCloseTo(100, 6);
    expect(await words(`fraction-${outlet}`)).toContain('5 % supposés');
    expect(await desk.look('14-compositions')).toEqual([]);
    await desk.open('/fractions?vue=tableau', 'fractions');
    expect(await desk.look('15-compositions-tableau')).toEqual([]);
  });

  it('gives an outlet that was audited a rate with an interval, there and in its composition', async () => {
    const { page } = desk;
    await until(
      'as much in the outlet as is looked through',
      async () => (await fractions()).some((one) => one.outlet === outlet && one.grams >= SAMPLE_G),
      SORTED_MS,
    );
    await desk.open('/audits', `audit-note-${outlet}`);
    const other = (await fractions()).find((one) => one.outlet !== outlet)?.outlet ?? 'csr';
    await page.getByTestId(`audit-note-${outlet}`).click();
    await page.getByTestId('field-sampled').fill(String(SAMPLE_G / 1_000));
    await page.getByTestId(`field-misplaced ${other}`).fill('1,6');
    await page.getByTestId('act-submit').click();
    await page.getByTestId(`audit-${outlet}`).waitFor({ timeout: SEEN_MS });
    const [row] = await audits();
    expect(row).toMatchObject({ outlet, misplaced: [{ outlet: other, grams: 1_600 }] });
    const { error } = row as AuditRow;
    expect(error).toMatchObject({ audits: 1, sampledGrams: SAMPLE_G, misplacedGrams: 1_600, percent: 4 });
    expect(error.lowPercent).toBeLessThan(4);
    expect(error.highPercent).toBeGreaterThan(4);
    const shown = page.getByTestId(`audit-${outlet}`);
    expect(await shown.locator('[data-low]').getAttribute('data-high')).toBe(String(error.highPercent));
    expect(await attribute(`plan-${outlet}`, 'data-testid')).not.toBeNull();
    expect(await desk.look('16-audits')).toEqual([]);
    await desk.open('/fractions', `fraction-${outlet}`);
    const card = () => words(`fraction-${outlet}`);
    await until(
      'the audit in the composition',
      async () => (await card()).includes('1 audit, 40 kg'),
      SEEN_MS,
    );
  });

  it('forgets an audit that is taken back with a reason', async () => {
    const { page } = desk;
    await desk.open('/audits', `noted-${outlet}`);
    await page.getByTestId(`noted-${outlet}`).getByRole('button').click();
    await page.getByTestId('field-reason').fill('Masse lue sur la mauvaise bascule');
    await page.getByTestId('act-submit').click();
    await page.getByTestId(`noted-${outlet}`).waitFor({ state: 'detached', timeout: SEEN_MS });
    expect(await audits()).toEqual([]);
  });

  it('weighs an output dry by what was measured of it', async () => {
    const { id } = await acts.act('/bales', {
      line: LINE,
      outlet,
      unusual: true,
      packagingGrams: 900,
      weight: { how: 'typed', grossGrams: 20_900 },
    });
    const { bale } = await acts.read<BaleAnswer>(`/bales/${id}`);
    const before = await acts.read<OutputComposition>(`/bales/${bale.id}/composition`);
    const { page } = desk;
    await desk.open(`/balles/${bale.id}`, 'composition-facts');
    await page.getByTestId('bale-examine').click();
    await page.getByTestId('field-moisture').fill('20');
    await page.getByTestId('field-grade').selectOption('material');
    await page.getByTestId('act-submit').click();
    await until(
      'the moisture on the page',
      async () => (await words('composition-facts')).includes('20 % (mesurée)'),
      SEEN_MS,
    );
    const after = await acts.read<OutputComposition>(`/bales/${bale.id}/composition`);
    expect(after).toMatchObject({ moisturePercent: 20, moistureSource: 'measured', grade: 'material' });
    expect(after.dryGrams).toBe(16_000);
    expect(after.dryGrams).not.toBe(before.dryGrams);
    expect(await words('composition-facts')).toContain('matière');
    expect(await desk.page.getByText('humidité 20 % · qualité matière').isVisible()).toBe(true);
    expect(await desk.look('17-balle')).toEqual([]);
  });

  it('tells of a lot what to expect of it, and forecasts all that is left of it', async () => {
    const lot = await acts.act('/lots', {
      collector: null,
      skimming: 'original',
      legalStatus: 'waste',
      condition: 'dry',
      family: 'clothing',
      loads: [{ weight: { how: 'typed', netGrams: 84_300 } }],
    });
    await desk.open(`/lots/${lot.id}`, 'lot-class-basis');
    const told = await acts.read<LotClass>(`/lots/${lot.id}/class`);
    expect(await attribute('lot-class-basis', 'data-basis')).toBe(told.basis);
    const forecast = told.outlets.reduce((sum, { forecastGrams }) => sum + forecastGrams, 0);
    expect(forecast).toBe(told.outlets.length === 0 ? 0 : told.receivedGrams - told.sortedGrams);
    expect(await desk.look('18-lot')).toEqual([]);
  });
});

function isKnown({ composition }: FractionRow): boolean {
  return composition.described >= PIECES && composition.shares.length > 0;
}
