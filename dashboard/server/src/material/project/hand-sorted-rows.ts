/** What people sorted in a run of events. */
import type { HandSortedTable } from '../material-tables.ts';
import type { Happened } from './happened.ts';

export class HandSortedRows {
  readonly #added: HandSortedTable[] = [];
  /** On which day it is judged whether a machine counted what an event says, by event. */
  readonly #judged = new Map<string, string>();

  /** Of an event that may be corrected by one of the run. */
  load({ event, judgedDay }: Pick<HandSortedTable, 'event' | 'judgedDay'>): void {
    if (judgedDay !== null) this.#judged.set(event, judgedDay);
  }

  judgedDay(event: string): string | null {
    return this.#judged.get(event) ?? null;
  }

  add(
    { site, id: event, day }: Happened,
    {
      outlets,
      ...said
    }: Pick<HandSortedTable, 'lot' | 'judgedDay'> & { readonly outlets: readonly Sorted[] },
  ): void {
    this.load({ event, judgedDay: said.judgedDay });
    for (const sorted of outlets) {
      const last = this.#added.at(-1);
      const n = last?.event === event ? last.n + 1 : 0;
      this.#added.push({ site, event, n, day, ...sorted, ...said });
    }
  }

  added(): readonly HandSortedTable[] {
    return this.#added;
  }
}

/** Into an outlet; less than nothing: out of it. */
export type Sorted = Pick<HandSortedTable, 'line' | 'outlet' | 'grams'>;
