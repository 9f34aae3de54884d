/** What the andon shows that stands in the records. Asked on the thread of large questions. */
import type { Andon } from '@trame/protocol/stops/stop-answers';
import { alarmsOf, isOver } from '../alarms/alarm-repository.ts';
import { headsOf } from '../balance/work-balance.ts';
import { endOf } from '../calendar/open-of-line.ts';
import { common, type Interval } from '../calendar/intervals.ts';
import type { Records } from '../records/open-records.ts';
import { dayStartMs, localDayIn } from '../tonnage/local-day.ts';
import { crewTime } from '../trs/crew-time.ts';
import { inRecordedOrder, placeIn } from '../stops/record-order.ts';
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
  const told = await toldOf(records, asked, day);
  const outputs = told === null ? null : await outputsOf(records, address, told);
  const trs =
    shift === undefined ? null : await trsOfShift(records, { ...asked, shift: crewOf(shift, rules.nowMs) });
  const isTargeted = targets.andon && targets.outputsPerDay !== null && outputs !== null;
  return {
    ...(await saidLast(records, address)),
    shift: shift === undefined ? null : { team: shift.team, openedAt: shift.openedAt },
    outputs,
    target: isTargeted ? { outputs: targets.outputsPerDay, soFar: outputs } : null,
    sortedKg: told === null ? null : (await sortedGrams(records, address, told)) / GRAMS_PER_KG,
    trs: trs?.figures?.trs ?? null,
    teamKgPerHour: trs?.teamKgPerHour ?? null,
    worst: await worstOf(records, line),
  };
}

/**
 * What a line makes in a day is told of the hours in which enough people were counted, of no others: two figures, one
 * taken from the other, tell nothing of what a few made either.
 * @returns the day where no shift was; null while too few are there, or where enough never were.
 */
async function toldOf(
  records: Records,
  { rules, targets, ...address }: AndonAsked,
  day: Interval,
): Promise<readonly Interval[] | null> {
  const shifts = await shiftsIn(records, address, day, rules.nowMs);
  if (shifts.length === 0) return [day];
  const crew = common(crewTime(shifts, targets.groupMin), [day]);
  const isThere = shifts.some(({ to }) => to >= rules.nowMs);
  if (crew.length === 0 || (isThere && !crew.some(({ to }) => to >= rules.nowMs))) return null;
  return crew;
}

async function outputsOf(records: Records, address: LineAddress, told: readonly Interval[]): Promise<number> {
  let outputs = 0;
  for (const period of told) outputs += await outputsIn(records, address, period);
  return outputs;
}

async function sortedGrams(
  records: Records,
  address: LineAddress,
  told: readonly Interval[],
): Promise<number> {
  let grams = 0;
  for (const period of told) {
    for (const outlet of await sortedIn(records, address, period)) grams += outlet.grams;
  }
  return grams;
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

function crewOf({ shift, team, openedAt, posts }: OpenShift, nowMs: number) {
  return { id: shift, team, from: openedAt, to: endOf(openedAt, null, nowMs), heads: headsOf(posts) };
}

/** Looked at for the one that was recorded last: so many may have been told by a clock that was fast. */
const LATEST = 64;

async function saidLast(
  records: Records,
  { site, line }: LineAddress,
): Promise<Pick<Andon, 'state' | 'stateSince' | 'mode'>> {
  const states = await records
    .selectFrom('line_states')
    .select(['id', 'state', 'at', placeIn('line_states')])
    .where('site', '=', site)
    .where('line', '=', line)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(LATEST)
    .execute();
  const modes = await records
    .selectFrom('line_modes')
    .select(['id', 'mode', 'at', placeIn('line_modes')])
    .where('site', '=', site)
    .where('line', '=', line)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(LATEST)
    .execute();
  const [state, mode] = [inRecordedOrder(states).at(-1), inRecordedOrder(modes).at(-1)];
  return { state: state?.state ?? 'unknown', stateSince: state?.at ?? null, mode: mode?.mode ?? null };
}

async function worstOf(records: Records, line: string): Promise<Andon['worst']> {
  const standing = await alarmsOf(records, { line, state: 'standing' });
  const worst = standing.find(({ state }) => !isOver(state));
  if (worst === undefined) return null;
  const { id, label, priority, response, raisedAt, changedAt } = worst;
  return { id, label, priority, since: raisedAt ?? changedAt, response };
}
