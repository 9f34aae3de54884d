/** A clock that a test moves by hand. */
import type { Clock } from '../ports/clock.ts';

interface Sleeper {
  readonly atMs: number;
  readonly wake: () => void;
}

export class TestClock implements Clock {
  #monotonicMs = 1000;
  #wallMs = 1_700_000_000_000;
  #sleepers: readonly Sleeper[] = [];

  nowMs(): number {
    return this.#wallMs;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    this.#sleepers = [...this.#sleepers, { atMs: this.#monotonicMs + ms, wake: resolve }];
    await promise.finally(() => signal.removeEventListener('abort', onAbort));
  }

  /** Steps the wall clock alone, as a time server does. */
  stepWall(ms: number): void {
    this.#wallMs += ms;
  }

  /** Moves both clocks, waking sleepers in order; what they do in between has run when this resolves. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#monotonicMs + ms;
    await settle();
    for (;;) {
      const [first] = this.#sleepers.toSorted((a, b) => a.atMs - b.atMs);
      if (first === undefined || first.atMs > endMs) break;
      this.#sleepers = this.#sleepers.filter((sleeper) => sleeper !== first);
      this.#moveTo(first.atMs);
      first.wake();
      await settle();
    }
    this.#moveTo(endMs);
  }

  #moveTo(monotonicMs: number): void {
    this.#wallMs += monotonicMs - this.#monotonicMs;
    this.#monotonicMs = monotonicMs;
  }
}

async function settle(): Promise<void> {
  await new Promise(setImmediate);
}
