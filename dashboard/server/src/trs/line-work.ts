/** What the records tell of the work of a line: who many were there, what was counted, what hands sorted. */
import { headsOf } from '../balance/work-balance.ts';
import { endOf, SHIFT_MAX_MS } from '../calendar/open-of-line.ts';
import { Coverage } from '../calendar/coverage.ts';
import type { Interval } from '../calendar/intervals.ts';
import type { Records } from '../records/open-records.ts';
import type { LineCountTable } from '../stops/stop-tables.ts';
import { dayAfter, dayStartMs } from '../tonnage/local-day.ts';
import type { TeamShift } from './crew-time.ts';
import type { Counted } from './waterfall.ts';

export interface LineAddress {
  readonly site: string;
  readonly line: string;
}

const DAY_MS = 86_400_000;

/** @returns shifts that touch the period, in order. */
export async function shiftsIn(
  records: Records,
  { site, line }: LineAddress,
  { from, to }: Interval,
  nowMs: number,
): Promise<TeamShift[]> {
  const rows = await records
    .selectFrom('shifts')
    .select(['shift', 'team', 'openedAt', 'closedAt', 'posts'])
    .where('site', '=', site)
    .where('line', '=', line)
    .where('openedAt', '<', to)
    .where('openedAt', '>=', from - SHIFT_MAX_MS)
    .orderBy('openedAt')
    .orderBy('shift')
    .execute();
  return rows
    .map(({ shift, team, openedAt, closedAt, posts }) => ({
      id: shift,
      team,
      from: openedAt,
      to: endOf(openedAt, closedAt, nowMs),
      heads: headsOf(posts),
    }))
    .filter((shift) => shift.to > from);
}

/**
 * Whether a line weighs what comes in is judged by local day, whatever period is asked: a scale that is repaired changes
 * no figure of the days on which it was dead.
 * @param disposal outlets whose material can only be disposed of: it was refused.
 * @param dayOf local day of the site, `YYYY-MM-DD`.
 * @returns what machines counted. On a day on which nothing that came in was weighed, what fell into the outlets.
 */
export async function countsIn(
  records: Records,
  { site, line }: LineAddress,
  { from, to }: Interval,
  { disposal, dayOf }: { readonly disposal: readonly string[]; readonly dayOf: (atMs: number) => string },
): Promise<Counted[]> {
  const rows = await records
    .selectFrom('line_counts')
    .select(['fromAt', 'toAt', 'inputGrams', 'outlets'])
    .where('site', '=', site)
    .where('line', '=', line)
    .where('toAt', '>=', from)
    .where('fromAt', '<', to)
    .orderBy('toAt')
    .orderBy('id')
    .execute();
  const days = countDays(rows, dayOf);
  for (const day of days) {
    const isWhole = day.from >= from && day.to <= to;
    day.weighs ||= !isWhole && (await weighsIn(records, { site, line }, day));
  }
  const weighs = new Coverage(days.filter((day) => day.weighs));
  return rows.map(({ fromAt, toAt, inputGrams, outlets }) => {
    const weighsInput = weighs.within(momentBefore(toAt)) > 0;
    const grams = JSON.parse(outlets) as Readonly<Record<string, number>>;
    const fell = (ids: readonly string[]) => ids.reduce((sum, id) => sum + (grams[id] ?? 0), 0);
    return {
      from: fromAt,
      to: toAt,
      inputGrams: weighsInput ? inputGrams : fell(Object.keys(grams)),
      refusedGrams: fell(disposal.filter((id) => Object.hasOwn(grams, id))),
    };
  });
}

interface CountDay extends Interval {
  /** Whether something that came in was weighed. */
  weighs: boolean;
}

/** @param rows by their end. @returns local days in which they end; at midnight, the day before. */
function countDays(
  rows: readonly Pick<LineCountTable, 'toAt' | 'inputGrams'>[],
  dayOf: (atMs: number) => string,
): CountDay[] {
  const days: CountDay[] = [];
  for (const { toAt, inputGrams } of rows) {
    let day = days.at(-1);
    if (day === undefined || toAt > day.to) {
      const name = dayOf(momentBefore(toAt).from);
      day = { from: dayStartMs(name, dayOf), to: dayStartMs(dayAfter(name), dayOf), weighs: false };
      days.push(day);
    }
    day.weighs ||= inputGrams > 0;
  }
  return days;
}

function momentBefore(at: number): Interval {
  return { from: at - 1, to: at };
}

async function weighsIn(
  records: Records,
  { site, line }: LineAddress,
  { from, to }: Interval,
): Promise<boolean> {
  const one = await records
    .selectFrom('line_counts')
    .select('id')
    .where('site', '=', site)
    .where('line', '=', line)
    .where('toAt', '>', from)
    .where('toAt', '<=', to)
    .where('inputGrams', '>', 0)
    .limit(1)
    .executeTakeFirst();
  return one !== undefined;
}

/** What a line tells of itself at all. */
export interface LineVoice {
  readonly saysStates: boolean;
  readonly counts: boolean;
}

export async function lineVoice(records: Records, { site, line }: LineAddress): Promise<LineVoice> {
  const state = await records
    .selectFrom('line_states')
    .select('id')
    .where('site', '=', site)
    .where('line', '=', line)
    .where('state', '!=', 'unknown')
    .limit(1)
    .executeTakeFirst();
  const count = await records
    .selectFrom('line_counts')
    .select('id')
    .where('site', '=', site)
    .where('line', '=', line)
    .limit(1)
    .executeTakeFirst();
  return { saysStates: state !== undefined, counts: count !== undefined };
}

export interface SortedByHand {
  readonly at: number;
  /** Less than nothing: put back. */
  readonly grams: number;
}

/** @param dayOf local day of the site, `YYYY-MM-DD`. */
export async function handSortedIn(
  records: Records,
  { site, line }: LineAddress,
  { from, to }: Interval,
  dayOf: (atMs: number) => string,
): Promise<SortedByHand[]> {
  const rows = await records
    .selectFrom('hand_sorted')
    .innerJoin('journal', (join) =>
      join.onRef('journal.site', '=', 'hand_sorted.site').onRef('journal.event', '=', 'hand_sorted.event'),
    )
    .select(['hand_sorted.event', 'hand_sorted.n', 'hand_sorted.grams', 'journal.at'])
    // An event stands in the journal once for each thing that it is about.
    .distinct()
    .where('hand_sorted.site', '=', site)
    .where('hand_sorted.line', '=', line)
    .where('hand_sorted.day', '>=', dayOf(from - DAY_MS))
    .where('hand_sorted.day', '<=', dayOf(to + DAY_MS))
    .where('journal.at', '>=', from)
    .where('journal.at', '<', to)
    .execute();
  return rows.map(({ at, grams }) => ({ at, grams }));
}
