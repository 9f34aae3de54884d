/** The last revisions, so that a page that was away for a moment need not load everything again. */

export interface Revision {
  readonly prev: number;
  readonly rev: number;
  /** The event as it goes to every client. */
  readonly text: string;
  /** Monotonic ms. */
  readonly atMs: number;
}

export class ReplayBuffer {
  readonly #keepMs: number;
  readonly #bytesMax: number;
  #revisions: Revision[] = [];
  #bytes = 0;

  constructor(keepMs: number, bytesMax: number) {
    this.#keepMs = keepMs;
    this.#bytesMax = bytesMax;
  }

  add(revision: Revision): void {
    this.#revisions.push(revision);
    this.#bytes += revision.text.length;
    let drop = 0;
    for (const old of this.#revisions) {
      if (this.#bytes <= this.#bytesMax && revision.atMs - old.atMs <= this.#keepMs) break;
      this.#bytes -= old.text.length;
      drop += 1;
    }
    if (drop > 0) this.#revisions = this.#revisions.slice(drop);
  }

  /** @returns the revisions after `rev`, or null when one of them is no longer kept. */
  after(rev: number): readonly Revision[] | null {
    const first = this.#revisions.findIndex(({ prev }) => prev === rev);
    if (first >= 0) return this.#revisions.slice(first);
    return this.#revisions.at(-1)?.rev === rev ? [] : null;
  }
}
