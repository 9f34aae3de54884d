/** What the consumer asks of the records. A simulation gives its own, to see that the proofs catch a broken one. */
import type { LedgerEvent } from '@trame/protocol/ledger-event';
import type { RefusalCode } from '@trame/protocol/ledger-names';
import type { LedgerCursor, LineAddress } from './judge-event.ts';

/** A message of `…/ledger` as it came; one that is too large is not kept, only that it came. */
export type LedgerMessage =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'too-large'; readonly length: number };

export interface Refusal {
  readonly code: RefusalCode;
  readonly detail: string;
  /** Null: not known. */
  readonly epoch: string | null;
  /** Null: not known, or all of the epoch. */
  readonly seq: number | null;
  /** Whether the ledger of the line stands still because of it. */
  readonly blocking: boolean;
}

export interface TakeResult {
  /** As it stands on disk; null: nothing of this line was ever stored. */
  readonly cursor: LedgerCursor | null;
  /** Stored by this call, in order. */
  readonly stored: readonly LedgerEvent[];
  /** How many were stored before. */
  readonly already: number;
  /** Whether an earlier event is missing. */
  readonly missing: boolean;
  readonly refusals: readonly Refusal[];
  /** The last thing that was looked at was not taken; null: it was. */
  readonly lastRefused: Refusal | null;
  /** On what the server itself failed with an event that is refused for it. */
  readonly failure?: unknown;
}

export interface StoredLine extends LineAddress {
  readonly cursor: LedgerCursor;
  /** When the last event was stored; null: none. */
  readonly storedAtMs: number | null;
}

export interface LedgerStore {
  /**
   * Judges and stores the messages of one line, in order, all in one transaction: when it resolves, what it says
   * is on the disk.
   * @throws when nothing was stored.
   */
  take(address: LineAddress, messages: readonly LedgerMessage[], nowMs: number): Promise<TakeResult>;
  /** @returns how far every line is stored. @throws when the records are away. */
  cursors(): Promise<readonly StoredLine[]>;
}
