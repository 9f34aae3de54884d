/**
 * The waterfall of time of NF E60-182 and the rates that follow from it. Pure; whole milliseconds, so that
 * Do · Tp · Tq = TRS holds exactly.
 *
 * tT total → tO open → tR required → tF running → tN net → tU useful.
 * - tO: opening hours, of which enough people were counted at the line that a figure is nobody's own.
 * - tR: without breaks, planned maintenance, training, and what people said was planned (no load, trial, meeting).
 * - tF: without own and induced stops. tN: as long as what was sorted takes at the nominal throughput, never more than
 *   tF. tU: of that the part that was not refused.
 *
 * Of opening hours of which nobody knows anything nothing is in any of these times, the total included: they are told apart.
 *
 * Training never lowers the TRS. A line that stands in training is not required at all. Of one that runs in training, what
 * it sorts counts, and of its time only what those kilograms take at the nominal throughput: the rest, in which people
 * learnt, is training. More is never taken out than is left between running and net time.
 */
import type { TrsRow } from '@trame/protocol/stops/stop-answers';
import {
  PLANNED_KINDS,
  STOP_KINDS,
  TOLD_KINDS,
  type StopKind,
  type ToldKind,
} from '@trame/protocol/stops/stop-names';
import { Coverage } from '../calendar/coverage.ts';
import { common, joined, lengthMs, without, type Interval } from '../calendar/intervals.ts';

export interface Counted extends Interval {
  /** What came in; on a line that does not weigh it, what fell into its outlets. */
  readonly inputGrams: number;
  /** Of that, what can only be disposed of. */
  readonly refusedGrams: number;
}

export interface WaterfallFacts {
  readonly period: Interval;
  readonly open: readonly Interval[];
  readonly breaks: readonly Interval[];
  /** When enough people were counted at the line. */
  readonly crew: readonly Interval[];
  /** Modes of the line. */
  readonly maintenance: readonly Interval[];
  readonly training: readonly Interval[];
  /** Each moment in one at most. */
  readonly stops: readonly (Interval & { readonly kind: ToldKind })[];
  readonly unknown: readonly Interval[];
  readonly counts: readonly Counted[];
  /** Null: not configured. */
  readonly nominalKgPerHour: number | null;
}

export type Figures = NonNullable<TrsRow['figures']>;

const HOUR_MS = 3_600_000;
const GRAMS_PER_KG = 1_000;

export function waterfall(facts: WaterfallFacts): Figures {
  const { period, nominalKgPerHour: nominal } = facts;
  const opened = common(common(facts.open, [period]), facts.crew);
  const open = without(opened, facts.unknown);
  const unknownMs = lengthMs(opened) - lengthMs(open);
  const { left: required, planned } = takePlanned(open, facts);
  const stops = stopTimes(required, facts);
  const stopped = stops.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const [requiredAll, runningAll] = [lengthMs(required), lengthMs(required) - stopped];
  const { inputGrams, refusedGrams } = countedIn(new Coverage(producing(open, facts)), facts.counts);
  const netMs = nominal === null ? null : Math.min(runningAll, Math.floor(msOf(inputGrams, nominal)));
  const learning = without(common(required, facts.training), facts.stops);
  const learntMs =
    netMs === null || nominal === null
      ? lengthMs(learning)
      : Math.min(wholeMs(slackMs(learning, facts.counts, nominal)), runningAll - netMs);
  planned.set('training', (planned.get('training') ?? 0) + learntMs);
  const refused = inputGrams === 0 ? 0 : Math.min(1, refusedGrams / inputGrams);
  const times = {
    totalMs: period.to - period.from - unknownMs,
    openMs: lengthMs(open),
    requiredMs: requiredAll - learntMs,
    runningMs: runningAll - learntMs,
    netMs,
    usefulMs: netMs === null ? null : Math.floor(netMs * (1 - refused)),
  };
  return {
    ...times,
    planned: STOP_KINDS.flatMap((kind) => {
      const durationMs = planned.get(kind) ?? 0;
      return durationMs > 0 ? [{ kind, durationMs }] : [];
    }),
    stops,
    unknownMs,
    ...ratesOf(times),
    inputGrams,
    refusedGrams,
  };
}

type Times = Pick<Figures, 'totalMs' | 'openMs' | 'requiredMs' | 'runningMs' | 'netMs' | 'usefulMs'>;

/** @returns null where there is nothing to divide by. */
function over(part: number | null, whole: number | null): number | null {
  return part === null || whole === null || whole === 0 ? null : part / whole;
}

