/**
 * The history as the rest of the server sees it: takes samples at once, stores them when the engine can. Until then
 * they wait in memory, and whatever is lost there is told: a mark on disk says since when samples wait for longer
 * than about a second, so that an end without a farewell leaves a gap (`server-cut-off`). That it is declared
 * rather than kept on disk is meant: a queue on disk would be a second history to bound, replay and repair, for
 * outages of the engine that last until the server ends too. Less than that needs no mark, with either engine: the
 * embedded one commits within about a second, and an edge sends again what it sent just before the server went.
 */
import type { HistoryGap } from '@trame/protocol/dashboard-api';
import type { Clock } from '../ports/clock.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { Log } from '../ports/log.ts';
import { slept } from '../ports/repeat.ts';
import { toPoints } from './bucket-row.ts';
import type { HistoryEngine, RefusedSample } from './history-engine.ts';
import type { HistoryLosses, LineAddress } from './history-losses.ts';
import type { HistoryQuery, HistoryResult, HistoryStats, HistoryStore, Sample } from './history-store.ts';
import {
  AGGREGATE_DAYS,
  BATCH_SAMPLES_MAX,
  BUFFERED_SAMPLES_MAX,
  CLOSE_PATIENCE_MS,
  DAY_MS,
  MARK_AFTER_MS,
  MARK_INTERVAL_MS,
  RECOMPUTE_INTERVAL_MS,
  RETENTION_INTERVAL_MS,
  RETRY_MAX_MS,
  TOUCHED_MINUTES_MAX,
  WRITE_INTERVAL_MS,
} from './limits.ts';
import { planQuery } from './plan-query.ts';
import { SampleBuffer } from './sample-buffer.ts';
import type { TouchedMinutes } from './touched-minutes.ts';

export interface BufferedHistoryOptions {
  readonly engine: HistoryEngine;
  readonly touched: TouchedMinutes;
  readonly losses: HistoryLosses;
  readonly retentionDays: number;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
  /** Keeps refused rows for a person to look at. */
  readonly deadLetter: (refused: readonly RefusedSample[]) => void;
  readonly bufferedMax?: number;
}

/** Minutes computed in one go. */
const RECOMPUTE_BATCH = 500;

export class BufferedHistory implements HistoryStore {
  readonly #options: BufferedHistoryOptions;
  readonly #buffer: SampleBuffer;
  readonly #ended = new AbortController();
  readonly #loops: Promise<unknown>;
  /** Monotonic time since when something waits; null: nothing does. */
  #waitingSinceMs: number | null = null;
  #stored = 0;
  #refused = 0;
  #healthy = true;
  #prepared = false;
  #flushing: Promise<void> = Promise.resolve();

