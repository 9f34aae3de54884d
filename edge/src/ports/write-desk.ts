/**
 * Sees to it that every write of one device ends: so many at a time, each with a deadline, each given up when nobody wants
 * it any more, and none told as refused once it may have happened.
 */
import { WRITE_WORDS } from '../domain/write-words.ts';
import type { Clock } from './clock.ts';
import type { DeviceSink } from './device.ts';
import { WRITES_WAITING_MAX, type WriteOutcome } from './device-writer.ts';
import type { Log } from './log.ts';
import { slept } from './slept.ts';
import { refused, unconfirmed } from './write-outcomes.ts';

/** A write that could not even be sent by then is refused: what a person asked for so long ago is past. */
export const SEND_WITHIN_MS = 5000;

export interface WriteJob {
  /** Aborts once the outcome is decided: nothing more is to be done for it, and it may reject. */
  readonly signal: AbortSignal;
  /** Just before it goes out: from here on it may have happened. */
  readonly sent: () => void;
}

export interface WriteDeskPorts {
  readonly sink: DeviceSink;
  readonly clock: Clock;
  readonly log: Log;
}

export class WriteDesk {
  readonly #device: string;
  readonly #ports: WriteDeskPorts;
  #open = 0;

  constructor(device: string, ports: WriteDeskPorts) {
    this.#device = device;
    this.#ports = ports;
  }

  /**
   * Never rejects; one that rejects inside is a broken invariant, and is logged.
   * @param answerWithinMs how long after it was sent it is decided at the latest.
   */
  async submit(
    what: string,
    answerWithinMs: number,
    signal: AbortSignal,
    work: (job: WriteJob) => Promise<WriteOutcome>,
  ): Promise<WriteOutcome> {
    if (signal.aborted) return { kind: 'refused', reason: WRITE_WORDS.cancelled() };
    const outcome =
      this.#open < WRITES_WAITING_MAX
        ? await this.#decide(what, answerWithinMs, signal, work)
        : refused(WRITE_WORDS.tooMany(this.#device, WRITES_WAITING_MAX));
    if (outcome.kind !== 'confirmed') {
      const { kind, reason } = outcome;
      this.#ports.log.debug({ device: this.#device, what, outcome: kind, reason }, 'a write failed');
      this.#ports.sink.incident(this.#device, 'write-failed');
    }
    return outcome;
  }

  async #decide(
    what: string,
    answerWithinMs: number,
    signal: AbortSignal,
    work: (job: WriteJob) => Promise<WriteOutcome>,
  ): Promise<WriteOutcome> {
    const { clock, log } = this.#ports;
    const device = this.#device;
    this.#open += 1;
    const over = new AbortController();
    const decided = Promise.withResolvers<WriteOutcome>();
    let isSent = false;
    const cut = (before: string, after: string): void =>
      decided.resolve(isSent ? unconfirmed(after) : refused(before));
    const limit = async (ms: number, tell: () => void): Promise<void> => {
      if (await slept(clock, ms, over.signal)) tell();
    };
    const sent = (): void => {
      if (isSent) return;
      isSent = true;
      limits.push(limit(answerWithinMs, () => cut('', WRITE_WORDS.noAnswer(device))));
    };
    const tellUnsent = (): void => {
      if (!isSent) cut(WRITE_WORDS.notSentInTime(device, SEND_WITHIN_MS / 1000), '');
    };
    const limits = [limit(SEND_WITHIN_MS, tellUnsent)];
    const onAbort = (): void => cut(WRITE_WORDS.cancelled(), WRITE_WORDS.cancelledAfter(device));
    signal.addEventListener('abort', onAbort, { once: true });
    const working = work({ signal: over.signal, sent })
      .then(decided.resolve, (error: unknown) => {
        // Whoever gives up because the outcome is decided says so by rejecting.
        if (over.signal.aborted) return;
        log.error({ device, what, error }, 'a write broke');
        cut(WRITE_WORDS.failedHere(device), WRITE_WORDS.noAnswer(device));
      })
      .finally(() => (this.#open -= 1));
    const outcome = await decided.promise;
    over.abort();
    signal.removeEventListener('abort', onAbort);
    await Promise.all(limits);
    // What is still under way ends by its signal and counts until then; nobody waits for it.
    void working;
    return outcome;
  }
}
