/**
 * What fell, as events: every interval, at its multiples on the wall clock, what each counter has grown since its
 * mark. The marks are written with the events, so that recorded + waiting = counted whatever crashes in between.
 */
import { EVENT_TIME_MIN_MS } from '@trame/protocol/ledger-event';
import { COUNT_GRAMS_MAX, type Count } from '@trame/protocol/ledger-payloads';
import { countedUpTo } from './count-total.ts';
import type { KeptCount } from './line-counts.ts';
import type { TagRef } from './tag-ref.ts';
import { lineEvent, type LineEvent } from './line-events.ts';
import { isSameTotal, type TotalSource } from './source-identity.ts';
import { countMarkName, encodeCountMark, type CountMark } from './throughput-mark.ts';

/** Name of the mark that says where the last recorded period ended, UTC ms. */
export const THROUGHPUT_UNTIL_MARK = 'throughput.until';
/** Events into which one counter's growth is cut at once; what is left waits for the next second. */
const PORTIONS_MAX = 100;
/** Counters in one event. */
const COUNTS_MAX = 50;

export interface ThroughputState {
  /** Up to where each counter has been handed over. */
  readonly marks: ReadonlyMap<string, CountMark>;
  /** Where the present period began, UTC ms. */
  readonly fromMs: number;
  /** Which multiple of the interval the present period lies in. */
  readonly slot: number;
}

export interface ThroughputInput {
  /** UTC ms. */
  readonly nowMs: number;
  readonly everyMs: number;
  /** Counters as they are on disk. */
  readonly counts: readonly KeptCount[];
  /** Ends the period here whatever the interval says: the edge starts or stops. UTC ms. */
  readonly cutAtMs: number | null;
}

export interface ThroughputStep {
  readonly state: ThroughputState;
  readonly events: readonly LineEvent[];
  /** Counters whose total no record can hold; they wait for a person. */
  readonly unrecordable: readonly string[];
}

/** @param untilMs end of the last recorded period, or the present when there was none; UTC ms. */
export function startThroughput(
  marks: ReadonlyMap<string, CountMark>,
  untilMs: number,
  input: Pick<ThroughputInput, 'nowMs' | 'everyMs'>,
): ThroughputState {
  return { marks, fromMs: untilMs, slot: Math.floor(input.nowMs / input.everyMs) };
}

/**
 * A life of a device that ended is closed at once, before its successor counts; what grows is recorded when the
 * period ends. Material that falls between the boundary and the tick that sees it belongs to the period before it.
 */
export function nextThroughput(state: ThroughputState, input: ThroughputInput): ThroughputStep {
  const { nowMs, everyMs, counts, cutAtMs } = input;
  const marks = new Map(state.marks);
  const slot = Math.floor(nowMs / everyMs);
  const due = cutAtMs !== null || slot !== state.slot;
  // The last millisecond of the period: one that ends at midnight belongs to the day before. A clock that was
  // set back has no boundary to offer.
  const toMs = atLeastMin(cutAtMs ?? (slot > state.slot ? slot * everyMs - 1 : nowMs));
  const period = { from: atLeastMin(Math.min(state.fromMs, toMs)), to: toMs };
  const closing = { from: atLeastMin(Math.min(state.fromMs, nowMs)), to: atLeastMin(nowMs) };

  const events: LineEvent[] = [];
  const unrecordable: string[] = [];
  const open: Portion[][] = [];
  for (const kept of counts) {
    if (!isRecordable(kept)) {
      unrecordable.push(kept.name);
      continue;
    }
    const closed = closeEnded(kept, marks, closing);
    events.push(...closed.events);
    if (due && closed.all) open.push(takePortions(kept, presentLife(kept), kept.state.countedGrams, marks));
  }
  events.push(...recordTogether(open, period));
  return {
    state: {
      marks,
      fromMs: due ? toMs + 1 : state.fromMs,
      slot,
    },
    events,
    unrecordable,
  };
}

interface Period {
  readonly from: number;
  readonly to: number;
}

interface Portion {
  readonly count: Count;
  readonly mark: Readonly<Record<string, string>>;
}

type Life = NonNullable<CountMark['life']> & { readonly sourceGrams: bigint };

