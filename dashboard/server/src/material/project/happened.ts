/** What every row that follows from an event has of it. */
import { happenedAtMs, type LedgerEvent } from '@trame/protocol/ledger-event';

export interface Happened {
  readonly site: string;
  /** Line whose ledger tells it; its `difference:` account takes what does not fit. */
  readonly line: string;
  readonly id: string;
  readonly type: string;
  readonly epoch: string;
  readonly seq: number;
  /** By the best clock known. */
  readonly at: number;
  /** Local day of the site, `YYYY-MM-DD`. */
  readonly day: string;
  readonly recordedAt: number;
  readonly actorRef: string | null;
}

/** @param at when it happened, by the best clock known; left out: what its envelope says. */
export function happenedOf(
  event: LedgerEvent,
  dayOf: (atMs: number) => string,
  at = happenedAtMs(event),
): Happened {
  const { site, line, id, type, epoch, seq, recordedAt, actorRef } = event;
  return { site, line, id, type, epoch, seq, at, day: dayOf(at), recordedAt, actorRef };
}
