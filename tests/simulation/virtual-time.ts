/** Time that passes only when everything that could happen at this moment has happened. */

/** Wall clock of the world's first moment: 2026-03-02 06:00 UTC. */
export const WORLD_START_MS = 1_772_431_200_000;

/** What takes real time takes none of the world's. */
type Happening = () => void | Promise<void>;

interface Due {
  readonly atMs: number;
  readonly order: number;
  readonly happen: Happening;
}

export class VirtualTime {
  #nowMs = 0;
  #order = 0;
  readonly #due: Due[] = [];

  /** Since the world began. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** What is due at one moment happens in the order in which it was asked for. */
  at(atMs: number, happen: Happening): void {
    const due = { atMs: Math.max(atMs, this.#nowMs), order: this.#order, happen };
    this.#order += 1;
    let low = 0;
    let high = this.#due.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#due[middle];
      if (other !== undefined && isBefore(due, other)) low = middle + 1;
      else high = middle;
    }
    // Latest first, so that the next one is taken off the end.
    this.#due.splice(low, 0, due);
  }

  in(ms: number, happen: Happening): void {
    this.at(this.#nowMs + ms, happen);
  }

  /** Lets everything happen that is due up to this moment. */
  async runTo(untilMs: number): Promise<void> {
    for (let next = this.#due.at(-1); next !== undefined && next.atMs <= untilMs; next = this.#due.at(-1)) {
      this.#due.pop();
      this.#nowMs = next.atMs;
      await next.happen();
      await settled();
    }
    this.#nowMs = untilMs;
  }
}

function isBefore(a: Due, b: Due): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

/**
 * Everything that can go on has gone on: immediates run once no microtask is left. Twice, since a ledger commits in
 * an immediate of its own, and whoever waited for that may append again.
 */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 2; turn += 1) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}

/** The clocks of one run of one program. When the program is killed, nothing it waits for ever comes. */
export class ProcessClock {
  readonly #time: VirtualTime;
  readonly #startedAtMs: number;
  readonly #wallErrorMs: () => number;
  #alive = true;

  /** @param wallErrorMs how far this machine's wall clock is off now. */
  constructor(time: VirtualTime, wallErrorMs: () => number) {
    this.#time = time;
    this.#startedAtMs = time.nowMs;
    this.#wallErrorMs = wallErrorMs;
  }

  kill(): void {
    this.#alive = false;
  }

  get isAlive(): boolean {
    return this.#alive;
  }

  nowMs(): number {
    return WORLD_START_MS + this.#time.nowMs + this.#wallErrorMs();
  }

  monotonicMs(): number {
    return this.#time.nowMs - this.#startedAtMs;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const abandon = (): void => reject(signal.reason);
      signal.addEventListener('abort', abandon, { once: true });
      this.#time.in(ms, () => {
        signal.removeEventListener('abort', abandon);
        if (this.#alive) resolve();
      });
    });
  }
}
