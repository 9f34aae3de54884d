/** Telemetry that could not be sent yet, on disk, bounded in bytes and age. What is given up is told. */
import type { TelemetryGap } from '@trame/protocol/ledger-payloads';
import type { Sample } from '../domain/tag-state.ts';

export interface SpooledSamples {
  readonly device: string;
  readonly samples: readonly Sample[];
}

/** A batch as it was spooled, oldest first. */
export interface SpoolBatch {
  /** Grows with every batch. */
  readonly id: number;
  readonly parts: readonly SpooledSamples[];
  /** Samples in it. */
  readonly count: number;
}

export interface SpoolHealth {
  readonly state: 'ok' | 'not-stored' | 'closed';
  /** In words for a person; null when ok. */
  readonly reason: string | null;
  readonly samples: number;
  readonly bytes: number;
  readonly maxBytes: number;
  /** UTC ms of the oldest sample that waits, or null. */
  readonly oldestMs: number | null;
  /** Samples given up since the edge started. */
  readonly dropped: number;
}

/** Told of every loss, once it is certain. Never throws. */
export type GapListener = (gap: TelemetryGap) => void;

export interface Spool {
  readonly health: SpoolHealth;
  /** Takes samples into a small buffer that is written at least once a second. Never throws: a loss is a gap. */
  add(device: string, samples: readonly Sample[]): void;
  /** @returns the oldest batches that hold at most `maxSamples` together (at least one batch), not yet removed. */
  peek(maxSamples: number): readonly SpoolBatch[];
  /** Forgets batches up to this id: they were sent and are past doubt. */
  remove(upToId: number): void;
}
