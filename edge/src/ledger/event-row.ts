/** An event as it lies in the file. Site, line and epoch are said once, and `prev` is the hash of the row before. */
import { eventHash, payloadTextHash } from '@trame/protocol/hash-chain';
import type { EventClock, LedgerEnvelope, LedgerEvent, LedgerPayload } from '@trame/protocol/ledger-event';
import type { SQLOutputValue } from 'node:sqlite';

export const EVENT_COLUMNS =
  'position, id, type, occurred_at_ms, recorded_at_ms, clock_state, clock_offset_ms, actor_ref, payload, payload_hash, hash';

export type EventRow = Record<string, SQLOutputValue>;

/** What an event must follow. */
export interface Place {
  readonly site: string;
  readonly line: string;
  readonly epoch: string;
  readonly seq: number;
  /** Place in the file, over all epochs, from 1. */
  readonly position: number;
  readonly prev: string;
}

export type RowReading =
  | { readonly kind: 'event'; readonly event: LedgerEvent }
  | { readonly kind: 'broken'; readonly reason: string };

/** Reads a row at its place and recomputes both of its hashes: what does not fit is broken. Never throws. */
export function readRow(row: EventRow, place: Place): RowReading {
  const { position, prev, seq } = place;
  if (row['position'] !== position) return broken(`event ${seq} is missing`);
  const payloadText = row['payload'];
  const sealed = String(row['payload_hash']);
  if (typeof payloadText === 'string' && payloadTextHash(payloadText) !== sealed) {
    return broken('its payload is not the one that was recorded');
  }
  const envelope = envelopeAt(row, place);
  const hash = String(row['hash']);
  if (eventHash(prev, envelope, sealed) !== hash) {
    return broken('its hash does not follow from its content and the event before');
  }
  const payload = typeof payloadText === 'string' ? (JSON.parse(payloadText) as LedgerPayload) : null;
  return { kind: 'event', event: { ...envelope, payload, payloadHash: sealed, prev, hash } };
}

/** Types of columns are not looked at: a value that was never recorded does not give the recorded hash. */
function envelopeAt(row: EventRow, { site, line, epoch, seq }: Place): LedgerEnvelope {
  return {
    v: 1,
    site,
    line,
    epoch,
    seq,
    id: String(row['id']),
    type: String(row['type']),
    occurredAt: Number(row['occurred_at_ms']),
    recordedAt: Number(row['recorded_at_ms']),
    clock: {
      state: String(row['clock_state']) as EventClock['state'],
      offsetMs: row['clock_offset_ms'] === null ? null : Number(row['clock_offset_ms']),
    },
    actorRef: row['actor_ref'] === null ? null : String(row['actor_ref']),
  };
}

function broken(reason: string): RowReading {
  return { kind: 'broken', reason };
}
