/** Audits from what people note to what pages read, on real records of both engines. */
import type { AuditPlanRow, AuditRow } from '@trame/protocol/classification/classification-answers';
import { describe, expect, it } from 'vitest';
import { closeMonth } from '../closings/close-month.ts';
import { rebuildProjections } from '../ledger/rebuild-projections.ts';
import { auditOutlet } from '../line-work/audit-outlet.ts';
import { logBale } from '../bales/log-bale.ts';
import { loadLine } from '../line-work/load-line.ts';
import { receiveLot } from '../lots/receive-lot.ts';
import { declareNeighbours, delivery, loose } from '../lots/test-deliveries.ts';
import { freshRecordsOf, RECORDS_ENGINES } from '../testing/records-engines.ts';
import { materialReading, type MaterialReading } from '../testing/test-material-reading.ts';
import { noEvent } from '../testing/test-material-site.ts';
import { localDayIn } from '../tonnage/local-day.ts';
import { misplacedOf, sortingErrorOf } from './sorting-error.ts';
import { voidAudit } from './void-audit.ts';

const LINE = 'tri-1';
const NOVEMBER = { site: 'caux', line: LINE, outlet: 'creme', month: '2026-11' };
/** 31 October, 23:30 in Paris: the last day of the month there. */
const LATE_OCTOBER = Date.UTC(2026, 9, 31, 22, 30);
/** An hour later it is November there, and not yet in Greenwich. */
const EARLY_NOVEMBER = LATE_OCTOBER + 3_600_000;

async function audit(
  { site }: MaterialReading,
  kg: number,
  misplacedKg: Readonly<Record<string, number>>,
  at?: number,
): Promise<string> {
  const misplaced = Object.entries(misplacedKg).map(([outlet, some]) => ({ outlet, grams: some * 1_000 }));
  const body = { outlet: 'creme', sampledGrams: kg * 1_000, misplaced };
  const { events } = await site.act(auditOutlet, body, LINE, at);
  return events[0] ?? '';
}

