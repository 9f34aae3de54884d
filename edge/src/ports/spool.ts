/** Telemetry that could not be sent yet, on disk, bounded in bytes and age. What is given up is told. */
import type { TelemetryGap } from '@trame/protocol/ledger-payloads';
import type { Sample } from '../domain/tag-state.ts';

/** Samples of one device as they were spooled, in the order in which they were taken. One message's worth. */
export interface SpoolBatch {
  /** Grows with every batch: of one device, the smaller id is the older one. */
  readonly id: number;
  readonly device: string;
  readonly samples: readonly Sample[];
}

export interface SpoolHealth {
  readonly state: 'ok' | 'not-stored' | 'closed';
  /** In words for a person; null when ok. */
  readonly reason: string | null;
  /** Samples that wait, those sent again and not yet removed included. */
  readonly samples: number;
  readonly bytes: number;
  readonly maxBytes: number;
  /** When the oldest of them was taken, UTC ms; null when none waits. */
  readonly oldestMs: number | null;
  /** Samples given up since the edge started. */
  readonly dropped: number;
}

/**
 * Told of every loss, once it is certain. Never throws.
 * @param key the same when one loss is told again: because the edge was restarted, or because it is not known
 * to be recorded. Whoever records it records a key once.
 */
export type GapListener = (gap: TelemetryGap, key: string) => void;

/** Where samples are that are not known to have arrived. No method throws: a loss is a gap. */
export interface Spool {
  readonly health: SpoolHealth;
  /** Takes samples that cannot be sent now. They are written at least once a second. */
  add(device: string, samples: readonly Sample[]): void;
  /** Notes samples that were sent this moment: in memory, until they are past doubt or the link is lost. */
  sent(device: string, samples: readonly Sample[]): void;
  /** What was sent before this monotonic time, ms, is past doubt. */
  confirm(beforeMs: number): void;
  /** The link is lost: whatever is in doubt waits to be sent again. */
  lose(): void;
  /**
   * @param after of each device that can be told of now, the id up to which its batches were already taken.
   * @param maxSamples where to stop; one batch is given however large it is.
   * @returns the oldest batches beyond, in order, not removed.
   */
  peek(after: ReadonlyMap<string, number>, maxSamples: number): readonly SpoolBatch[];
  /**
   * Forgets batches: they were sent and are past doubt.
   * @param leftOut samples of them that could not be sent: they are told as a loss, once, together with this.
   */
  remove(ids: readonly number[], leftOut?: readonly Sample[]): void;
}
