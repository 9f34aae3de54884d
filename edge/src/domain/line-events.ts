/** Something to record, as the domain says it: the shape of the ledger's records. */
import type { LedgerPayload } from '@trame/protocol/ledger-event';
import type { LedgerEventType, LedgerPayloads } from '@trame/protocol/ledger-payloads';

export interface LineEvent {
  readonly type: LedgerEventType;
  /** UTC ms. */
  readonly occurredAtMs: number;
  readonly actorRef: null;
  readonly payload: LedgerPayload;
  /** Recorded once under it; null: whenever it is told. */
  readonly key: string | null;
  /** Where whoever records has come to with it; kept together with the event, or not at all. */
  readonly marks: Readonly<Record<string, string>>;
}

export function lineEvent<T extends LedgerEventType>(
  type: T,
  occurredAtMs: number,
  payload: LedgerPayloads[T],
  marks: Readonly<Record<string, string>> = {},
  key: string | null = null,
): LineEvent {
  return { type, occurredAtMs, actorRef: null, payload, key, marks };
}
