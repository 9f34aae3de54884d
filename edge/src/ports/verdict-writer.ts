/** Telling a sorter where pieces go. */
import type { WriteOutcome } from './device-writer.ts';

export interface SorterVerdict {
  /** Number of the read of the piece, UInt32. */
  readonly seq: number;
  /** The sorter's own number of an outlet, from 1. */
  readonly outlet: number;
}

export interface VerdictWriter {
  /**
   * Gives verdicts to a device that has `verdicts` configured, all in one write, at once and beside what else is written. Never rejects.
   * Confirmed: the device said that it took them; the node cannot be read back. At most {@link VERDICTS_PER_WRITE_MAX} in one write
   * and {@link VERDICT_WRITES_MAX} writes under way, else refused. Settled within {@link VERDICT_WITHIN_MS}, or as soon as
   * the signal aborts.
   */
  give(device: string, verdicts: readonly SorterVerdict[], signal: AbortSignal): Promise<WriteOutcome>;
}

export const VERDICTS_PER_WRITE_MAX = 64;
export const VERDICT_WRITES_MAX = 8;
/** No piece waits longer for its verdict. */
export const VERDICT_WITHIN_MS = 500;
/** The highest number that the device's type holds. */
export const UINT32_MAX = 0xffff_ffff;
