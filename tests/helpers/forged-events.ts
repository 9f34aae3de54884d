/** Events that no edge recorded: made after a real one, and wrong in one respect. */
import { sealEvent } from '@trame/protocol/hash-chain';
import type { LedgerEnvelope, LedgerEvent, LedgerPayload } from '@trame/protocol/ledger-event';
import { randomBytes } from 'node:crypto';

/** A bale of 12.3 kg, right in every respect. */
export const BALE = {
  scale: 'bale-scale',
  serial: 'FORGED',
  alibiEpoch: 1,
  use: 'bale',
  source: 'alibi',
  number: 9_999,
  grossGrams: 12_300,
  tareGrams: null,
  tareKind: 'none',
  netGrams: 12_300,
  intervalGrams: 100,
  stable: true,
  verification: 'valid',
  verificationDue: '2099-12-31',
  simulated: true,
} as const;

/** @returns a successor of `last` whose own hashes are right. */
export function successorOf(
  last: LedgerEvent,
  differing: Partial<LedgerEnvelope> = {},
  payload: LedgerPayload = BALE,
  prev = last.hash,
): LedgerEvent {
  const { v, site, line, epoch } = last;
  const now = Date.now();
  const envelope: LedgerEnvelope = {
    v,
    site,
    line,
    epoch,
    seq: last.seq + 1,
    id: randomBytes(16).toString('hex'),
    type: 'weighing.recorded',
    occurredAt: now,
    recordedAt: now,
    clock: { state: 'checked', offsetMs: 0 },
    actorRef: null,
    ...differing,
  };
  return sealEvent(prev, envelope, payload);
}
