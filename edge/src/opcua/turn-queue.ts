/** One after the other, in the order of asking. */
export class TurnQueue {
  #last: Promise<void> = Promise.resolve();

  /** Runs the work when all before it are done. Who gives up while waiting loses the turn, not the others theirs. */
  async inTurn<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const before = this.#last;
    const done = Promise.withResolvers<void>();
    this.#last = before.then(() => done.promise);
    try {
      await before;
      signal.throwIfAborted();
      return await work();
    } finally {
      done.resolve();
    }
  }
}
