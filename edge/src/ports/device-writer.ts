/** Writing to devices: what a driver offers beside reading. Nothing is believed before it is read back. */
import type { TagValue } from '@trame/protocol/tag';
import type { TagRef } from '../domain/tag-ref.ts';

export type WriteOutcome =
  /** It was written, and reads back as written. */
  | { readonly kind: 'confirmed'; readonly readBack: TagValue | null }
  /** Nothing was written: the device is away or says no, the target is unknown, the value cannot be. In words for a person. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** It was sent; what is read back differs, or nothing came back in time. */
  | { readonly kind: 'unconfirmed'; readonly readBack: TagValue | null; readonly reason: string };

export interface WriteOptions {
  /**
   * What to read back when it is not the value itself; null: the write alone counts (a pulse that the device takes back, a
   * watchdog).
   */
  readonly expect?: TagValue | null;
  /**
   * Nothing but what is read back says whether the device took it. A value that stood before it was written reads as
   * written at once, whatever becomes of it: it is looked at when the `readback` time is over, and no sooner. Costs a
   * read before the write.
   */
  readonly settle?: boolean;
}

export interface DeviceWriter {
  /**
   * Writes a writable tag, or an entry of the device's `writes`, and reads it back within its `readback` time. Never
   * rejects. Writes of one device go one after the other, in their order, before its polls; at most
   * {@link WRITES_WAITING_MAX} are under way or wait, one more is refused. A value outside the target's range is refused.
   * Aborting settles it at once: refused when nothing was sent, else unconfirmed.
   */
  write(target: TagRef, value: TagValue, signal: AbortSignal, options?: WriteOptions): Promise<WriteOutcome>;
  /** Calls a method of the device's `methods` by name (OPC UA). Confirmed: the server answered Good. Never rejects. */
  call(
    target: { readonly device: string; readonly method: string },
    args: readonly TagValue[],
    signal: AbortSignal,
  ): Promise<WriteOutcome>;
}

export const WRITES_WAITING_MAX = 32;
