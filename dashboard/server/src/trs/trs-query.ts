/** TRS of a line by shift or by day. Asked on the thread of large questions. */
import type { TrsAnswer, TrsRow } from '@trame/protocol/stops/stop-answers';
import { Coverage, Timeline } from '../calendar/coverage.ts';
import { common, lengthMs, type Interval } from '../calendar/intervals.ts';
import type { Records } from '../records/open-records.ts';
import { lineTime, type TimeRules } from '../stops/line-time.ts';
import { dayAfter, dayStartMs, localDayIn } from '../tonnage/local-day.ts';
import { crewTime, type CrewShift, type TeamShift } from './crew-time.ts';
import {
  countsIn,
  handSortedIn,
  lineVoice,
  shiftsIn,
  type LineAddress,
  type LineVoice,
  type SortedByHand,
} from './line-work.ts';
import type { LineTargets } from './target-config.ts';
import { waterfall, type Counted, type WaterfallFacts } from './waterfall.ts';

export const TRS_BY = ['shift', 'day'] as const;
export type TrsBy = (typeof TRS_BY)[number];

export interface TrsAsked extends LineAddress {
  readonly period: Interval;
  readonly by: TrsBy;
  readonly rules: TimeRules;
  readonly targets: LineTargets;
  /** Outlets whose material can only be disposed of. */
  readonly disposal: readonly string[];
}

/** Key of the row of the whole period. */
export const WHOLE = 'period';
const HOUR_MS = 3_600_000;
const GRAMS_PER_KG = 1_000;

export async function trsOf(records: Records, asked: TrsAsked): Promise<TrsAnswer> {
  const { by, rules } = asked;
  // What is to come has not happened.
  const to = Math.max(asked.period.from, Math.min(asked.period.to, rules.nowMs));
  const period = { from: asked.period.from, to };
  const shifts = await shiftsIn(records, asked, period, rules.nowMs);
  const ofPeriod = shifts.filter(({ from }) => from >= period.from);
  const span = { from: period.from, to: Math.max(period.to, ...ofPeriod.map((shift) => shift.to)) };
  const facts = await factsOf(records, asked, span, shifts);
  const rows =
    by === 'shift'
      ? ofPeriod.map((shift) => shiftTrs(shift, facts))
      : daysOf(period, rules.timeZone).map(({ day, ...of }) => trsRow(day, of, facts, shifts));
  return { rows, total: trsRow(WHOLE, period, facts, shifts) };
}

/** @returns the row of one shift, hidden when it is of too few; null: there is no such shift. */
export async function trsOfShift(
  records: Records,
  asked: Omit<TrsAsked, 'by' | 'period'> & { readonly shift: TeamShift },
): Promise<TrsRow> {
  const { shift } = asked;
  return shiftTrs(shift, await factsOf(records, asked, shift, [shift]));
}

function shiftTrs(shift: TeamShift, facts: TrsFacts): TrsRow {
  return { ...trsRow(shift.id, shift, facts, [shift]), team: shift.team };
}

/** Of the whole that is asked; each row looks at its part of it. */
interface TrsFacts {
  readonly time: Readonly<Record<'open' | 'breaks' | 'maintenance' | 'training' | 'unknown', Coverage>>;
  readonly stops: Timeline<WaterfallFacts['stops'][number]>;
  readonly counts: Timeline<Counted>;
  readonly voice: LineVoice;
  readonly byHand: readonly SortedByHand[];
  readonly targets: LineTargets;
}

async function factsOf(
  records: Records,
  { site, line, rules, targets, disposal }: Omit<TrsAsked, 'by' | 'period'>,
  span: Interval,
  shifts: readonly CrewShift[],
): Promise<TrsFacts> {
  const address = { site, line };
  const voice = await lineVoice(records, address);
  const dayOf = localDayIn(rules.timeZone);
  const isHand = !voice.saysStates && !voice.counts;
  const around = { from: Math.min(span.from, ...shifts.map(({ from }) => from)), to: span.to };
  const { hours, maintenance, training, unknown, stops } = await lineTime(records, address, around, rules);
  return {
    time: {
      open: new Coverage(hours.open),
      breaks: new Coverage(hours.breaks),
      maintenance: new Coverage(maintenance),
      training: new Coverage(training),
      unknown: new Coverage(unknown),
    },
    stops: new Timeline(
      stops.map(({ kind, from, to }) => ({ kind, from, to: to ?? Math.max(from, rules.nowMs) })),
    ),
    counts: new Timeline(isHand ? [] : await countsIn(records, address, around, { disposal, dayOf })),
    voice,
    byHand: isHand ? await handSortedIn(records, address, around, dayOf) : [],
    targets,
  };
}

function trsRow(key: string, { from, to }: Interval, facts: TrsFacts, shifts: readonly CrewShift[]): TrsRow {
  const { time, voice, targets } = facts;
  const period = { from, to };
  const crew = crewTime(shifts, targets.groupMin);
  const open = time.open.cut(period);
  const counted = common(open, crew);
  const row: TrsRow = { key, team: null, from, to, figures: null, teamKgPerHour: null, why: null };
  const none = (why: TrsRow['why']): TrsRow => ({ ...row, why });
  if (open.length === 0) return none('closed');
  if (counted.length === 0) return none('group-too-small');
  if (!voice.saysStates) {
    if (voice.counts) return none('no-states');
    return { ...none('hand-line'), teamKgPerHour: teamKgPerHour(facts.byHand, counted) };
  }
  const figures = waterfall({
    period,
    open,
    breaks: time.breaks.cut(period),
    crew,
    maintenance: time.maintenance.cut(period),
    training: time.training.cut(period),
    stops: facts.stops.touching(period),
    unknown: time.unknown.cut(period),
    counts: facts.counts.touching(period),
    nominalKgPerHour: targets.nominalKgPerHour,
  });
  if (figures.requiredMs === 0) return none('not-required');
  const why = targets.nominalKgPerHour === null ? 'no-nominal' : null;
  return { ...row, figures, why };
}

/** Of all of them together, breaks included. */
function teamKgPerHour(byHand: readonly SortedByHand[], counted: readonly Interval[]): number {
  const time = new Coverage(counted);
  const grams = byHand
    .filter(({ at }) => time.within({ from: at, to: at + 1 }) > 0)
    .reduce((sum, one) => sum + one.grams, 0);
  return Math.round((grams / GRAMS_PER_KG / (lengthMs(counted) / HOUR_MS)) * 10) / 10;
}

/** Local days that lie in the period, as far as they do. */
function daysOf({ from, to }: Interval, timeZone: string): (Interval & { readonly day: string })[] {
  const dayOf = localDayIn(timeZone);
  const days: (Interval & { readonly day: string })[] = [];
  for (let at = from; at < to;) {
    const day = dayOf(at);
    const next = dayStartMs(dayAfter(day), dayOf);
    days.push({ day, from: at, to: Math.min(next, to) });
    at = next;
  }
  return days;
}
