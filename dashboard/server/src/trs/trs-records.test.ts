/** From the records of a line to its rates, on both engines. */
import { describe, expect, it } from 'vitest';
import { logBale } from '../bales/log-bale.ts';
import { TEST_NOW_MS } from '../ledger/test-ledger.ts';
import { closeShift } from '../shifts/close-shift.ts';
import { openShift } from '../shifts/open-shift.ts';
import { stopRules } from '../stops/stop-config.ts';
import { explainStop } from '../stops/explain-stop.ts';
import type { TimeRules } from '../stops/line-time.ts';
import { TEST_REFERENCE } from '../testing/material-reference.ts';
import { freshRecordsOf, RECORDS_ENGINES } from '../testing/records-engines.ts';
import { MaterialSite } from '../testing/test-material-site.ts';
import { crewTime } from './crew-time.ts';
import { targetsOf } from './target-config.ts';
import { trsOf, type TrsAsked } from './trs-query.ts';

const HOUR_MS = 3_600_000;
/** 11:00 in Paris, on a Friday. */
const BEGAN = TEST_NOW_MS;
const hour = (n: number) => BEGAN + Math.round(n * HOUR_MS);
const heads = (n: number | null) => [{ post: 'table-1', heads: n }];

function asking(nowMs: number, changes: Partial<TrsAsked> = {}, rules: Partial<TimeRules> = {}): TrsAsked {
  return {
    site: 'caux',
    line: 'tri-1',
    period: { from: hour(0), to: nowMs },
    by: 'shift',
    rules: {
      stops: stopRules({}),
      calendar: null,
      timeZone: 'Europe/Paris',
      alive: [{ line: 'tri-1', at: nowMs }],
      nowMs,
      ...rules,
    },
    targets: targetsOf({ nominalKgPerHour: 500 }, 'tri-1'),
    disposal: ['rebut'],
    ...changes,
  };
}

function tellCount(site: MaterialSite, from: number, to: number, kg: Readonly<Record<string, number>>) {
  return site.tell(
    'throughput.counted',
    {
      from: hour(from),
      to: hour(to),
      counts: Object.entries(kg).map(([counter, kilograms]) => {
        const grams = kilograms * 1_000;
        const source = { device: 'scale', tag: `${counter} ${to}`, generation: 0 };
        return { counter, grams, totalGrams: grams, source, sourceGrams: grams };
      }),
    },
    hour(to),
  );
}

const shift = (id: string, from: number, to: number, count: number) => ({ id, from, to, heads: count });

describe('time in which enough people were there', () => {
  it('is that in which those of all teams together are enough', () => {
    expect(crewTime([shift('a', 0, 10, 2), shift('b', 5, 20, 3)], 4)).toEqual([{ from: 5, to: 10 }]);
    expect(crewTime([shift('a', 0, 10, 4), shift('b', 10, 20, 9)], 4)).toEqual([{ from: 0, to: 20 }]);
    expect(crewTime([shift('a', 0, 10, 3), shift('b', 10, 20, 3)], 4)).toEqual([]);
  });
});

