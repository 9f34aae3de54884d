/** What was counted of one line, as its events change it: read from the records, and written back there. */
import type { ToldLife } from './count-overlap.ts';

/** What an event changes of it. */
export type CountChange =
  | { readonly kind: 'told-life'; readonly counter: string; readonly told: ToldLife }
  | { readonly kind: 'edge-total'; readonly counter: string; readonly grams: number };

/**
 * Counter of the edge's totals that is none: its ledger was opened before this server. With it, a counter without a
 * total stands at zero; without it, nobody here knows.
 */
export const LINE_ITSELF = '';

export class CountBook {
  readonly #told = new Map<string, Map<string, ToldLife>>();
  readonly #totals = new Map<string, number>();
  readonly #movedTotals = new Set<string>();
  readonly #movedLives = new Map<string, { readonly counter: string; readonly told: ToldLife }>();

  /** Takes what is in the records. */
  load(change: CountChange): void {
    if (change.kind === 'edge-total') this.#totals.set(change.counter, change.grams);
    else {
      const told = this.#told.get(change.counter) ?? new Map<string, ToldLife>();
      this.#told.set(change.counter, told.set(keyOf(change.told), change.told));
    }
  }

  apply(change: CountChange): void {
    this.load(change);
    if (change.kind === 'edge-total') this.#movedTotals.add(change.counter);
    else this.#movedLives.set(JSON.stringify([change.counter, keyOf(change.told)]), change);
  }

  /** @returns what was told of a counter, in an order that does not hang on who wrote it when. */
  toldOf(counter: string): readonly ToldLife[] {
    const told = [...(this.#told.get(counter) ?? [])];
    return told.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
  }

  /** The edge's own total of each counter, grams. */
  get edgeTotals(): ReadonlyMap<string, number> {
    return this.#totals;
  }

  get movedTotals(): readonly { readonly counter: string; readonly grams: number }[] {
    return [...this.#movedTotals].map((counter) => ({ counter, grams: this.#totals.get(counter) ?? 0 }));
  }

  get movedLives(): readonly { readonly counter: string; readonly told: ToldLife }[] {
    return [...this.#movedLives.values()];
  }
}

function keyOf({ epoch, generation }: ToldLife): string {
  return `${epoch}/${generation}`;
}
