/** Judges messages of one line, in order, against what is stored. Pure. */
import type { LedgerEvent } from '@trame/protocol/ledger-event';
import { decodeEvents } from '@trame/protocol/ledger-message';
import type { RefusalCode } from '@trame/protocol/ledger-names';
import { judgeEvent, type LedgerCursor, type LineAddress, type StoredId } from './judge-event.ts';
import { DETAIL_LENGTH_MAX } from './limits.ts';
import type { LedgerMessage, Refusal } from './ledger-store.ts';

export interface ReadMessage {
  readonly events: readonly LedgerEvent[];
  /** Why what follows the events cannot be read; null: nothing does. */
  readonly fault: {
    readonly code: RefusalCode;
    readonly detail: string;
    readonly place: { readonly epoch: string; readonly seq: number } | null;
  } | null;
}

export function readMessage(message: LedgerMessage): ReadMessage {
  if (message.kind === 'too-large') {
    return {
      events: [],
      fault: { code: 'too-large', detail: `a message of ${message.length} bytes`, place: null },
    };
  }
  const reading = decodeEvents(message.bytes);
  if (reading.kind === 'events') return { events: reading.events, fault: null };
  const { code, detail, before, place } = reading;
  return { events: before, fault: { code, detail, place } };
}

export interface Judged {
  readonly cursor: LedgerCursor | null;
  readonly toStore: readonly LedgerEvent[];
  readonly already: number;
  readonly missing: boolean;
  readonly refusals: readonly Refusal[];
  readonly lastRefused: Refusal | null;
}

export interface StoredFacts {
  readonly address: LineAddress;
  readonly cursor: LedgerCursor | null;
  /** Must know every number that the messages hold. */
  readonly storedHash: (epoch: string, seq: number) => string | null;
  /** Must know every id that the messages hold. */
  readonly storedId: (id: string) => StoredId | null;
  readonly nowMs: number;
}

/** After an event that is not taken, the rest of its message is not looked at: it cannot follow. */
export function judgeMessages(messages: readonly ReadMessage[], stored: StoredFacts): Judged {
  const toStore: LedgerEvent[] = [];
  const refusals: Refusal[] = [];
  const fresh = new Map<string, string>();
  const storedHash = (epoch: string, seq: number) =>
    fresh.get(`${epoch}/${seq}`) ?? stored.storedHash(epoch, seq);
  const freshIds = new Map<string, StoredId>();
  const storedId = (id: string) => freshIds.get(id) ?? stored.storedId(id);
  let { cursor } = stored;
  let already = 0;
  let missing = false;
  let lastRefused: Refusal | null = null;
  const refuse = (code: RefusalCode, detail: string, place: ReadPlace | null) => {
    lastRefused = refusalOf(code, detail, place, cursor);
    refusals.push(lastRefused);
  };
  const takes = (event: LedgerEvent): boolean => {
    const verdict = judgeEvent(event, { ...stored, cursor, storedHash, storedId });
    switch (verdict.kind) {
      case 'store':
        toStore.push(event);
        fresh.set(`${event.epoch}/${event.seq}`, event.hash);
        freshIds.set(event.id, event);
        cursor = { epoch: event.epoch, upTo: event.seq, hash: event.hash };
        lastRefused = null;
        missing = false;
        // The line went on: what was refused before did not hold it up.
        for (const [index, refusal] of refusals.entries()) refusals[index] = { ...refusal, blocking: false };
        return true;
      case 'already':
        already += 1;
        lastRefused = null;
        return true;
      case 'ask-again':
        missing = true;
        return false;
      case 'refuse':
        refuse(verdict.code, verdict.detail, event);
        return false;
    }
  };
  for (const { events, fault } of messages) {
    if (events.every(takes) && fault !== null) refuse(fault.code, fault.detail, fault.place);
  }
  return { cursor, toStore, already, missing, refusals, lastRefused };
}

interface ReadPlace {
  readonly epoch: string;
  readonly seq: number;
}

function refusalOf(
  code: RefusalCode,
  detail: string,
  place: ReadPlace | null,
  cursor: LedgerCursor | null,
): Refusal {
  return {
    code,
    detail: detail.slice(0, DETAIL_LENGTH_MAX).replaceAll('\0', '\uFFFD'),
    epoch: place?.epoch ?? null,
    // A person decides on an epoch as a whole.
    seq: code === 'unknown-epoch' ? null : (place?.seq ?? null),
    blocking: isBlocking(code, place, cursor),
  };
}

/** Only what stands where the next event is awaited holds a ledger up; the rest may be anybody's. */
function isBlocking(code: RefusalCode, place: ReadPlace | null, cursor: LedgerCursor | null): boolean {
  if (code === 'wrong-topic' || place === null) return false;
  if (code === 'fork' || code === 'unknown-epoch') return true;
  return place.seq === (cursor?.upTo ?? 0) + 1 && (cursor === null || place.epoch === cursor.epoch);
}
