/** Spools for tests: a data directory of their own, a clock that a test moves, and what they tell. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TelemetryGap } from '@trame/protocol/ledger-payloads';
import { GOOD } from '@trame/protocol/quality';
import { DEFAULT_SPOOL } from '../domain/line-config.ts';
import type { Sample } from '../domain/tag-state.ts';
import type { Clock } from '../ports/clock.ts';
import type { Spool } from '../ports/spool.ts';
import { openSpool } from './open-spool.ts';
import type { SpoolOptions, TelemetrySpool } from './telemetry-spool.ts';

/** Monday, 2026-11-02. */
export const START_MS = Date.UTC(2026, 10, 2, 8);

/** Moves only when told to; nothing sleeps on it. */
export class HandClock implements Clock {
  #elapsedMs = 0;
  #steppedMs = 0;

  nowMs(): number {
    return START_MS + this.#elapsedMs + this.#steppedMs;
  }

  monotonicMs(): number {
    return this.#elapsedMs;
  }

  sleep(): Promise<void> {
    throw new Error('a test moves this clock by hand');
  }

  advance(ms: number): void {
    this.#elapsedMs += ms;
  }

  stepWall(ms: number): void {
    this.#steppedMs += ms;
  }
}

/** A data directory, and the ledger of those gaps that were told. */
export class TestSite implements Disposable {
  readonly dir: string;
  readonly clock = new HandClock();
  readonly gaps = new Map<string, TelemetryGap>();
  readonly errors: object[] = [];
  /** Whether gaps that are told are recorded. */
  records = true;
  freeBytes: number | null = null;
  #opened = 0;

  constructor(dir = mkdtempSync(join(tmpdir(), 'trame-spool-'))) {
    this.dir = dir;
  }

  get file(): string {
    return join(this.dir, 'spool.sqlite');
  }

  get told(): readonly TelemetryGap[] {
    return [...this.gaps.values()];
  }

  open(config: Partial<SpoolOptions['config']> = {}, over: Partial<SpoolOptions> = {}): TelemetrySpool {
    this.#opened += 1;
    const run = this.#opened;
    return openSpool({
      dataDir: this.dir,
      config: { ...DEFAULT_SPOOL, ...config },
      clock: this.clock,
      entropy: { random: () => 0, bytes: (count) => new Uint8Array(count).fill(run) },
      log: { debug: () => {}, info: () => {}, warn: () => {}, error: (fields) => this.errors.push(fields) },
      onGap: (gap, key) => {
        if (this.records) this.gaps.set(key, gap);
      },
      isRecorded: (key) => this.gaps.has(key),
      freeBytes: () => this.freeBytes,
      reserveBytes: 1024,
      ...over,
    });
  }

  /** A second passes. */
  tick(spool: TelemetrySpool, ms = 1000): void {
    this.clock.advance(ms);
    spool.flush();
  }

  /** @returns `count` samples of this moment, numbered from `first` on. */
  samples(first: number, count = 1, tag = 'gross'): readonly Sample[] {
    return Array.from({ length: count }, (_, index) => ({
      tag,
      value: first + index,
      quality: GOOD,
      qualityChanged: false,
      timeMs: this.clock.nowMs(),
    }));
  }

  [Symbol.dispose](): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** Takes everything that waits, in the order in which it would be sent, and removes it. */
export function drain(spool: Spool, devices: readonly string[] = ['scale']): readonly unknown[] {
  const values: unknown[] = [];
  for (;;) {
    const batches = spool.peek(new Map(devices.map((device) => [device, 0])), 1000);
    if (batches.length === 0) return values;
    values.push(...batches.flatMap(({ samples }) => samples.map(({ value }) => value)));
    spool.remove(batches.map(({ id }) => id));
  }
}

export function numbers(first: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

/** Samples that the gaps declare. */
export function declared(gaps: readonly TelemetryGap[]): number {
  return gaps.reduce((total, { samples }) => total + (samples ?? 0), 0);
}