describe.each(RECORDS_ENGINES)('audits, on %s,', (engine) => {
  const freshRecords = freshRecordsOf(engine);
  const reading = async () => materialReading(await freshRecords());

  it('give the error of an outlet and a local month, and where what was misplaced belongs', async () => {
    await using site = await reading();
    const { records } = site.site;
    await audit(site, 10, { essuyage: 1 }, LATE_OCTOBER);
    await audit(site, 30, { essuyage: 0.5, effilochage: 1.5 }, EARLY_NOVEMBER);
    await audit(site, 20, { essuyage: 1.5 });
    expect(await sortingErrorOf(records, { ...NOVEMBER, month: '2026-10' })).toMatchObject({
      audits: 1,
      percent: 10,
    });
    expect(await sortingErrorOf(records, NOVEMBER)).toMatchObject({
      audits: 2,
      sampledGrams: 50_000,
      misplacedGrams: 3_500,
      percent: 7,
    });
    expect(await misplacedOf(records, NOVEMBER)).toEqual([
      { outlet: 'essuyage', grams: 2_000 },
      { outlet: 'effilochage', grams: 1_500 },
    ]);
    for (const other of [
      { outlet: 'shoes' },
      { line: 'tri-2' },
      { site: 'elsewhere' },
      { month: '2026-12' },
    ]) {
      expect(await sortingErrorOf(records, { ...NOVEMBER, ...other })).toBeNull();
      expect(await misplacedOf(records, { ...NOVEMBER, ...other })).toEqual([]);
    }
  });

  it('that were taken back count no more, and stay in the ledger', async () => {
    await using site = await reading();
    const { records } = site.site;
    await audit(site, 30, { essuyage: 1 });
    const wrong = await audit(site, 3, { effilochage: 3 });
    await site.site.act(voidAudit, { reason: 'g pour kg' }, wrong);
    const right = { audits: 1, sampledGrams: 30_000, misplacedGrams: 1_000 };
    expect(await sortingErrorOf(records, NOVEMBER)).toMatchObject(right);
    expect(await misplacedOf(records, NOVEMBER)).toEqual([{ outlet: 'essuyage', grams: 1_000 }]);
    expect((await site.site.refusal(voidAudit, { reason: 'encore' }, wrong)).code).toBe('already-done');
    expect((await site.site.refusal(voidAudit, { reason: 'rien' }, noEvent())).code).toBe('wrong-state');
    await rebuildProjections(records, localDayIn('Europe/Paris'));
    expect(await sortingErrorOf(records, NOVEMBER)).toMatchObject(right);
    expect(await misplacedOf(records, NOVEMBER)).toEqual([{ outlet: 'essuyage', grams: 1_000 }]);
  });

  it('of a closed month stand', async () => {
    await using site = await reading();
    const old = await audit(site, 10, { essuyage: 1 }, LATE_OCTOBER);
    await site.site.act(closeMonth, { month: '2026-10' });
    expect(await site.site.refusal(voidAudit, { reason: 'trop tard' }, old)).toMatchObject({
      code: 'month-closed',
      params: { month: '2026-10' },
    });
  });

  it('are read by month, latest first, without a word of who was there', async () => {
    await using site = await reading();
    await audit(site, 10, { essuyage: 1 }, LATE_OCTOBER);
    const event = await audit(site, 30, {});
    const { rows } = await site.read<{ rows: AuditRow[] }>(`/audits?line=${LINE}`);
    expect(rows.map(({ month, outlet }) => [month, outlet])).toEqual([
      ['2026-11', 'creme'],
      ['2026-10', 'creme'],
    ]);
    expect(rows[0]).toMatchObject({
      misplaced: [],
      error: { percent: 0, lowPercent: 0 },
      samples: [{ event, day: '2026-11-20', sampledGrams: 30_000 }],
    });
    expect(rows[0]?.error.highPercent).toBeGreaterThan(3);
    expect(JSON.stringify(rows)).not.toMatch(/actor|post|team/u);
    const october = await site.read<{ rows: AuditRow[] }>(`/audits?line=${LINE}&from=2026-10&to=2026-11`);
    expect(october.rows.map(({ month }) => month)).toEqual(['2026-10']);
    const days = await site.read<{ rows: AuditRow[] }>(`/audits?line=${LINE}&from=2026-11-05&to=2026-12-01`);
    expect(days.rows.map(({ month }) => month)).toEqual(['2026-11']);
  });

  it('are planned by what falls into an outlet and what earlier ones found', async () => {
    await using site = await reading();
    const world = site.site;
    await declareNeighbours(world);
    await world.act(receiveLot, delivery({ loads: [loose(9_000_000)] }));
    await world.act(loadLine, { from: ['lot:L1'] }, LINE);
    const weight = { how: 'typed', netGrams: 200_000 } as const;
    for (let n = 0; n < 3; n += 1)
      await world.act(logBale, { outlet: 'essuyage', weight, packagingGrams: 0 });
    const plan = async (margin = '') => {
      const { rows } = await site.read<{ rows: AuditPlanRow[] }>(`/audits/plan?line=${LINE}${margin}`);
      return new Map(rows.map((row) => [row.outlet, row]));
    };
    const first = await plan();
    expect([...first.keys()].sort()).toEqual(['creme', 'effilochage', 'essuyage', 'shoes']);
    expect(first.get('creme')).toMatchObject({ neededGrams: 0, missingGrams: 0, isAssumed: true });
    const wipers = first.get('essuyage');
    expect(wipers).toMatchObject({ line: LINE, expectedPercent: 5, isAssumed: true, sampledGrams: 0 });
    // 1.96² · 0.05 · 0.95 / 0.02² = 456 pieces of 447 g, and some more for limits that hold for small shares.
    expect(wipers?.neededGrams).toBeGreaterThan(204_000);
    expect(wipers?.neededGrams).toBeLessThan(290_000);
    const coarse = (await plan('&margin=5')).get('essuyage');
    expect(coarse?.neededGrams).toBeLessThan((wipers?.neededGrams ?? 0) / 2);
    const body = { outlet: 'essuyage', sampledGrams: 40_000, misplaced: [{ outlet: 'creme', grams: 400 }] };
    await world.act(auditOutlet, body, LINE, LATE_OCTOBER);
    await world.act(auditOutlet, { ...body, sampledGrams: 30_000 }, LINE);
    const then = (await plan()).get('essuyage');
    expect(then).toMatchObject({ expectedPercent: 1, isAssumed: false, sampledGrams: 30_000 });
    expect(then?.neededGrams).toBeLessThan(wipers?.neededGrams ?? 0);
    expect(then?.missingGrams).toBe((then?.neededGrams ?? 0) - 30_000);
  });

  it('are planned on until the margin is met, when those of the month differ or are few', async () => {
    await using site = await reading();
    const world = site.site;
    await declareNeighbours(world);
    await world.act(receiveLot, delivery({ loads: [loose(9_000_000)] }));
    await world.act(loadLine, { from: ['lot:L1'] }, LINE);
    const weight = { how: 'typed', netGrams: 2_000_000 } as const;
    for (let n = 0; n < 2; n += 1) await world.act(logBale, { outlet: 'creme', weight, packagingGrams: 0 });
    const halfWidth = async () => {
      const { rows } = await site.read<{ rows: AuditRow[] }>(`/audits?line=${LINE}`);
      const error = rows.find(({ month }) => month === '2026-11')?.error;
      if (error === undefined) throw new Error('there was an audit this month');
      return Math.max(error.highPercent - error.percent, error.percent - error.lowPercent);
    };
    const planned = async () => {
      const { rows } = await site.read<{ rows: AuditPlanRow[] }>(`/audits/plan?line=${LINE}`);
      return rows.find(({ outlet }) => outlet === 'creme');
    };
    await audit(site, 100, { essuyage: 5 }, LATE_OCTOBER);
    const first = (await planned())?.neededGrams ?? 0;
    for (const share of [0.04, 0.06]) await audit(site, first / 2_000, { essuyage: (first * share) / 2_000 });
    expect(await halfWidth()).toBeGreaterThan(2);
    const missing = (await planned())?.missingGrams ?? 0;
    expect(missing).toBeGreaterThan(0);
    const more = Math.ceil(missing / 1_000);
    await audit(site, more, { essuyage: more * 0.05 });
    expect(await halfWidth()).toBeLessThanOrEqual(2);
    expect((await planned())?.missingGrams).toBe(0);
  });
});

