/** Promises that somebody started and nobody awaits in place: they are awaited together at the end. */
export class OwnedTasks {
  readonly #tasks = new Set<Promise<void>>();
  readonly #broken = Promise.withResolvers<never>();

  /** Rejects when one of the tasks rejects; never resolves. */
  get broken(): Promise<never> {
    return this.#broken.promise;
  }

  add(task: Promise<void>): void {
    const owned = task
      .catch((error: unknown) => this.#broken.reject(error))
      .finally(() => this.#tasks.delete(owned));
    this.#tasks.add(owned);
  }

  async settled(): Promise<void> {
    await Promise.all(this.#tasks);
  }
}
