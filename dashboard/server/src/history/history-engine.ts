/** What an engine must be able to do; buffering, retrying and choosing resolutions are done once, above it. */
import type { BucketRow } from './bucket-row.ts';
import type { Sample, TagAddress } from './history-store.ts';
import type { QueryPlan } from './plan-query.ts';

/** A minute of a line in which something was stored. */
export interface TouchedMinute {
  readonly site: string;
  readonly line: string;
  /** Its start, ms since 1970 UTC. */
  readonly minuteMs: number;
}

export interface RefusedSample {
  readonly sample: Sample;
  readonly reason: string;
}

export interface WriteOutcome {
  readonly stored: number;
  /** Rows that the engine will never take; writing them again would not help. */
  readonly refused: readonly RefusedSample[];
}

export interface HistoryEngine {
  /** Makes what must be there before the first write. @throws when the engine is away. */
  prepare(): Promise<void>;
  /** Stores a batch; the same sample twice is stored once. @throws when the engine is away: nothing is lost. */
  write(samples: readonly Sample[]): Promise<WriteOutcome>;
  /** Computes the minutes anew from the samples, and the hours that hold them from the minutes. */
  recompute(minutes: readonly TouchedMinute[]): Promise<void>;
  /** @returns at most `limit` rows, in order of time. */
  read(tag: TagAddress, plan: QueryPlan, limit: number): Promise<BucketRow[]>;
  /** Removes samples before `rawBeforeMs`, and minutes and hours before `aggregatesBeforeMs`. */
  retain(rawBeforeMs: number, aggregatesBeforeMs: number): Promise<void>;
  close(): Promise<void>;
}
