/** What is told of days and of shifts adds up to what is told of all of them, whatever a stop, a shift or a mode crosses. */
import { LINE_MODES } from '@trame/protocol/control/control-names';
import { LINE_STATES } from '@trame/protocol/ledger-payloads';
import type { StopPareto, TrsRow } from '@trame/protocol/stops/stop-answers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CalendarSettings } from '../calendar/calendar-config.ts';
import type { Interval } from '../calendar/intervals.ts';
import type { ShiftTable } from '../material/material-tables.ts';
import type { Records } from '../records/open-records.ts';
import type { TimeRules } from '../stops/line-time.ts';
import { stopRules } from '../stops/stop-config.ts';
import { stopParetoOf } from '../stops/stop-query.ts';
import { embeddedRecords } from '../testing/embedded-records.ts';
import { tempDir } from '../testing/temp-dir.ts';
import { dayStartMs, localDayIn } from '../tonnage/local-day.ts';
import { targetsOf } from './target-config.ts';
import { trsOf, type TrsBy } from './trs-query.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const TIME_ZONE = 'Europe/Paris';
const dayOf = localDayIn(TIME_ZONE);

/** Three days, of which the middle one has 25 hours, 23, or as many as any. */
const PERIODS = [
  { from: '2026-10-24', to: '2026-10-27', hours: 73 },
  { from: '2026-03-28', to: '2026-03-31', hours: 71 },
  { from: '2026-06-13', to: '2026-06-16', hours: 72 },
] as const;
const LONGEST_HOURS = 73;

const NIGHTS = ['21:00-05:00', '06:00-19:30'];
const CALENDAR: CalendarSettings = {
  open: { saturday: NIGHTS, sunday: NIGHTS, monday: NIGHTS },
  breaks: ['12:00-12:30', '23:45-00:15', '02:15-02:45'],
};

interface Told {
  readonly at: number;
  readonly said:
    | { readonly state: (typeof LINE_STATES)[number] }
    | { readonly mode: (typeof LINE_MODES)[number] };
}

const said: fc.Arbitrary<Told['said']> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ state: fc.constantFrom('execute', 'stopped', 'suspended', 'aborted', 'unknown') }),
  },
  { weight: 1, arbitrary: fc.record({ state: fc.constantFrom(...LINE_STATES) }) },
  { weight: 2, arbitrary: fc.record({ mode: fc.constantFrom(...LINE_MODES) }) },
);
/** Minutes from the first midnight on. */
const history = fc
  .uniqueArray(fc.record({ at: fc.integer({ min: -600, max: LONGEST_HOURS * 60 }), said }), {
    selector: ({ at }) => at,
    minLength: 4,
    maxLength: 30,
  })
  .map((all) => all.toSorted((a, b) => a.at - b.at));

const LINE = { site: 'caux', line: 'tri-1' };

/** As the projection of their events leaves them. */
function write(records: Records, period: Interval, all: readonly Told[]): Promise<void> {
  return records.transaction().execute(async (transaction) => {
    for (const table of ['line_states', 'line_modes', 'shifts'] as const) {
      await transaction.deleteFrom(table).execute();
    }
    for (const [n, { at, said: what }] of all.entries()) {
      const row = { ...LINE, id: String(n).padStart(32, '0'), at: period.from + at * MINUTE_MS };
      const insert =
        'mode' in what
          ? transaction.insertInto('line_modes').values({ ...row, mode: what.mode })
          : transaction.insertInto('line_states').values({ ...row, state: what.state, emergencyStop: 0 });
      await insert.execute();
    }
    await transaction.insertInto('shifts').values(shiftsOver(period)).execute();
  });
}

/** Three teams a day, one of them through midnight; together they are there all the time. */
function shiftsOver({ from, to }: Interval): ShiftTable[] {
  const cuts = [from];
  for (let at = from + 5 * HOUR_MS; at < to; at += 8 * HOUR_MS) cuts.push(at);
  const posts = JSON.stringify([{ post: 'table', heads: 5 }]);
  return cuts.map((openedAt, n) => {
    return { ...LINE, shift: `S${n}`, team: `t${n}`, openedAt, closedAt: cuts[n + 1] ?? to, posts };
  });
}

/** What of a row adds up: what was required and ran, and every stop. */
function partsOf(rows: readonly TrsRow[]): Readonly<Record<string, number>> {
  const sums = new Map<string, number>();
  const add = (name: string, ms: number) => sums.set(name, (sums.get(name) ?? 0) + ms);
  for (const { figures } of rows) {
    if (figures === null) continue;
    add('required', figures.requiredMs);
    add('running', figures.runningMs);
    for (const { kind, durationMs } of figures.stops) add(kind, durationMs);
  }
  return Object.fromEntries([...sums].filter(([, ms]) => ms > 0));
}

function causesOf(paretos: readonly StopPareto[]): Readonly<Record<string, number>> {
  const sums = new Map<string, number>();
  const add = (name: string, ms: number) => sums.set(name, (sums.get(name) ?? 0) + ms);
  for (const { rows, micro, totalMs } of paretos) {
    for (const { cause, durationMs } of rows) add(cause, durationMs);
    add('micro', micro?.durationMs ?? 0);
    add('total', totalMs);
  }
  return Object.fromEntries([...sums].filter(([, ms]) => ms > 0));
}

describe.each(PERIODS)('of the days from $from to $to', ({ from: first, to: last, hours }) => {
  const period = { from: dayStartMs(first, dayOf), to: dayStartMs(last, dayOf) };

  it.each([
    ['by its shifts', null],
    ['by a calendar', CALENDAR],
  ])('days and shifts add up to the whole of a line that is open %s', async (_how, calendar) => {
    expect((period.to - period.from) / HOUR_MS).toBe(hours);
    using directory = tempDir();
    const records = await embeddedRecords(directory.path);
    const nowMs = period.to + HOUR_MS;
    let stoppedMs = 0;
    await fc.assert(
      fc.asyncProperty(history, async (all) => {
        await write(records, period, all);
        const rules: TimeRules = {
          stops: stopRules({}),
          calendar,
          timeZone: TIME_ZONE,
          alive: [{ line: 'tri-1', at: nowMs }],
          nowMs,
        };
        const trs = (by: TrsBy) =>
          trsOf(records, {
            ...LINE,
            period,
            by,
            rules,
            targets: targetsOf({}, 'tri-1'),
            disposal: [],
          });
        const [byDay, byShift] = [await trs('day'), await trs('shift')];
        expect([byDay.rows.length, byShift.rows.length]).toEqual([3, 10]);
        const whole = partsOf([byDay.total]);
        expect(partsOf(byDay.rows)).toEqual(whole);
        expect(partsOf(byShift.rows)).toEqual(whole);
        const paretoOf = (of: Interval) => stopParetoOf(records, { line: 'tri-1', period: of, rules });
        const pareto = causesOf([await paretoOf(period)]);
        for (const { rows } of [byDay, byShift]) {
          expect(causesOf(await Promise.all(rows.map(paretoOf)))).toEqual(pareto);
        }
        stoppedMs += pareto['total'] ?? 0;
      }),
      { numRuns: 25 },
    );
    // It is no proof that nothing is lost where there was nothing.
    expect(stoppedMs).toBeGreaterThan(12 * HOUR_MS);
    await records.destroy();
  });
});
