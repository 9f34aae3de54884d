/**
 * How the events of a ledger reach its consumers: pure. Every consumer has a place of its own; all hear one topic,
 * so one sending serves all that are near. Delivery is at least once: what a consumer does not acknowledge is sent
 * again, from its cursor, in a window.
 */
import { MESSAGE_EVENTS_MAX, type LedgerAck } from '@trame/protocol/ledger-message';
import type { LedgerHead } from '../ports/ledger.ts';
import {
  afterAsking,
  afterSending,
  afterWaiting,
  newPosition,
  rewound,
  room,
  type ConsumerPosition,
} from './consumer-position.ts';
import { takeAck } from './take-ack.ts';

export interface DeliveryState {
  readonly head: LedgerHead;
  readonly isUp: boolean;
  /** The connection did not take the last message: tried again at the next tick. */
  readonly isCongested: boolean;
  /** A message is being made: one at a time, so that every consumer's place is known when the next is chosen. */
  readonly isSending: boolean;
  readonly positions: readonly ConsumerPosition[];
}

/** Times are monotonic ms. */
export type DeliveryEvent =
  /** Connected and subscribed. */
  | { readonly kind: 'up'; readonly atMs: number }
  | { readonly kind: 'down'; readonly atMs: number }
  | { readonly kind: 'recorded'; readonly head: LedgerHead; readonly atMs: number }
  /** `ownHash`: of this ledger's event `ack.upTo` in its present epoch; null: it has none, or its disk cannot tell. */
  | { readonly kind: 'ack'; readonly ack: LedgerAck; readonly ownHash: string | null; readonly atMs: number }
  /** What became of the effect `send`. */
  | {
      readonly kind: 'sent';
      readonly from: number;
      readonly to: number;
      readonly bytes: number;
      readonly atMs: number;
    }
  | { readonly kind: 'not-sent' }
  | { readonly kind: 'tick'; readonly atMs: number };

export type DeliveryEffect =
  /** Publish events from number `from` on, at most `max`, in one message; then say `sent` or `not-sent`. */
  | { readonly kind: 'send'; readonly from: number; readonly max: number }
  /** `hash`: of event `upTo`, as the consumer has acknowledged it. */
  | {
      readonly kind: 'save-cursor';
      readonly consumer: string;
      readonly upTo: number;
      readonly hash: string | null;
    };

export interface Delivery {
  readonly state: DeliveryState;
  readonly effects: readonly DeliveryEffect[];
}

export interface KeptCursor {
  readonly consumer: string;
  /** In the epoch of the head; 0: none. */
  readonly upTo: number;
}

/** @param atMs monotonic. */
export function newDelivery(head: LedgerHead, cursors: readonly KeptCursor[], atMs: number): DeliveryState {
  return {
    head,
    isUp: false,
    isCongested: false,
    isSending: false,
    positions: cursors.map(({ consumer, upTo }) => newPosition(consumer, Math.min(upTo, head.seq), atMs)),
  };
}

export function nextDelivery(state: DeliveryState, event: DeliveryEvent): Delivery {
  const { next, saves } = applied(state, event);
  const send = next.isUp && !next.isCongested && !next.isSending ? nextSend(next) : null;
  return {
    state: send === null ? next : { ...next, isSending: true },
    effects: send === null ? saves : [...saves, send],
  };
}

interface Applied {
  readonly next: DeliveryState;
  readonly saves: readonly DeliveryEffect[];
}

function applied(state: DeliveryState, event: DeliveryEvent): Applied {
  switch (event.kind) {
    case 'up':
      return only({
        ...each(state, (position) => rewound(position, event.atMs)),
        isUp: true,
        isCongested: false,
      });
    case 'down':
      return only({ ...each(state, (position) => rewound(position, event.atMs)), isUp: false });
    case 'recorded':
      return only(recorded(state, event.head, event.atMs));
    case 'ack':
      return acknowledged(state, event);
    case 'sent': {
      const after = each(state, (position) => afterSending(position, event, event.atMs));
      return only({ ...after, isSending: false });
    }
    case 'not-sent':
      return only({ ...state, isSending: false, isCongested: true });
    case 'tick': {
      const after = each(state, (position) => ticked(position, state.isUp, event.atMs));
      return only({ ...after, isCongested: false });
    }
    default:
      return event satisfies never;
  }
}

function only(next: DeliveryState): Applied {
  return { next, saves: [] };
}

function each(state: DeliveryState, change: (position: ConsumerPosition) => ConsumerPosition): DeliveryState {
  return { ...state, positions: state.positions.map(change) };
}

/** Another epoch is another ledger: nobody has anything of it yet. */
function recorded(state: DeliveryState, head: LedgerHead, atMs: number): DeliveryState {
  if (head.epoch !== state.head.epoch) {
    return { ...each(state, ({ consumer }) => newPosition(consumer, 0, atMs)), head };
  }
  const after = each(state, (position) =>
    // Until now it had everything: it is waited for from here.
    position.upTo >= state.head.seq ? { ...position, movedAtMs: atMs } : position,
  );
  return { ...after, head };
}

function acknowledged(state: DeliveryState, event: DeliveryEvent & { readonly kind: 'ack' }): Applied {
  const { ack, ownHash, atMs } = event;
  const before = state.positions.find(({ consumer }) => consumer === ack.consumer);
  if (before === undefined) return only(state);
  const after = takeAck(before, ack, ownHash, state.head, atMs);
  const next = each(state, (position) => (position === before ? after : position));
  if (after.cursor === before.cursor) return only(next);
  // It only moves to what was acknowledged just now, with the hash of this ledger.
  const { consumer, cursor: upTo } = after;
  return { next, saves: [{ kind: 'save-cursor', consumer, upTo, hash: ack.hash }] };
}

function ticked(position: ConsumerPosition, isUp: boolean, atMs: number): ConsumerPosition {
  return isUp ? afterWaiting(afterAsking(position, atMs), atMs) : position;
}

/** Whoever is furthest behind of those who have room comes first; the others take part if they are near. */
function nextSend({ positions, head }: DeliveryState): DeliveryEffect | null {
  let chosen: ConsumerPosition | null = null;
  for (const position of positions) {
    if (position.sent >= head.seq || room(position) === 0) continue;
    if (chosen === null || position.sent < chosen.sent) chosen = position;
  }
  if (chosen === null) return null;
  return { kind: 'send', from: chosen.sent + 1, max: Math.min(MESSAGE_EVENTS_MAX, room(chosen)) };
}
