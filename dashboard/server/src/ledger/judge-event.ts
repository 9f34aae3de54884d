/** Whether an event is taken: by its own hashes, its dates, its place in the chain, and what it says. Pure. */
import { canonicalJson } from '@trame/protocol/canonical-json';
import { sealFault } from '@trame/protocol/hash-chain';
import {
  EVENT_TIME_AHEAD_MAX_MS,
  EVENT_TIME_MIN_MS,
  FIRST_PREV,
  happenedAtMs,
  PAYLOAD_BYTES_MAX,
  type LedgerEvent,
} from '@trame/protocol/ledger-event';
import type { RefusalCode } from '@trame/protocol/ledger-names';
import { knownEvent, payloadFault } from '@trame/protocol/ledger-payloads';

/** To write a payload of fifty thousand levels takes a stack that nobody has, or minutes; nobody needs one. */
const PAYLOAD_LEVELS_MAX = 64;

export interface LineAddress {
  readonly site: string;
  readonly line: string;
}

/** How far the ledger of a line is stored in the epoch that it is in. */
export interface LedgerCursor {
  readonly epoch: string;
  /** 0: a person accepted this epoch, and nothing of it is stored yet. */
  readonly upTo: number;
  /** Of the event `upTo`; null with 0. */
  readonly hash: string | null;
}

/** What is stored under the id of an event. */
export interface StoredId {
  readonly epoch: string;
  readonly seq: number;
  readonly type: string;
  readonly payloadHash: string;
}

export interface JudgeFacts {
  /** Line of the topic that it came by. */
  readonly address: LineAddress;
  /** Null: nothing of this line was ever stored. */
  readonly cursor: LedgerCursor | null;
  /** @returns the hash stored under a number, or null. Must know every number up to the cursor. */
  readonly storedHash: (epoch: string, seq: number) => string | null;
  /** @returns an event of this line that is stored under an id; null: none is. */
  readonly storedId: (id: string) => StoredId | null;
  /** Reader's clock, ms since 1970 UTC. */
  readonly nowMs: number;
}

export type Verdict =
  | { readonly kind: 'store' }
  /** The same event is stored: nothing to do. */
  | { readonly kind: 'already' }
  /** An earlier one is missing. */
  | { readonly kind: 'ask-again' }
  | { readonly kind: 'refuse'; readonly code: RefusalCode; readonly detail: string };

export function judgeEvent(event: LedgerEvent, facts: JudgeFacts): Verdict {
  const { address, nowMs } = facts;
  if (event.site !== address.site || event.line !== address.line) {
    return refuse('wrong-topic', `the event names ${event.site}/${event.line}`);
  }
  return ownFault(event) ?? dateFault(event, nowMs) ?? judgePlace(event, facts);
}

/** What is wrong with it wherever it stands. */
function ownFault(event: LedgerEvent): Verdict | null {
  if (isDeeperThan(event.payload, PAYLOAD_LEVELS_MAX)) {
    return refuse('too-large', `a payload of more than ${PAYLOAD_LEVELS_MAX} levels`);
  }
  try {
    const fault = sealFault(event);
    if (fault === 'payload-hash') return refuse('wrong-hash', 'the payload is not what its hash says');
    if (fault === 'event-hash') return refuse('wrong-hash', 'the envelope is not what the hash says');
    return null;
  } catch (error) {
    // Half a character, a number past all bounds: JSON can carry what has no canonical form.
    if (error instanceof Error) {
      return refuse('invalid-event', `no canonical form: ${error.message}`);
    }
    throw error;
  }
}

/** By the edge's clock and by the best one known: the latter decides on which day it counts. */
function dateFault(event: LedgerEvent, nowMs: number): Verdict | null {
  const { occurredAt, recordedAt } = event;
  return datesFault([occurredAt, recordedAt, happenedAtMs(event)], nowMs);
}

function datesFault(datesMs: readonly number[], nowMs: number): Verdict | null {
  const latestMs = Math.max(...datesMs);
  if (latestMs > nowMs + EVENT_TIME_AHEAD_MAX_MS) {
    const hours = Math.round((latestMs - nowMs) / 3_600_000);
    return refuse('impossible-date', `${hours} hours ahead of this server`);
  }
  return Math.min(...datesMs) < EVENT_TIME_MIN_MS ? refuse('impossible-date', 'before 2020') : null;
}

function judgePlace(event: LedgerEvent, { cursor, storedHash, storedId, nowMs }: JudgeFacts): Verdict {
  const { epoch, seq } = event;
  const stored = storedHash(epoch, seq);
  if (stored !== null) {
    if (stored === event.hash) return { kind: 'already' };
    return refuse('fork', `number ${seq} is stored with the hash ${stored}, not ${event.hash}`);
  }
  if (cursor !== null && epoch !== cursor.epoch) {
    return refuse('unknown-epoch', `the line is in epoch ${cursor.epoch}, up to number ${cursor.upTo}`);
  }
  const upTo = cursor?.upTo ?? 0;
  if (seq <= upTo) throw new Error(`number ${seq} is within the cursor ${upTo}, but not stored`);
  if (seq > upTo + 1) return { kind: 'ask-again' };
  const before = cursor?.hash ?? FIRST_PREV;
  if (event.prev !== before) {
    return refuse('broken-chain', `number ${seq} follows ${event.prev}, but number ${upTo} is ${before}`);
  }
  return idFault(event, storedId(event.id)) ?? contentFault(event, nowMs) ?? { kind: 'store' };
}

/** An id counts once: carried over into another epoch an event keeps it, and says the same. */
function idFault({ id, type, payloadHash }: LedgerEvent, stored: StoredId | null): Verdict | null {
  if (stored === null || (stored.type === type && stored.payloadHash === payloadHash)) return null;
  const { epoch, seq } = stored;
  return refuse('fork', `its id ${id} is that of number ${seq} of epoch ${epoch}, which says something else`);
}

function contentFault(event: LedgerEvent, nowMs: number): Verdict | null {
  if (event.payload === null) return null;
  const bytes = Buffer.byteLength(canonicalJson(event.payload));
  if (bytes > PAYLOAD_BYTES_MAX) {
    return refuse('too-large', `a payload of ${bytes} bytes, at most ${PAYLOAD_BYTES_MAX}`);
  }
  const fault = payloadFault(event.type, event.payload);
  if (fault !== null) return refuse('invalid-payload', fault);
  const known = knownEvent(event);
  // Its end decides on which day it counts.
  if (known?.type !== 'throughput.counted') return null;
  const { to } = known.payload;
  return datesFault([to, happenedAtMs({ occurredAt: to, clock: event.clock })], nowMs);
}

/** Level by level, because a payload may be as deep as it is long. */
function isDeeperThan(payload: unknown, levels: number): boolean {
  let level: unknown[] = [payload];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > levels) return true;
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? (Object.values(value) as unknown[]) : [],
    );
  }
  return false;
}

function refuse(code: RefusalCode, detail: string): Verdict {
  return { kind: 'refuse', code, detail };
}
