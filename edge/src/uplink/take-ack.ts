/** What an acknowledgement does to a consumer's position: pure. It is believed only as far as this ledger agrees. */
import type { LedgerAck } from '@trame/protocol/ledger-message';
import type { LedgerHead } from '../ports/ledger.ts';
import { afterAsking, rewound, unmoved, type ConsumerPosition, type Verdict } from './consumer-position.ts';
import { SILENT_AFTER_MS, UNMOVED_AFTER_MS } from './delivery-bounds.ts';

/**
 * @param ownHash of this ledger's event `ack.upTo`; null: it has none, or its disk cannot tell.
 * @param atMs monotonic.
 */
export function takeAck(
  before: ConsumerPosition,
  ack: LedgerAck,
  ownHash: string | null,
  head: LedgerHead,
  atMs: number,
): ConsumerPosition {
  const isOurs = ack.epoch === head.epoch;
  // A disk that does not answer is no fork: what it would have confirmed is said again.
  if (isOurs && ack.upTo > 0 && ack.upTo <= head.seq && ownHash === null)
    return { ...before, heardAtMs: atMs };
  const verdict = verdictOf(ack, ownHash, head);
  const wasSilent = before.heardAtMs === null || atMs - before.heardAtMs > SILENT_AFTER_MS;
  const heard: ConsumerPosition = {
    ...before,
    verdict,
    complaint: ack.refused !== undefined && verdict.kind !== 'refuses' ? ack.refused : null,
    heardAtMs: atMs,
    // What it did while nobody heard it is not held against it.
    movedAtMs: wasSilent ? atMs : before.movedAtMs,
  };
  if (verdict.kind === 'cursor-ahead' || verdict.kind === 'fork') return rewound(heard, atMs);
  // Another epoch says nothing about this one: it is sent this one from its first event.
  const upTo = isOurs ? ack.upTo : 0;
  if (upTo > before.upTo) return moved(heard, upTo, wasSilent, atMs);
  if (upTo < before.upTo) return asked({ ...heard, upTo }, atMs);
  return unchanged(before, heard, wasSilent, atMs);
}

function verdictOf(ack: LedgerAck, ownHash: string | null, head: LedgerHead): Verdict {
  const { epoch, upTo, hash, refused } = ack;
  const isOurs = epoch === head.epoch;
  if (isOurs && upTo > head.seq) return { kind: 'cursor-ahead', upTo };
  if (isOurs && upTo > 0 && hash !== ownHash) return { kind: 'fork', upTo };
  // What others put on the topic, or what lies behind it, does not hold this ledger up.
  const concernsUs =
    refused !== undefined &&
    refused.epoch === head.epoch &&
    (refused.seq === null || refused.seq > (isOurs ? upTo : 0));
  if (concernsUs) return { kind: 'refuses', refused };
  return isOurs ? { kind: 'agrees' } : { kind: 'other-epoch', epoch };
}

function moved(position: ConsumerPosition, upTo: number, wasSilent: boolean, atMs: number): ConsumerPosition {
  const after: ConsumerPosition = {
    ...position,
    cursor: Math.max(position.cursor, upTo),
    upTo,
    sent: Math.max(position.sent, upTo),
    flight: position.flight.filter(({ to }) => to > upTo),
    movedAtMs: atMs,
    waitsSinceMs: atMs,
    failures: 0,
    // What it asked for is still due: it may have come by some of it in another way.
    rewindDue: position.rewindDue && upTo < position.sent,
  };
  // What was sent long ago to somebody who was not there did not arrive.
  return wasSilent && atMs - position.waitsSinceMs >= UNMOVED_AFTER_MS ? rewound(after, atMs) : after;
}

/** A lower number than before is a request for what follows it. */
function asked(position: ConsumerPosition, atMs: number): ConsumerPosition {
  return afterAsking({ ...position, movedAtMs: atMs, rewindDue: true }, atMs);
}

/** The same number as before: nothing new, or the answer to something that was lost. */
function unchanged(
  before: ConsumerPosition,
  heard: ConsumerPosition,
  wasSilent: boolean,
  atMs: number,
): ConsumerPosition {
  // What it did not take may be taken now: a person accepted the epoch, or somebody mended the store.
  if (heard.verdict.kind === 'agrees' && before.verdict.kind !== 'agrees') return asked(heard, atMs);
  const waitedMs = atMs - before.waitsSinceMs;
  if (before.flight.length === 0 || waitedMs < UNMOVED_AFTER_MS) return heard;
  if (wasSilent) return rewound({ ...heard, failures: 0 }, atMs);
  return before.failures === 0 ? unmoved(heard, atMs) : heard;
}
