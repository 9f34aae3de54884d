/** When samples are sent again: in short rounds, so that live data never waits for longer than one of them. */
import type { Clock } from '../ports/clock.ts';
import { slept } from '../ports/slept.ts';
import type { SpoolBatch } from '../ports/spool.ts';

/** Longest time that samples are read and encoded in one round, ms. */
export const ROUND_MS = 10;
/** What live data gets between two rounds while more could be sent, ms. */
const BREATH_MS = 2;
/** Pause when there is nothing to send, or nothing may be sent, ms. */
const PAUSE_MS = 100;

export interface ReplayRounds {
  readonly clock: Clock;
  /** Nothing old is sent before a birth that is due, or while the socket is busy. */
  canSend(): boolean;
  /** The batches whose turn it is. */
  due(): readonly SpoolBatch[];
  send(batch: SpoolBatch): void;
}

/** Runs rounds until the signal aborts. */
export async function runReplayRounds(rounds: ReplayRounds, signal: AbortSignal): Promise<void> {
  let pauseMs = PAUSE_MS;
  while (await slept(rounds.clock, pauseMs, signal)) {
    pauseMs = runRound(rounds) ? BREATH_MS : PAUSE_MS;
  }
}

/** @returns whether more could be sent at once. */
function runRound(rounds: ReplayRounds): boolean {
  const untilMs = rounds.clock.monotonicMs() + ROUND_MS;
  while (rounds.canSend()) {
    const batches = rounds.due();
    if (batches.length === 0) return false;
    for (const batch of batches) {
      if (!rounds.canSend()) return true;
      rounds.send(batch);
      if (rounds.clock.monotonicMs() >= untilMs) return true;
    }
  }
  return true;
}