/** @returns the events, and whether every ended life is told; else its successor waits. */
function closeEnded(
  kept: KeptCount,
  marks: Map<string, CountMark>,
  period: Period,
): { readonly events: readonly LineEvent[]; readonly all: boolean } {
  const events: LineEvent[] = [];
  for (const [index, ended] of kept.ended.entries()) {
    if (ended.generation < (marks.get(kept.name)?.life?.generation ?? 0)) continue;
    const { source, reads, generation, sourceGrams, fellToGrams } = ended;
    const life = { source, reads, generation, sourceGrams };
    const portions = takePortions(kept, life, ended.countedGrams, marks);
    events.push(...recordTogether([portions], period));
    const reached = (marks.get(kept.name)?.totalGrams ?? 0n) >= ended.countedGrams;
    if (!reached) return { events, all: false };
    const next: CountMark['life'] =
      fellToGrams === null
        ? { ...successorOf(kept, index), generation: generation + 1, sourceGrams: null }
        : { ...life, generation: generation + 1, sourceGrams: fellToGrams };
    if (fellToGrams === null && isSameTotal(next, life)) continue;
    const mark: CountMark = { totalGrams: ended.countedGrams, life: next };
    marks.set(kept.name, mark);
    events.push(endOfLife(kept.name, life, next, mark, period.to));
  }
  return { events, all: true };
}

/** @returns what is counted since a life ended: the total of the life after it. */
function successorOf(kept: KeptCount, index: number): TotalSource {
  const { source, reads } = kept.ended[index + 1] ?? kept;
  return { source, reads };
}

/** The device's total fell, or another total is counted since: then what fell meanwhile is told by neither. */
function endOfLife(
  counter: string,
  life: Life,
  next: NonNullable<CountMark['life']>,
  mark: CountMark,
  atMs: number,
): LineEvent {
  const marks = { [countMarkName(counter)]: encodeCountMark(mark) };
  const source = sourceOf(next);
  const fromGrams = Number(life.sourceGrams);
  if (next.sourceGrams === null) {
    const replaced = { counter, source, previous: sourceOf(life), previousGrams: fromGrams };
    return lineEvent('total.replaced', atMs, replaced, marks);
  }
  const wentBack = { counter, source, fromGrams, toGrams: Number(next.sourceGrams) };
  return lineEvent('total.wentBack', atMs, wentBack, marks);
}

function presentLife({ source, reads, state }: KeptCount): Life | null {
  const sourceGrams = countedUpTo(state);
  return sourceGrams === null ? null : { source, reads, generation: state.generation, sourceGrams };
}

/** Hands over what a counter has grown since its mark, in portions that an event can hold, and moves the mark. */
function takePortions(
  { name }: KeptCount,
  life: Life | null,
  countedGrams: bigint,
  marks: Map<string, CountMark>,
): Portion[] {
  const portions: Portion[] = [];
  if (life === null) return portions;
  let done = marks.get(name)?.totalGrams ?? 0n;
  while (done < countedGrams && portions.length < PORTIONS_MAX) {
    const left = countedGrams - done;
    const grams = left < BigInt(COUNT_GRAMS_MAX) ? left : BigInt(COUNT_GRAMS_MAX);
    done += grams;
    const behind = life.sourceGrams - (countedGrams - done);
    const sourceGrams = behind < 0n ? 0n : behind;
    const mark: CountMark = { totalGrams: done, life: { ...life, sourceGrams } };
    marks.set(name, mark);
    portions.push({
      count: {
        counter: name,
        grams: Number(grams),
        totalGrams: Number(done),
        source: sourceOf(life),
        sourceGrams: Number(sourceGrams),
      },
      mark: { [countMarkName(name)]: encodeCountMark(mark) },
    });
  }
  return portions;
}

function sourceOf({ source, generation }: { source: TagRef; generation: number }): Count['source'] {
  return { device: source.device, tag: source.tag, generation };
}

/** One event for the first portion of every counter, another for the second portions… */
function recordTogether(counters: readonly (readonly Portion[])[], period: Period): readonly LineEvent[] {
  const events: LineEvent[] = [];
  const rounds = Math.max(0, ...counters.map((portions) => portions.length));
  for (let round = 0; round < rounds; round += 1) {
    const portions = counters.flatMap((list) => list[round] ?? []);
    for (let from = 0; from < portions.length; from += COUNTS_MAX) {
      events.push(recordOne(portions.slice(from, from + COUNTS_MAX), period));
    }
  }
  return events;
}

function recordOne(portions: readonly Portion[], period: Period): LineEvent {
  const marks = portions.map(({ mark }) => mark);
  const until = { [THROUGHPUT_UNTIL_MARK]: String(period.to) };
  return lineEvent(
    'throughput.counted',
    period.to,
    { ...period, counts: portions.map(({ count }) => count) },
    marks.reduce((all, mark) => ({ ...all, ...mark }), until),
  );
}

/** JSON numbers hold whole grams up to 9 · 10⁹ t; more is a register read the wrong way round. */
function isRecordable({ state, ended }: KeptCount): boolean {
  const grams = [
    state.countedGrams,
    countedUpTo(state) ?? 0n,
    ...ended.flatMap((life) => [life.countedGrams, life.sourceGrams]),
  ];
  return grams.every((amount) => amount <= BigInt(Number.MAX_SAFE_INTEGER));
}

function atLeastMin(ms: number): number {
  return Math.max(ms, EVENT_TIME_MIN_MS);
}
