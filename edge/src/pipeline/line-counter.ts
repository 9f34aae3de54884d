/**
 * Counts what enters the line and what falls into each outlet. A total is published only once it is on disk:
 * whoever adds up its differences must never see it go back because the edge was cut off.
 */
import { LINE_METRICS } from '@trame/protocol/line-description';
import { bad, GOOD, uncertain, type Quality } from '@trame/protocol/quality';
import { confirmTotal, hasStood, type Candidate } from '../domain/confirm-total.ts';
import { countTotal, fallenBelow, toGrams, type CountState, type CountEvent } from '../domain/count-total.ts';
import { ENDED_MAX, type CounterDefinition, type EndedCount, type KeptCount } from '../domain/line-counts.ts';
import { pushPoint, rateKgPerHour, type RateWindow } from '../domain/rate-window.ts';
import type { Reading } from '../domain/reading.ts';
import { startCounts, type StartedCount, type StartedCounts } from '../domain/start-counts.ts';
import type { TagState } from '../domain/tag-state.ts';
import { countFromMark, type CountMark } from '../domain/throughput-mark.ts';
import type { CountStore } from '../ports/count-store.ts';

/** Lives of a device that may begin within {@link LIVES_SPAN_MS}: a register that jumps up and down has no more. */
const LIVES_MAX = 2;
const LIVES_SPAN_MS = 60_000;

interface Counter {
  readonly definition: CounterDefinition;
  count: CountState;
  ended: readonly EndedCount[];
  candidate: Candidate | null;
  /** What is on disk; null: nothing yet. */
  kept: KeptCount | null;
  dirty: boolean;
  /** Grams that fell while somebody watched; a difference found after an absence is no throughput. */
  watchedGrams: bigint;
  window: RateWindow;
  seen: boolean;
  badSinceMs: number | null;
  /** Monotonic ms. */
  livesBegunAtMs: readonly number[];
}

export type TagLookup = (device: string, tag: string) => TagState | null;

export interface CountNews {
  readonly counter: string;
  readonly event: CountEvent;
}

/** @returns up to where the ledger has recorded this counter; null: never, or it has no ledger to ask. */
export type RecordedCount = (counter: string) => CountMark | null;

export class LineCounter {
  readonly #counters: readonly Counter[];
  readonly #bySource = new Map<string, Counter[]>();
  readonly #store: CountStore;
  readonly #recorded: RecordedCount;
  /** Counters that are configured no longer. What they counted last may still wait to be recorded. */
  readonly #retired: readonly KeptCount[];
  /** Rows of such counters that differ from what is on disk. */
  #unkept: readonly KeptCount[];
  readonly #started: StartedCounts & { readonly resumed: readonly string[] };

