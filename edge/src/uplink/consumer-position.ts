/** Where one consumer of the ledger stands, and what it has been sent beyond: pure. Times are monotonic ms. */
import { MESSAGE_BYTES_MAX, type LedgerAck } from '@trame/protocol/ledger-message';
import {
  PROBE_EVENTS_MAX,
  REREQUEST_EVERY_MS,
  RESEND_FIRST_MS,
  RESEND_MAX_MS,
  SHARED_WINDOWS,
  WINDOW_BYTES_MAX,
  WINDOW_EVENTS_MAX,
  WINDOW_MESSAGES_MAX,
} from './delivery-bounds.ts';

/** What its last acknowledgement means for this ledger. */
export type Verdict =
  | { readonly kind: 'agrees' }
  /** It has another epoch, or nothing yet: it is sent this one from the first event. */
  | { readonly kind: 'other-epoch'; readonly epoch: string | null }
  | { readonly kind: 'refuses'; readonly refused: Refusal }
  | { readonly kind: 'cursor-ahead'; readonly upTo: number }
  | { readonly kind: 'fork'; readonly upTo: number };

export type Refusal = NonNullable<LedgerAck['refused']>;

/** A message on its way. */
interface InFlight {
  readonly to: number;
  readonly bytes: number;
}

export interface ConsumerPosition {
  readonly consumer: string;
  /** Confirmed with the right hash in the present epoch: kept on disk, never lower. */
  readonly cursor: number;
  /** What it last said that it has; lower than {@link cursor} when it asks for something again. */
  readonly upTo: number;
  /** Sent without a gap after {@link upTo}, on this connection. */
  readonly sent: number;
  readonly flight: readonly InFlight[];
  readonly verdict: Verdict;
  /** A complaint that names no event of this ledger: it explains a cursor that stands, and nothing else. */
  readonly complaint: Refusal | null;
  /** Null: never. */
  readonly heardAtMs: number | null;
  /** When it moved, or when there was last nothing that it could have moved to. */
  readonly movedAtMs: number;
  /** Since when it could have answered what is in flight. */
  readonly waitsSinceMs: number;
  /** Times in a row that the same events were sent again. */
  readonly failures: number;
  /** It asked for earlier events and is sent them once {@link askedAtMs} is long enough ago. */
  readonly rewindDue: boolean;
  /** When it was last sent earlier events because it asked; null: never. */
  readonly askedAtMs: number | null;
}

/** @param cursor as kept on disk in the present epoch; 0: none. */
export function newPosition(consumer: string, cursor: number, atMs: number): ConsumerPosition {
  return {
    consumer,
    cursor,
    upTo: cursor,
    sent: cursor,
    flight: [],
    verdict: { kind: 'agrees' },
    complaint: null,
    heardAtMs: null,
    movedAtMs: atMs,
    waitsSinceMs: atMs,
    failures: 0,
    rewindDue: false,
    askedAtMs: null,
  };
}

/** Whether sending stopped until it says something else: what it holds is not this ledger. */
export function isBlocked({ verdict }: ConsumerPosition): boolean {
  return verdict.kind === 'cursor-ahead' || verdict.kind === 'fork';
}

/** Whether it gets only as much as tells whether it moves. */
function isProbed({ verdict, failures }: ConsumerPosition): boolean {
  return failures > 0 || verdict.kind === 'refuses' || verdict.kind === 'other-epoch';
}

/** @returns how many events may be sent now for its sake; 0: none. */
export function room(position: ConsumerPosition): number {
  return roomIn(position, 1);
}

/** @param windows so many windows may be on their way. */
function roomIn(position: ConsumerPosition, windows: number): number {
  const { upTo, sent, flight } = position;
  if (isBlocked(position) || position.rewindDue || flight.length >= windows * WINDOW_MESSAGES_MAX) return 0;
  const bytes = flight.reduce((sum, message) => sum + message.bytes, 0);
  if (bytes > windows * WINDOW_BYTES_MAX - MESSAGE_BYTES_MAX) return 0;
  return Math.max(0, upTo + windows * windowOf(position) - sent);
}

function windowOf(position: ConsumerPosition): number {
  return isProbed(position) ? PROBE_EVENTS_MAX : WINDOW_EVENTS_MAX;
}

/** @returns the position after a message with the events `from`–`to` went out on the topic that all consumers hear. */
export function afterSending(
  position: ConsumerPosition,
  message: { readonly from: number; readonly to: number; readonly bytes: number },
  atMs: number,
): ConsumerPosition {
  const { sent, flight } = position;
  const isNext = message.from <= sent + 1 && message.to > sent;
  const taken = Math.min(message.to - sent, roomIn(position, SHARED_WINDOWS));
  if (!isNext || taken === 0) return position;
  const to = sent + taken;
  return {
    ...position,
    sent: to,
    flight: [...flight, { to, bytes: message.bytes }],
    waitsSinceMs: flight.length === 0 ? atMs : position.waitsSinceMs,
  };
}

/** @returns the position that is sent everything after {@link ConsumerPosition.upTo} anew. */
export function rewound(position: ConsumerPosition, atMs: number): ConsumerPosition {
  return {
    ...position,
    sent: position.upTo,
    flight: [],
    rewindDue: false,
    waitsSinceMs: atMs,
  };
}

/** @returns the position sent earlier events because it asked, once it did not just before. */
export function afterAsking(position: ConsumerPosition, atMs: number): ConsumerPosition {
  const { rewindDue, askedAtMs } = position;
  const isSoon = askedAtMs !== null && atMs - askedAtMs < REREQUEST_EVERY_MS;
  return rewindDue && !isSoon ? { ...rewound(position, atMs), askedAtMs: atMs } : position;
}

/** @returns how long it is waited for before the same events are sent again, ms. */
export function resendAfterMs(failures: number): number {
  return Math.min(RESEND_MAX_MS, RESEND_FIRST_MS * 2 ** Math.min(failures, 16));
}

/** @returns the position after time went by: sent again when its cursor did not move for too long. */
export function afterWaiting(position: ConsumerPosition, atMs: number): ConsumerPosition {
  if (position.flight.length === 0) return position;
  if (atMs - position.waitsSinceMs < resendAfterMs(position.failures)) return position;
  return unmoved(position, atMs);
}

/** @returns the position sent again, in a smaller window and more slowly, for what was sent brought nothing. */
export function unmoved(position: ConsumerPosition, atMs: number): ConsumerPosition {
  return rewound({ ...position, failures: position.failures + 1 }, atMs);
}
