/**
 * Who waits for which answer, and the answers of the last requests: whoever asks again gets the same, and nothing is done
 * twice.
 */
import type { MotionAnswer, MotionRequest } from '../ports/motion-desk.ts';

/** Answers that are kept. An older request that comes again has expired, or is known to the ledger. */
export const ANSWERS_KEPT = 256;
/** Requests that may wait for their end; of one more, the oldest is not told: its sender asks again. */
export const WAITING_MAX = 64;

type Reply = (answer: MotionAnswer) => void;

export class AnswerBook {
  readonly #waiting = new Map<string, { reply: Reply; accepted: MotionAnswer | null }>();
  readonly #final = new Map<string, MotionAnswer>();

  knows(id: string): boolean {
    return this.#waiting.has(id) || this.#final.has(id);
  }

  /** @returns whether this request is new; one that is known gets what it got before, to the new `reply`. */
  open({ id }: MotionRequest, reply: Reply): boolean {
    const final = this.#final.get(id);
    if (final !== undefined) {
      reply(final);
      return false;
    }
    const waiting = this.#waiting.get(id);
    if (waiting !== undefined) {
      waiting.reply = reply;
      if (waiting.accepted !== null) reply(waiting.accepted);
      return false;
    }
    this.#waiting.set(id, { reply, accepted: null });
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size > WAITING_MAX && oldest !== undefined) this.#waiting.delete(oldest);
    return true;
  }

  /** @param isFinal no other answer follows. */
  answer(id: string, answer: MotionAnswer, isFinal: boolean): void {
    const waiting = this.#waiting.get(id);
    if (isFinal) {
      this.#waiting.delete(id);
      // Nothing was done: the same request may be tried again.
      if (answer.code !== 'not-stored') this.#keep(id, answer);
    } else if (waiting !== undefined) waiting.accepted = answer;
    waiting?.reply(answer);
  }

  #keep(id: string, answer: MotionAnswer): void {
    this.#final.set(id, answer);
    const [oldest] = this.#final.keys();
    if (this.#final.size > ANSWERS_KEPT && oldest !== undefined) this.#final.delete(oldest);
  }
}