describe.each(RECORDS_ENGINES)('the TRS of a line, on %s,', (engine) => {
  const freshRecords = freshRecordsOf(engine);

  async function freshSite(): Promise<MaterialSite> {
    const fresh = await freshRecords();
    return new MaterialSite(fresh.records, TEST_REFERENCE, async () => {
      await fresh[Symbol.asyncDispose]();
    });
  }

  it('follows from states, stops, counts and what people said, by shift and by day', async () => {
    await using site = await freshSite();
    const { id: shift } = await site.act(openShift, { team: 'matin', posts: heads(5) }, '', hour(0));
    await site.tell('line.state', { state: 'execute', emergencyStop: false }, hour(0));
    const stop = await site.tell('line.state', { state: 'stopped', emergencyStop: false }, hour(1));
    await site.tell('line.state', { state: 'execute', emergencyStop: false }, hour(2));
    await tellCount(site, 2, 4, { input: 1_000, 'outlet.creme': 850, 'outlet.rebut': 100 });
    await site.act(closeShift, {}, shift, hour(4));
    const { rows, total } = await trsOf(site.records, asking(hour(5)));
    expect(rows).toMatchObject([
      {
        key: shift,
        from: hour(0),
        to: hour(4),
        why: null,
        figures: {
          totalMs: 4 * HOUR_MS,
          openMs: 4 * HOUR_MS,
          requiredMs: 4 * HOUR_MS,
          runningMs: 3 * HOUR_MS,
          netMs: 2 * HOUR_MS,
          usefulMs: 1.8 * HOUR_MS,
          availability: 0.75,
          quality: 0.9,
          trs: 0.45,
          inputGrams: 1_000_000,
          refusedGrams: 100_000,
          stops: [{ kind: 'unexplained', stops: 1, durationMs: HOUR_MS }],
        },
      },
    ]);
    expect(total).toMatchObject({ key: 'period', to: hour(5), figures: { trs: 0.45, totalMs: 5 * HOUR_MS } });
    site.nowMs = hour(5);
    await site.act(explainStop, { cause: 'formation' }, stop);
    const learnt = await trsOf(site.records, asking(hour(5)));
    expect(learnt.rows[0]?.figures).toMatchObject({
      trs: 0.6,
      trg: 0.45,
      planned: [{ kind: 'training', durationMs: HOUR_MS }],
      stops: [],
    });
    const days = await trsOf(site.records, asking(hour(20), { by: 'day' }));
    expect(days.rows.map(({ key, why }) => [key, why])).toEqual([
      ['2026-11-20', null],
      ['2026-11-21', 'closed'],
    ]);
    expect(days.rows[0]?.figures).toMatchObject({ trs: 0.6, totalMs: 13 * HOUR_MS });
    const bare = await trsOf(site.records, asking(hour(5), { targets: targetsOf({}, 'tri-1') }));
    expect(bare.rows[0]).toMatchObject({ why: 'no-nominal', figures: { trs: null, availability: 1 } });
  });

  it('is told of nobody’s own time: not of three people, nor of those whom nobody counted', async () => {
    await using site = await freshSite();
    await site.tell('line.state', { state: 'execute', emergencyStop: false }, hour(0));
    for (const [team, count, from] of [
      ['a', 3, 0],
      ['b', null, 1],
      ['c', 4, 2],
    ] as const) {
      const { id } = await site.act(openShift, { team, posts: heads(count) }, '', hour(from));
      await site.act(closeShift, {}, id, hour(from + 1));
    }
    await tellCount(site, 0, 3, { 'outlet.creme': 900 });
    const { rows, total } = await trsOf(site.records, asking(hour(3)));
    expect(rows.map(({ why, figures }) => [why, figures?.openMs ?? null])).toEqual([
      ['group-too-small', null],
      ['group-too-small', null],
      [null, HOUR_MS],
    ]);
    // The whole is that of the third team: what the others did does not follow from it.
    expect(total.figures).toMatchObject({ openMs: HOUR_MS, inputGrams: 300_000 });
    const more = targetsOf({ nominalKgPerHour: 500, groupMin: 5 }, 'tri-1');
    const none = await trsOf(site.records, asking(hour(3), { targets: more }));
    expect(none.total).toMatchObject({ why: 'group-too-small', figures: null });
    const calendar = { open: { friday: ['11:00-14:00'] }, breaks: ['13:00-13:15'] };
    const byCalendar = await trsOf(site.records, asking(hour(3), {}, { calendar }));
    expect(byCalendar.total.figures).toMatchObject({ openMs: HOUR_MS, requiredMs: 0.75 * HOUR_MS });
    const closed = { open: { monday: ['11:00-14:00'] } };
    expect((await trsOf(site.records, asking(hour(3), {}, { calendar: closed }))).total.why).toBe('closed');
  });

  it('is of one input whatever period is asked, though its scale was dead on some days', async () => {
    await using site = await freshSite();
    site.nowMs = hour(72);
    await site.tell('line.state', { state: 'execute', emergencyStop: false }, hour(0));
    for (const day of [0, 24, 48]) {
      const { id } = await site.act(openShift, { team: 'matin', posts: heads(5) }, '', hour(day));
      await site.act(closeShift, {}, id, hour(day + 4));
    }
    await tellCount(site, 0, 4, { 'outlet.creme': 1_000 });
    // Repaired on the second day, in the afternoon.
    await tellCount(site, 24, 26, { 'outlet.creme': 500 });
    await tellCount(site, 26, 28, { input: 600, 'outlet.creme': 500 });
    // Its total goes on from 600.
    await tellCount(site, 48, 52, { input: 1_800, 'outlet.creme': 1_000 });
    const inputs = async (from: number, to: number) => {
      const period = { from: hour(from), to: hour(to) };
      const { rows, total } = await trsOf(site.records, asking(hour(72), { period }));
      return [...rows, total].map(({ figures }) => (figures?.inputGrams ?? 0) / 1_000);
    };
    expect(await inputs(0, 72)).toEqual([1_000, 600, 1_200, 2_800]);
    expect(await inputs(0, 20)).toEqual([1_000, 1_000]);
    expect(await inputs(24, 26)).toEqual([600, 0]);
    expect(await inputs(23, 29)).toEqual([600, 600]);
  });

  it('is none of a line of hands: what the team sorted in an hour of opening, instead', async () => {
    await using site = await freshSite();
    const { id } = await site.act(openShift, { team: 'matin', posts: heads(6) }, '', hour(0));
    site.nowMs = hour(1);
    for (const netGrams of [200_000, 100_000]) {
      const weighing = await site.weighing({
        netGrams,
        grossGrams: netGrams,
        tareGrams: 0,
        tareKind: 'none',
      });
      await site.act(logBale, { outlet: 'creme', weight: { how: 'scale', weighing } });
    }
    await site.act(closeShift, {}, id, hour(2));
    const { rows, total } = await trsOf(site.records, asking(hour(4)));
    expect(rows).toMatchObject([
      { key: id, team: 'matin', why: 'hand-line', figures: null, teamKgPerHour: 150 },
    ]);
    expect(total).toMatchObject({ why: 'hand-line', teamKgPerHour: 150 });
    const small = await site.act(openShift, { team: 'soir', posts: heads(2) }, '', hour(4));
    await site.act(closeShift, {}, small.id, hour(5));
    const after = await trsOf(site.records, asking(hour(6)));
    expect(after.rows[1]).toMatchObject({ why: 'group-too-small', teamKgPerHour: null });
    expect(after.total.teamKgPerHour).toBe(150);
  });

  it('is not told of a line that counts and never says its state', async () => {
    await using site = await freshSite();
    const { id } = await site.act(openShift, { team: 'matin', posts: heads(6) }, '', hour(0));
    await tellCount(site, 0, 1, { 'outlet.creme': 90 });
    await site.act(closeShift, {}, id, hour(2));
    expect((await trsOf(site.records, asking(hour(2)))).rows).toMatchObject([{ why: 'no-states' }]);
  });
});
