/** Which batches go when there is no room, or when they are too old: the oldest first, whole batches. */
import type { GapReason } from '@trame/protocol/ledger-names';

/** A batch as the spool's own list knows it. */
export interface BatchFacts {
  readonly id: number;
  readonly samples: number;
  /** First and last time of its samples, UTC ms by the edge's clock. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly bytes: number;
}

export interface DropBounds {
  /** Bytes that have to go. */
  readonly excessBytes: number;
  /** A batch whose last sample is older is too old, UTC ms. */
  readonly tooOldBeforeMs: number;
}

export interface DroppedBatch extends BatchFacts {
  readonly reason: Extract<GapReason, 'spool-full' | 'too-old'>;
}

/** @param batches oldest first. @returns those to give up: a front part of them, as short as will do. */
export function chooseDropped(
  batches: readonly BatchFacts[],
  { excessBytes, tooOldBeforeMs }: DropBounds,
): readonly DroppedBatch[] {
  const dropped: DroppedBatch[] = [];
  let excess = excessBytes;
  for (const batch of batches) {
    const isTooOld = batch.toMs < tooOldBeforeMs;
    if (!isTooOld && excess <= 0) break;
    dropped.push({ ...batch, reason: isTooOld ? 'too-old' : 'spool-full' });
    excess -= batch.bytes;
  }
  return dropped;
}