function ratesOf(
  times: Times,
): Pick<Figures, 'availability' | 'performance' | 'quality' | 'trs' | 'trg' | 'tre'> {
  const { totalMs, openMs, requiredMs, runningMs, netMs, usefulMs } = times;
  return {
    availability: over(runningMs, requiredMs),
    performance: over(netMs, runningMs),
    quality: over(usefulMs, netMs),
    trs: over(usefulMs, requiredMs),
    trg: over(usefulMs, openMs),
    tre: over(usefulMs, totalMs),
  };
}

/** Takes what was planned out of the opening time; each moment once, what stands first here counts. */
function takePlanned(
  open: readonly Interval[],
  { breaks, maintenance, training, stops }: WaterfallFacts,
): { readonly left: Interval[]; readonly planned: Map<StopKind, number> } {
  const standing = joined(stops);
  const ofKind = (kind: StopKind) => stops.filter((stop) => stop.kind === kind);
  const inOrder: readonly (readonly [StopKind, readonly Interval[]])[] = [
    ['break', breaks],
    ['maintenance', maintenance],
    ['training', common(training, standing)],
    ...PLANNED_KINDS.map((kind) => [kind, ofKind(kind)] as const),
  ];
  const planned = new Map<StopKind, number>();
  let left = joined(open);
  for (const [kind, intervals] of inOrder) {
    const taken = lengthMs(common(left, intervals));
    if (taken === 0) continue;
    planned.set(kind, (planned.get(kind) ?? 0) + taken);
    left = without(left, intervals);
  }
  return { left, planned };
}

/** Own and induced stops within the required time, and those that nobody explained: they lower the rates as well. */
function stopTimes(required: readonly Interval[], { stops }: WaterfallFacts): Figures['stops'] {
  const inRequired = new Coverage(required);
  const found = new Map<ToldKind, { stops: number; durationMs: number }>();
  for (const { kind, ...interval } of stops) {
    if (PLANNED_KINDS.some((planned) => planned === kind)) continue;
    const durationMs = inRequired.within(interval);
    if (durationMs === 0) continue;
    const before = found.get(kind) ?? { stops: 0, durationMs: 0 };
    found.set(kind, { stops: before.stops + 1, durationMs: before.durationMs + durationMs });
  }
  return TOLD_KINDS.flatMap((kind) => {
    const sum = found.get(kind);
    return sum === undefined ? [] : [{ kind, ...sum }];
  });
}

/** Time in which what falls counts, whatever was said of its stops: what was sorted was sorted. */
function producing(open: readonly Interval[], { breaks, maintenance }: WaterfallFacts): Interval[] {
  return without(open, [...breaks, ...maintenance]);
}

/** What was counted in a stretch fell evenly over it. */
function countedIn(
  time: Coverage,
  counts: readonly Counted[],
): { readonly inputGrams: number; readonly refusedGrams: number } {
  let [input, refused] = [0, 0];
  for (const count of counts) {
    const share = shareIn(count, time);
    input += count.inputGrams * share;
    refused += count.refusedGrams * share;
  }
  return { inputGrams: Math.round(input), refusedGrams: Math.round(refused) };
}

function shareIn({ from, to }: Interval, time: Coverage): number {
  if (to > from) return time.within({ from, to }) / (to - from);
  // What was counted in no time fell in the moment before.
  return time.within({ from: to - 1, to });
}

/** @returns of this time what lies beyond what the kilograms that fell in it take at the nominal throughput. */
function slackMs(time: readonly Interval[], counts: readonly Counted[], nominal: number): number {
  // Moment by moment, so that more time never has less of it.
  const covered = new Coverage(time);
  const slices = counts.filter((count) => count.to > count.from && shareIn(count, covered) > 0);
  const cuts = [...new Set(slices.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b);
  let filled = 0;
  let active: readonly Counted[] = [];
  let next = 0;
  const inOrder = [...slices].sort((a, b) => a.from - b.from);
  for (const [n, from] of cuts.entries()) {
    const to = cuts[n + 1];
    if (to === undefined) break;
    active = active.filter((one) => one.to > from);
    for (let one = inOrder[next]; one !== undefined && one.from <= from; one = inOrder[(next += 1)]) {
      active = [...active, one];
    }
    const rate = active.reduce((sum, one) => sum + msOf(one.inputGrams, nominal) / (one.to - one.from), 0);
    filled += covered.within({ from, to }) * Math.min(1, rate);
  }
  return Math.max(0, lengthMs(time) - filled);
}

/** A sum of the same parts in another order must not fall below the same millisecond. */
function wholeMs(ms: number): number {
  return Math.floor(ms + 1e-3);
}

/** @returns how long it takes at the nominal throughput. */
function msOf(grams: number, nominalKgPerHour: number): number {
  return (grams / (nominalKgPerHour * GRAMS_PER_KG)) * HOUR_MS;
}