  constructor(options: BufferedHistoryOptions) {
    this.#options = options;
    this.#buffer = new SampleBuffer(options.bufferedMax ?? BUFFERED_SAMPLES_MAX, (samples) =>
      options.losses.overflowed(samples),
    );
    this.#loops = Promise.all([
      this.#writeLoop(),
      this.#recomputeLoop(),
      this.#retainLoop(),
      this.#markLoop(),
    ]);
  }

  append(samples: readonly Sample[]): void {
    const oldestMs = this.#options.clock.nowMs() - this.#options.retentionDays * DAY_MS;
    const taken: Sample[] = [];
    const refused: RefusedSample[] = [];
    for (const sample of samples) {
      const reason = refusalOf(sample, oldestMs);
      if (reason === null) taken.push(sample);
      else refused.push({ sample, reason });
    }
    if (taken.length > 0) this.#waitingSinceMs ??= this.#options.clock.monotonicMs();
    this.#options.losses.took(taken);
    this.#buffer.add(taken);
    this.#refuse(refused);
  }

  async query(query: HistoryQuery): Promise<HistoryResult> {
    const plan = planQuery(query, this.#options.clock.nowMs(), this.#options.retentionDays);
    const rows = await this.#options.engine.read(query.tag, plan, query.limit + 1);
    const truncated = rows.length > query.limit;
    return {
      everyMs: plan.everyMs,
      points: toPoints(truncated ? rows.slice(0, query.limit) : rows, plan.everyMs),
      truncated,
    };
  }

  gaps(line: LineAddress, fromMs: number, toMs: number, limit: number): HistoryGap[] {
    return this.#options.losses.gaps(line, fromMs, toMs, limit);
  }

  async settle(): Promise<void> {
    // At least once: the batch that is on its way is in the buffer no more, and not yet in the engine.
    do await this.#flush();
    while (this.#buffer.size > 0);
    while (await this.#recompute());
  }

  stats(): HistoryStats {
    return {
      stored: this.#stored,
      overflowed: this.#buffer.overflowed,
      refused: this.#refused,
      buffered: this.#buffer.size,
      healthy: this.#healthy,
    };
  }

  async close(): Promise<void> {
    this.#ended.abort();
    await this.#loops;
    const late = new AbortController();
    // What cannot be computed now is computed at the next start: it is on disk as touched.
    const stored = this.settle().catch((error: unknown) =>
      this.#failed(error, 'history not settled at stop'),
    );
    await Promise.race([stored, slept(this.#options.clock, CLOSE_PATIENCE_MS, late.signal)]);
    late.abort();
    // A stop that is cut short here leaves the mark.
    this.#keep(() => this.#options.losses.save());
    await this.#options.engine.close();
    await stored;
    // Only now is it known what the last batch became.
    const left = this.#buffer.take(this.#buffer.size);
    if (left.length > 0) {
      this.#options.log.error({ samples: left.length }, 'samples lost at stop: the history is away');
      this.#keep(() => this.#options.losses.gaveUp(left));
    }
    this.#options.touched.close();
    this.#options.losses.close();
  }

  async #writeLoop(): Promise<void> {
    let failures = 0;
    for (;;) {
      const waitMs = failures === 0 ? WRITE_INTERVAL_MS : this.#retryDelayMs(failures);
      if (!(await slept(this.#options.clock, waitMs, this.#ended.signal))) return;
      try {
        while (this.#buffer.size > 0 && !this.#ended.signal.aborted) await this.#flush();
        failures = 0;
      } catch (error) {
        failures += 1;
        this.#failed(error, 'history not written, kept and tried again');
      }
    }
  }

  async #recomputeLoop(): Promise<void> {
    while (await slept(this.#options.clock, RECOMPUTE_INTERVAL_MS, this.#ended.signal)) {
      try {
        while (!this.#ended.signal.aborted && (await this.#recompute()));
      } catch (error) {
        this.#failed(error, 'minutes not recomputed, tried again');
      }
    }
  }

  async #retainLoop(): Promise<void> {
    while (await slept(this.#options.clock, RETENTION_INTERVAL_MS, this.#ended.signal)) {
      const nowMs = this.#options.clock.nowMs();
      try {
        // One day more than is promised: a minute at the edge must be recomputed from all of its samples.
        const rawBeforeMs = nowMs - (this.#options.retentionDays + 1) * DAY_MS;
        await this.#options.engine.retain(rawBeforeMs, nowMs - AGGREGATE_DAYS * DAY_MS);
      } catch (error) {
        this.#failed(error, 'old history not removed, tried again');
      }
    }
  }

  async #markLoop(): Promise<void> {
    const { clock, losses } = this.#options;
    while (await slept(clock, MARK_INTERVAL_MS, this.#ended.signal)) {
      const sinceMs = this.#waitingSinceMs;
      if (sinceMs !== null && clock.monotonicMs() - sinceMs >= MARK_AFTER_MS) this.#keep(() => losses.save());
    }
  }

  /** A full disk must not stop the samples; it is tried again. */
  #keep(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.#options.log.error(
        { reason: error instanceof Error ? error.message : String(error) },
        'losses of the history not kept',
      );
    }
  }

  /** One batch at a time, whoever asks. */
  #flush(): Promise<void> {
    const next = this.#flushing.then(() => this.#writeBatch());
    this.#flushing = next.catch(() => undefined);
    return next;
  }

  async #writeBatch(): Promise<void> {
    const { engine, touched } = this.#options;
    if (touched.size > TOUCHED_MINUTES_MAX) await this.#recompute();
    const batch = this.#buffer.take(BATCH_SAMPLES_MAX);
    if (batch.length === 0) return;
    try {
      if (!this.#prepared) await engine.prepare();
      this.#prepared = true;
      touched.touch(batch);
      const { stored, refused } = await engine.write(batch);
      this.#stored += stored;
      this.#healthy = true;
      this.#refuse(refused);
      // Minutes taken while this batch was on its way may have been computed without it.
      touched.touch(batch);
    } catch (error) {
      this.#buffer.putBack(batch);
      // The engine may come back empty: what must be there is looked at again.
      this.#prepared = false;
      throw error;
    }
    if (this.#buffer.size > 0) return;
    this.#waitingSinceMs = null;
    this.#keep(() => this.#options.losses.emptied());
  }

  /** @returns whether there may be more to compute. */
  async #recompute(): Promise<boolean> {
    const { engine, touched, clock } = this.#options;
    const startedMs = clock.nowMs();
    const minutes = touched.take(RECOMPUTE_BATCH);
    if (minutes.length === 0) return false;
    try {
      await engine.recompute(minutes);
      touched.done(minutes, startedMs);
      return minutes.length === RECOMPUTE_BATCH;
    } catch (error) {
      touched.putBack(minutes);
      throw error;
    }
  }

  #retryDelayMs(failures: number): number {
    const full = Math.min(RETRY_MAX_MS, WRITE_INTERVAL_MS * 2 ** Math.min(failures, 10));
    return full / 2 + (full / 2) * this.#options.entropy.random();
  }

  #refuse(refused: readonly RefusedSample[]): void {
    if (refused.length === 0) return;
    this.#refused += refused.length;
    this.#options.deadLetter(refused);
  }

  #failed(error: unknown, message: string): void {
    this.#healthy = false;
    this.#options.log.warn({ reason: error instanceof Error ? error.message : String(error) }, message);
  }
}

/** Both engines would take these differently, or not at all: refused before they reach one. */
function refusalOf(sample: Sample, oldestMs: number): string | null {
  if (sample.value !== null && !Number.isFinite(sample.value)) return 'the value is not a finite number';
  if (!Number.isSafeInteger(sample.timeMs)) return 'the time is not a whole number of ms';
  return sample.timeMs < oldestMs ? 'older than samples are kept' : null;
}
