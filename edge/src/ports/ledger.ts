/** What the edge expects of its ledger: events in, durable before they are acknowledged; read out in order. */
import type { LedgerFaultCode } from '@trame/protocol/heartbeat';
import type { EventClock, LedgerEvent, LedgerPayload } from '@trame/protocol/ledger-event';
import type { LedgerEventType, LedgerPayloads } from '@trame/protocol/ledger-payloads';

/** One thing to record. Site, line, number, id, times of recording and hashes are the ledger's business. */
export interface LedgerRecord {
  readonly type: string;
  /** UTC ms. */
  readonly occurredAtMs: number;
  readonly actorRef: string | null;
  readonly payload: LedgerPayload;
  /**
   * Recorded once: when this key is already in the ledger, nothing is recorded and the earlier event answers.
   * `request:<id>`, `alibi:<serial>:<epoch>:<number>`.
   */
  readonly key: string | null;
  /**
   * Where whoever records has come to, kept in the same transaction as the event: after a crash both are there
   * or neither. Name → text.
   */
  readonly marks: Readonly<Record<string, string>>;
}

/** @returns a record of a known type; its payload is checked again when it is appended. */
export function ledgerRecord<T extends LedgerEventType>(
  type: T,
  occurredAtMs: number,
  payload: LedgerPayloads[T],
  more: Partial<Pick<LedgerRecord, 'actorRef' | 'key' | 'marks'>> = {},
): LedgerRecord {
  return { type, occurredAtMs, payload, actorRef: null, key: null, marks: {}, ...more };
}

export type AppendOutcome =
  | { readonly kind: 'stored'; readonly results: readonly AppendResult[] }
  /** Nothing of it was stored; the same records may be appended again. */
  | { readonly kind: 'not-stored'; readonly code: NotStoredCode; readonly reason: string };

export interface AppendResult {
  readonly seq: number;
  readonly epoch: string;
  /** True: the key was there before; `seq` and `epoch` are those of the earlier event. */
  readonly duplicate: boolean;
}

/** `invalid`: a record can never be stored as it is; whoever made it has a fault. */
export type NotStoredCode = LedgerFaultCode | 'invalid';

export interface LedgerHead {
  readonly epoch: string;
  /** 0: nothing yet. */
  readonly seq: number;
  /** 64 hex digits; zeros with seq 0. */
  readonly hash: string;
}

export interface LedgerHealth {
  readonly state: 'ok' | 'not-stored' | 'closed';
  /** Null when ok. */
  readonly code: LedgerFaultCode | null;
  /** In words for a person; null when ok. */
  readonly reason: string | null;
  /** Records that wait for the disk. */
  readonly unstored: number;
}

export interface Ledger {
  readonly head: LedgerHead;
  readonly health: LedgerHealth;
  /** @returns what was kept with the last record that marked this name, or null. */
  mark(name: string): string | null;
  /** @returns the event recorded under this key, or null. */
  find(key: string): { readonly epoch: string; readonly seq: number } | null;
  /** @returns what that event says, or null: there is none. */
  payloadUnder(key: string): LedgerPayload | null;
  /**
   * Records all or nothing, in order, sharing one commit with whatever else waits. Resolves once it is on the
   * disk, or is known not to be. Never rejects.
   */
  append(records: readonly LedgerRecord[]): Promise<AppendOutcome>;
  /** @returns events of the present epoch from number `from` on, at most `max`, in order. */
  read(from: number, max: number): readonly LedgerEvent[];
  /** @returns the hash of event `seq` of the present epoch, or null when it has none. */
  hashOf(seq: number): string | null;
}

/** What the ledger asks about the clock when it records. */
export interface ClockWitness {
  readonly eventClock: EventClock;
  /** Server's clock minus edge's, ms, when that is too much to date anything by it; null: it is not, or not known. */
  readonly wrongByMs: number | null;
}

export interface AcknowledgedCursor {
  readonly epoch: string;
  readonly upTo: number;
  /** Of event `upTo`, as the consumer has it; null: it was acknowledged when hashes were not kept. */
  readonly hash: string | null;
}

/** How far each consumer has come. Durable when {@link saveCursor} returns; it never goes back by itself. */
export interface CursorStore {
  loadCursor(consumer: string): { readonly epoch: string; readonly upTo: number } | null;
  /** @throws when the disk refuses: the cursor is then learned anew from the next acknowledgement. */
  saveCursor(consumer: string, cursor: AcknowledgedCursor): void;
}