describe('the addresses of audits', () => {
  it.each([
    ['/audits', { supervisor: 200, region: 200, administrator: 200, operator: 200, trainee: 403 }],
    ['/audits/plan', { supervisor: 200, region: 200, administrator: 200, operator: 200, trainee: 403 }],
  ])('%s are open to some', async (path, who) => {
    await using site = await materialReading();
    for (const [role, status] of Object.entries(who)) {
      const asked = await site.ask(`${path}?line=${LINE}`, role as keyof typeof who);
      expect([role, asked.status]).toEqual([role, status]);
    }
    expect((await site.ask(`${path}?line=${LINE}`, null)).status).toBe(401);
  });

  it.each([
    ['/audits', 400],
    ['/audits?line=nowhere', 404],
    ['/audits?line=tri-1&from=2026', 400],
    ['/audits?line=tri-1&from=2026-13', 400],
    ['/audits?line=tri-1&from=2026-11&to=2026-11', 400],
    ['/audits?line=tri-1&from=2020-01&to=2026-11', 400],
    ['/audits?line=tri-1&post=1', 400],
    ['/audits/plan', 400],
    ['/audits/plan?line=nowhere', 404],
    ['/audits/plan?line=tri-1&margin=0.4', 400],
    ['/audits/plan?line=tri-1&margin=11', 400],
  ])('%s is answered with %d', async (path, status) => {
    await using site = await materialReading();
    expect((await site.ask(path)).status).toBe(status);
  });
});