  constructor(definitions: readonly CounterDefinition[], store: CountStore, recorded: RecordedCount) {
    this.#store = store;
    this.#recorded = recorded;
    const rows = new Map(store.loadCounts().map((row) => [row.name, row]));
    const behind = new Set<string>();
    for (const name of new Set([...rows.keys(), ...definitions.map((definition) => definition.name)])) {
      const resumed = countFromMark(name, rows.get(name) ?? null, recorded(name));
      if (resumed === null) continue;
      rows.set(name, resumed);
      behind.add(name);
    }
    const started = startCounts(definitions, [...rows.values()]);
    this.#started = { ...started, resumed: [...behind] };
    this.#counters = definitions.map((definition, index) => {
      const start = started.counters[index];
      if (start === undefined) throw new Error(`the counter ${definition.name} was not started`);
      return startCounter(definition, start, rows.has(definition.name), behind.has(definition.name));
    });
    this.#retired = started.retired;
    this.#unkept = started.retired.filter(
      ({ name }) => behind.has(name) || started.handedOver.includes(name),
    );
    for (const counter of this.#counters) {
      const key = sourceKey(counter.definition.source.device, counter.definition.source.tag);
      this.#bySource.set(key, [...(this.#bySource.get(key) ?? []), counter]);
    }
  }

  /** Every counter as it is on disk, those that are configured no longer included. */
  get kept(): readonly KeptCount[] {
    return [...this.#counters.flatMap(({ kept }) => kept ?? []), ...this.#retired];
  }

  /** How the counters were started; `resumed`: their file said less than the ledger, they went on from it. */
  get started(): StartedCounts & { readonly resumed: readonly string[] } {
    return this.#started;
  }

  /** Takes the state of a tag right after a reading. Only good totals count. */
  take(device: string, tag: TagState, monotonicMs: number): readonly CountNews[] {
    const counters = this.#bySource.get(sourceKey(device, tag.definition.name));
    if (counters === undefined || tag.quality.level !== 'good') return [];
    const grams = toGrams(tag.value, tag.definition.unit);
    if (grams === null) return [];
    return counters.flatMap((counter) => this.#read(counter, { grams, atMs: monotonicMs }));
  }

  /**
   * Counts what has stood, keeps what changed, then tells the line's metrics.
   * @returns the readings, and why nothing could be kept; totals then stay at what is on disk, uncertain.
   */
  tick(
    lookup: TagLookup,
    monotonicMs: number,
  ): { readings: readonly Reading[]; news: readonly CountNews[]; error: unknown } {
    const news = this.#counters.flatMap((counter) => this.#stand(counter, lookup, monotonicMs));
    const error = this.#keep();
    const readings: Reading[] = [];
    let output = { grams: 0n, rate: 0, known: 0, counters: 0, quality: GOOD };
    for (const counter of this.#counters) {
      const { definition } = counter;
      const source = sourceQuality(lookup(definition.source.device, definition.source.tag));
      const rate = advanceRate(counter, source, monotonicMs);
      const total = totalQuality(source, error !== null);
      readings.push(
        { tag: definition.totalMetric, value: keptGrams(counter), quality: total, sourceTimeMs: null },
        { tag: definition.rateMetric, value: rate.value, quality: rate.quality, sourceTimeMs: null },
      );
      if (definition.side !== 'output') continue;
      output = {
        grams: output.grams + keptGrams(counter),
        rate: output.rate + (rate.value ?? 0),
        known: output.known + (rate.value === null ? 0 : 1),
        counters: output.counters + 1,
        quality: output.quality.level === 'good' ? total : output.quality,
      };
    }
    if (output.counters > 0) readings.push(...outputReadings(output));
    return { readings, news, error };
  }

  /** Keeps what changed since the last tick, e.g. before the edge stops. @returns why it could not, or null. */
  flush(): unknown {
    return this.#keep();
  }

  #keep(): unknown {
    const dirty = this.#counters.filter((counter) => counter.dirty);
    // A total that changes hands is kept with both counters, or two would count it.
    const rows = [...dirty.map(asKept), ...this.#unkept];
    if (rows.length === 0) return null;
    try {
      this.#store.saveCounts(rows);
    } catch (error) {
      return error ?? new Error('the counts could not be kept');
    }
    this.#unkept = [];
    for (const counter of dirty) {
      counter.dirty = false;
      counter.kept = asKept(counter);
    }
    return null;
  }

  #read(counter: Counter, reading: Candidate): readonly CountNews[] {
    const { candidate, confirmed } = confirmTotal(counter.candidate, reading, fallenBelow(counter.count));
    counter.candidate = candidate;
    return confirmed === null ? [] : this.#count(counter, confirmed, reading.atMs);
  }

  /** A total that is told on change alone (its driver watches its age) is believed once it has stood a while. */
  #stand(counter: Counter, lookup: TagLookup, monotonicMs: number): readonly CountNews[] {
    const { candidate, definition } = counter;
    const tag = lookup(definition.source.device, definition.source.tag);
    if (candidate === null || tag === null || tag.quality.level !== 'good') return [];
    if (tag.definition.staleAfterMs !== null || !hasStood(candidate, monotonicMs)) return [];
    return this.#count(counter, candidate.grams, monotonicMs);
  }

  #count(counter: Counter, grams: bigint, monotonicMs: number): readonly CountNews[] {
    const { count: before, definition } = counter;
    const recent = counter.livesBegunAtMs.filter((atMs) => monotonicMs - atMs < LIVES_SPAN_MS);
    const { state, event } = countTotal(before, grams, definition.baseline, recent.length < LIVES_MAX);
    counter.livesBegunAtMs = event?.kind === 'began-anew' ? [...recent, monotonicMs] : recent;
    const absent = counter.badSinceMs !== null && monotonicMs - counter.badSinceMs > definition.span.windowMs;
    if (!counter.seen || absent) counter.window = [];
    else counter.watchedGrams += state.countedGrams - before.countedGrams;
    counter.seen = true;
    counter.badSinceMs = null;
    if (state !== before) {
      counter.count = state;
      counter.dirty = true;
    }
    if (event?.kind === 'began-anew') {
      const { source, reads } = definition;
      const life = { source, reads, generation: before.generation, countedGrams: before.countedGrams };
      const fell = { sourceGrams: event.fromGrams, fellToGrams: event.toGrams };
      this.#end(counter, { ...life, ...fell });
    }
    return event === null ? [] : [{ counter: definition.name, event }];
  }

  /** Remembers a life until the ledger has it. */
  #end(counter: Counter, life: EndedCount): void {
    const recorded = this.#recorded(counter.definition.name)?.life?.generation ?? 0;
    const untold = counter.ended.filter(({ generation }) => generation >= recorded);
    counter.ended = [...untold, life].slice(-ENDED_MAX);
  }
}

