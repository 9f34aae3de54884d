/** From what somebody wants to record to what can be written, or why it never can. Pure. */
import { canonicalJson } from '@trame/protocol/canonical-json';
import { payloadTextHash } from '@trame/protocol/hash-chain';
import { ACTOR_REF_PATTERN, EVENT_TIME_MIN_MS, PAYLOAD_BYTES_MAX } from '@trame/protocol/ledger-event';
import { isKnownType, payloadFault } from '@trame/protocol/ledger-payloads';
import type { LedgerRecord } from '../ports/ledger.ts';

/** Records in one append, which is stored whole or not at all. */
export const APPEND_RECORDS_MAX = 10_000;
export const KEY_LENGTH_MAX = 300;
/** Marks that one record may set. */
export const RECORD_MARKS_MAX = 200;
export const MARK_NAME_LENGTH_MAX = 300;
export const MARK_VALUE_LENGTH_MAX = 4096;

const ACTOR_REF = new RegExp(ACTOR_REF_PATTERN, 'u');

export interface PreparedRecord {
  readonly type: string;
  readonly occurredAt: number;
  readonly actorRef: string | null;
  /** Canonical. */
  readonly payloadText: string;
  readonly payloadHash: string;
  readonly key: string | null;
  readonly marks: readonly (readonly [name: string, value: string])[];
}

export type Preparation =
  | { readonly kind: 'prepared'; readonly records: readonly PreparedRecord[] }
  | { readonly kind: 'invalid'; readonly reason: string };

/** Takes a copy: what the caller changes afterwards is not recorded. @param nowMs the edge's clock, UTC ms. */
export function prepareAppend(records: readonly LedgerRecord[], nowMs: number): Preparation {
  if (records.length > APPEND_RECORDS_MAX) {
    return { kind: 'invalid', reason: `${records.length} records at once: at most ${APPEND_RECORDS_MAX}` };
  }
  const prepared: PreparedRecord[] = [];
  for (const [index, record] of records.entries()) {
    const one = prepareRecord(notAfter(record, nowMs));
    if (typeof one === 'string') {
      return { kind: 'invalid', reason: `record ${index + 1} of ${records.length}: ${one}` };
    }
    prepared.push(one);
  }
  return { kind: 'prepared', records: prepared };
}

/**
 * Nothing happened after it is recorded. What waited while the clock was ahead, and is recorded when it is right
 * again, is dated now: the day of its period is a guess then, but nothing is lost.
 */
function notAfter(record: LedgerRecord, nowMs: number): LedgerRecord {
  if (!Number.isSafeInteger(record.occurredAtMs)) return record;
  const occurredAtMs = Math.min(record.occurredAtMs, nowMs);
  if (record.type !== 'throughput.counted') return { ...record, occurredAtMs };
  const { from, to } = record.payload;
  if (typeof from !== 'number' || typeof to !== 'number' || to <= nowMs) return { ...record, occurredAtMs };
  return { ...record, occurredAtMs, payload: { ...record.payload, from: Math.min(from, nowMs), to: nowMs } };
}

/** @returns why it never can be recorded, in words. */
function prepareRecord(record: LedgerRecord): PreparedRecord | string {
  const { type, occurredAtMs, actorRef, payload, key } = record;
  if (!isKnownType(type)) return `«${type}» is no type of event`;
  const fault = payloadFault(type, payload);
  if (fault !== null) return fault;
  if (!Number.isSafeInteger(occurredAtMs) || occurredAtMs < EVENT_TIME_MIN_MS) {
    return `${type}: its time ${occurredAtMs} is before 2020 or no whole number of ms`;
  }
  if (actorRef !== null && !ACTOR_REF.test(actorRef)) return `${type}: its actor is no opaque reference`;
  if (key !== null && !isShortText(key, KEY_LENGTH_MAX))
    return `${type}: its key is empty, too long or no text`;
  const marks = Object.entries(record.marks);
  if (marks.length > RECORD_MARKS_MAX) return `${type}: ${marks.length} marks, at most ${RECORD_MARKS_MAX}`;
  for (const [name, value] of marks) {
    if (!isShortText(name, MARK_NAME_LENGTH_MAX) || !isText(value, MARK_VALUE_LENGTH_MAX)) {
      return `${type}: its mark «${name.slice(0, 80)}» is too long or no text`;
    }
  }
  const payloadText = textOf(payload);
  if (payloadText === null) return `${type}: its payload has no JSON form`;
  if (Buffer.byteLength(payloadText) > PAYLOAD_BYTES_MAX) {
    return `${type}: its payload has ${Buffer.byteLength(payloadText)} bytes, at most ${PAYLOAD_BYTES_MAX}`;
  }
  const payloadHash = payloadTextHash(payloadText);
  return { type, occurredAt: occurredAtMs, actorRef, payloadText, payloadHash, key, marks };
}

/** @returns null when JSON cannot say it: a lone surrogate, a cycle, an infinite number. */
function textOf(payload: LedgerRecord['payload']): string | null {
  try {
    return canonicalJson(payload);
  } catch (error) {
    // `canonicalJson` says so by throwing; nothing else happens in it.
    if (error instanceof Error) return null;
    throw error;
  }
}

function isShortText(text: string, lengthMax: number): boolean {
  return text.length > 0 && isText(text, lengthMax);
}

/** What SQLite gives back as it was given. */
function isText(text: string, lengthMax: number): boolean {
  return text.length <= lengthMax && text.isWellFormed() && !text.includes('\0');
}
