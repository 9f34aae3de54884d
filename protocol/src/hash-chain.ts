/**
 * hash = SHA-256(prev ‖ canonical envelope ‖ SHA-256(canonical payload)), the two hashes as 32 raw bytes. A
 * payload that is withheld leaves its hash, so the chain can be checked without it.
 */
import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';
import { envelopeOf, type LedgerEnvelope, type LedgerEvent, type LedgerPayload } from './ledger-event.ts';

/** @returns SHA-256 of the canonical payload, hex. */
export function payloadHash(payload: LedgerPayload): string {
  return createHash('sha256').update(canonicalJson(payload)).digest('hex');
}

/** @param prev and `payloadHashHex`: 64 hex digits. */
export function eventHash(prev: string, envelope: LedgerEnvelope, payloadHashHex: string): string {
  return createHash('sha256')
    .update(Buffer.from(prev, 'hex'))
    .update(canonicalJson(envelope))
    .update(Buffer.from(payloadHashHex, 'hex'))
    .digest('hex');
}

/** Makes an event the successor of the one whose hash is `prev`. */
export function sealEvent(prev: string, envelope: LedgerEnvelope, payload: LedgerPayload): LedgerEvent {
  const sealed = payloadHash(payload);
  return { ...envelope, payload, payloadHash: sealed, prev, hash: eventHash(prev, envelope, sealed) };
}

export type SealFault = 'payload-hash' | 'event-hash';

/** @returns what of an event's own hashes is wrong, or null. Says nothing of its place in a chain. */
export function sealFault(event: LedgerEvent): SealFault | null {
  if (event.payload !== null && payloadHash(event.payload) !== event.payloadHash) return 'payload-hash';
  return eventHash(event.prev, envelopeOf(event), event.payloadHash) === event.hash ? null : 'event-hash';
}