/** @param hasRow whether anything was counted under this name. @param isBehind whether the disk says less. */
function startCounter(
  definition: CounterDefinition,
  { row, baseline, isNew }: StartedCount,
  hasRow: boolean,
  isBehind: boolean,
): Counter {
  return {
    definition: { ...definition, baseline },
    count: row.state,
    ended: row.ended,
    candidate: null,
    kept: hasRow ? row : null,
    dirty: isNew || isBehind,
    watchedGrams: 0n,
    window: [],
    seen: false,
    badSinceMs: null,
    livesBegunAtMs: [],
  };
}

function asKept({ definition, count, ended }: Counter): KeptCount {
  const { name, source, reads } = definition;
  return { name, source, reads, state: count, ended };
}

function keptGrams({ kept }: Counter): bigint {
  return kept?.state.countedGrams ?? 0n;
}

function advanceRate(
  counter: Counter,
  source: Quality,
  monotonicMs: number,
): { readonly value: number | null; readonly quality: Quality } {
  if (source.level !== 'good') {
    counter.badSinceMs ??= monotonicMs;
    return { value: null, quality: bad(source.reason) };
  }
  const { span } = counter.definition;
  counter.window = pushPoint(counter.window, { atMs: monotonicMs, grams: counter.watchedGrams }, span);
  const value = rateKgPerHour(counter.window, span);
  return value === null ? { value, quality: bad('never-read') } : { value, quality: GOOD };
}

function sourceQuality(tag: TagState | null): Quality {
  if (tag === null) return bad('never-read');
  if (tag.quality.level === 'good' && toGrams(tag.value, tag.definition.unit) === null) {
    return bad('not-a-value');
  }
  return tag.quality;
}

/** What was counted stays true while its device is away; it may only be too little by now. */
function totalQuality(source: Quality, unkept: boolean): Quality {
  if (source.level !== 'good') return uncertain(source.reason);
  return unkept ? uncertain('stale') : GOOD;
}

function outputReadings(output: {
  readonly grams: bigint;
  readonly rate: number;
  readonly known: number;
  readonly counters: number;
  readonly quality: Quality;
}): readonly Reading[] {
  const { grams, known, counters, quality } = output;
  const reason = quality.level === 'good' ? 'never-read' : quality.reason;
  const rate: Pick<Reading, 'value' | 'quality'> =
    known === 0
      ? { value: null, quality: bad(reason) }
      : { value: Math.round(output.rate * 10) / 10, quality: known === counters ? GOOD : uncertain(reason) };
  return [
    { tag: LINE_METRICS.outputTotal, value: grams, quality, sourceTimeMs: null },
    { tag: LINE_METRICS.outputRate, ...rate, sourceTimeMs: null },
  ];
}

function sourceKey(device: string, tag: string): string {
  return `${device}/${tag}`;
}
