/** What the andon shows that stands in the records. Asked on the thread of large questions. */
import type { Andon } from '@trame/protocol/stops/stop-answers';
import { alarmsOf } from '../alarms/alarm-repository.ts';
import { headsOf } from '../balance/work-balance.ts';
import { endOf } from '../calendar/open-of-line.ts';
import type { Interval } from '../calendar/intervals.ts';
import type { Records } from '../records/open-records.ts';
import { dayStartMs, localDayIn } from '../tonnage/local-day.ts';
import { crewTime } from '../trs/crew-time.ts';
import { shiftsIn, type LineAddress } from '../trs/line-work.ts';
import { trsOfShift, type TrsAsked } from '../trs/trs-query.ts';
import { outputsIn, sortedIn } from './made-in.ts';

export type AndonAsked = Omit<TrsAsked, 'by' | 'period'>;
/** What the live picture knows is added by whoever has it. */
export type AndonRecords = Omit<Andon, 'line' | 'at' | 'bins'>;

const GRAMS_PER_KG = 1_000;

export async function andonOf(records: Records, asked: AndonAsked): Promise<AndonRecords> {
  const { site, line, rules, targets } = asked;
  const address = { site, line };
  const dayOf = localDayIn(rules.timeZone);
  const day = { from: dayStartMs(dayOf(rules.nowMs), dayOf), to: rules.nowMs + 1 };
  const shift = await openShift(records, address);
  const outputs = (await isOfFew(records, asked, day)) ? null : await outputsIn(records, address, day);
  const sorted = outputs === null ? [] : await sortedIn(records, address, day);
  const grams = sorted.reduce((sum, one) => sum + one.grams, 0);
  const trs =
    shift === undefined ? null : await trsOfShift(records, { ...asked, shift: crewOf(shift, rules.nowMs) });
  const isTargeted = targets.andon && targets.outputsPerDay !== null && outputs !== null;
  return {
    ...(await saidLast(records, address)),
    shift: shift === undefined ? null : { team: shift.team, openedAt: shift.openedAt },
    outputs,
    target: isTargeted ? { outputs: targets.outputsPerDay, soFar: outputs } : null,
    sortedKg: outputs === null ? null : grams / GRAMS_PER_KG,
    trs: trs?.figures?.trs ?? null,
    teamKgPerHour: trs?.teamKgPerHour ?? null,
    worst: await worstOf(records, line),
  };
}

/** What a line makes in a day is its own, unless those who were counted that day were never enough. */
async function isOfFew(
  records: Records,
  { rules, targets, ...address }: AndonAsked,
  day: Interval,
): Promise<boolean> {
  const shifts = await shiftsIn(records, address, day, rules.nowMs);
  return shifts.some(({ heads }) => heads > 0) && crewTime(shifts, targets.groupMin).length === 0;
}

interface OpenShift {
  readonly shift: string;
  readonly team: string;
  readonly openedAt: number;
  readonly posts: string;
}

function openShift(records: Records, { site, line }: LineAddress): Promise<OpenShift | undefined> {
  return records
    .selectFrom('shifts')
    .select(['shift', 'team', 'openedAt', 'posts'])
    .where('site', '=', site)
    .where('line', '=', line)
    .where('closedAt', 'is', null)
    .orderBy('openedAt', 'desc')
    .orderBy('shift', 'desc')
    .limit(1)
    .executeTakeFirst();
}

function crewOf({ shift, openedAt, posts }: OpenShift, nowMs: number) {
  return { id: shift, from: openedAt, to: endOf(openedAt, null, nowMs), heads: headsOf(posts) };
}

async function saidLast(
  records: Records,
  { site, line }: LineAddress,
): Promise<Pick<Andon, 'state' | 'stateSince' | 'mode'>> {
  const state = await records
    .selectFrom('line_states')
    .select(['state', 'at'])
    .where('site', '=', site)
    .where('line', '=', line)
    .orderBy('at', 'desc')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  const mode = await records
    .selectFrom('line_modes')
    .select('mode')
    .where('site', '=', site)
    .where('line', '=', line)
    .orderBy('at', 'desc')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  return { state: state?.state ?? 'unknown', stateSince: state?.at ?? null, mode: mode?.mode ?? null };
}

async function worstOf(records: Records, line: string): Promise<Andon['worst']> {
  const [worst] = await alarmsOf(records, { line, state: 'standing' });
  if (worst === undefined) return null;
  const { id, label, priority, response, raisedAt, changedAt } = worst;
  return { id, label, priority, since: raisedAt ?? changedAt, response };
}
