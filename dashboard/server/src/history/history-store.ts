/** Port of the history: what was measured, kept in one of two engines that answer alike. */
import type { HistoryGap, HistoryPoint } from '@trame/protocol/dashboard-api';

export interface TagAddress {
  readonly site: string;
  readonly line: string;
  readonly device: string;
  readonly metric: string;
}

/** One sample. A bad one carries no value: the last known value is not a measurement. */
export interface Sample extends TagAddress {
  /** ms since 1970 UTC. */
  readonly timeMs: number;
  readonly value: number | null;
  /** 192 good, 64 uncertain, 0 bad. */
  readonly quality: 0 | 64 | 192;
}

export interface HistoryQuery {
  readonly tag: TagAddress;
  readonly fromMs: number;
  /** Excluded. */
  readonly toMs: number;
  /** Bucket; 0 asks for raw samples. */
  readonly everyMs: number;
  /** Most points given. */
  readonly limit: number;
}

export interface HistoryResult {
  /** Bucket really used: old data exists only by the minute or the hour. */
  readonly everyMs: number;
  readonly points: readonly HistoryPoint[];
  readonly truncated: boolean;
}

export interface HistoryStats {
  /** Samples stored since start. */
  readonly stored: number;
  /** Samples lost because the engine was away longer than the buffer lasts. */
  readonly overflowed: number;
  /** Samples that the engine refused, kept aside. */
  readonly refused: number;
  readonly buffered: number;
  /** Whether the last write went well. */
  readonly healthy: boolean;
}

export interface HistoryStore {
  /** Takes samples into a bounded buffer; they reach the engine within about a second. Never throws. */
  append(samples: readonly Sample[]): void;
  /** @throws HistoryUnavailable when the engine does not answer. */
  query(query: HistoryQuery): Promise<HistoryResult>;
  /**
   * What was lost here, for want of an engine, of the line of a period; `toMs` excluded.
   * @returns the `limit` latest, latest first.
   */
  gaps(line: Pick<TagAddress, 'site' | 'line'>, fromMs: number, toMs: number, limit: number): HistoryGap[];
  /** Resolves once everything taken so far is stored and its minutes and hours are recomputed. */
  settle(): Promise<void>;
  stats(): HistoryStats;
  /** Stores what is buffered (bounded in time), then lets go of the engine. */
  close(): Promise<void>;
}

/** The engine does not answer now; asking again later may help. */
export class HistoryUnavailable extends Error {
  override readonly name = 'HistoryUnavailable';
}
