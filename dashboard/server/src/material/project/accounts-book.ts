/**
 * The book of where every gram is, while events are carried into it: every movement takes from one account what it
 * gives to another, so all accounts of a lot together stay at zero whatever is told. A place on the site never holds
 * less than nothing: what is taken from it and was never there comes from the line's difference, in plain sight.
 */
import { account, isHeld } from '@trame/protocol/material/accounts';
import type { Move, Share } from '@trame/protocol/material/move';
import { sum } from '../shares.ts';
import type { HoldingTable, PostingTable } from '../material-tables.ts';
import type { Happened } from './happened.ts';

/** Postings of one event. */
export interface Entry {
  readonly happened: Happened;
  n: number;
}

/** @returns whether what is there left the site with who brought it, or as water on the way. */
export function isSentBack(name: string): boolean {
  return name.startsWith('returned:') || name.startsWith('water:');
}

export class AccountsBook {
  /** Contents of the accounts that were read, by account and lot. */
  readonly #held = new Map<string, Map<string, number>>();
  /** What changes in the table, by account and lot. */
  readonly #deltas = new Map<string, Map<string, number>>();
  readonly #postings: PostingTable[] = [];
  /** Grams of each source lot that went back to who brought it, or dried away before, less what came back. */
  readonly #sentBack = new Map<string, number>();

  /** The table has been asked for it: what is not loaded is not there. */
  asked(name: string): void {
    if (!this.#held.has(name)) this.#held.set(name, new Map());
  }

  load({ account: name, lot, grams }: Pick<HoldingTable, 'account' | 'lot' | 'grams'>): void {
    this.asked(name);
    this.#held.get(name)?.set(lot, grams);
  }

  loadSentBack(lot: string, grams: number): void {
    this.#sentBack.set(lot, (this.#sentBack.get(lot) ?? 0) + grams);
  }

  /** @returns grams of a source lot that went back to who brought it, or dried away; of lots that this was read for. */
  sentBack(lot: string): number {
    return this.#sentBack.get(lot) ?? 0;
  }

  /**
   * @returns what an account holds, by source lot: what is above 0, most first.
   * @throws when it was never read.
   */
  contents(name: string): Share[] {
    const held = this.#held.get(name);
    if (held === undefined) throw new Error(`account ${name} was not read before it is needed`);
    return [...held]
      .filter(([, grams]) => grams > 0)
      .map(([lot, grams]) => ({ lot, grams }))
      .sort((a, b) => b.grams - a.grams || (a.lot < b.lot ? -1 : 1));
  }

  /** Grams that an account holds. */
  grams(name: string): number {
    return sum(this.contents(name));
  }

  begin(happened: Happened): Entry {
    return { happened, n: 0 };
  }

  /** Carries one movement of an event into the book. @returns the shares that were moved. */
  move(entry: Entry, { from, to, shares }: Move): readonly Share[] {
    const moved = shares ?? this.contents(from);
    for (const share of moved) {
      if (isHeld(from)) this.#cover(entry, from, share);
      this.#post(entry, from, to, share);
    }
    return moved;
  }

  /** What is not there to be taken was there all the same: it comes from the line's difference. */
  #cover(entry: Entry, from: string, { lot, grams }: Share): void {
    const missing = grams - (this.#held.get(from)?.get(lot) ?? 0);
    if (missing <= 0) return;
    this.#post(entry, account('difference', entry.happened.line), from, { lot, grams: missing });
  }

  #post(entry: Entry, fromAccount: string, toAccount: string, { lot, grams }: Share): void {
    const { site, id: event, at, day, type } = entry.happened;
    this.#postings.push({ site, event, n: entry.n, at, day, type, fromAccount, toAccount, lot, grams });
    entry.n += 1;
    this.#add(fromAccount, lot, -grams);
    this.#add(toAccount, lot, grams);
    if (isSentBack(toAccount)) this.loadSentBack(lot, grams);
    // What a correction takes back from there never went, as the table says it to whoever reads it afterwards.
    if (isSentBack(fromAccount)) this.loadSentBack(lot, -grams);
  }

  #add(name: string, lot: string, grams: number): void {
    const held = this.#held.get(name);
    held?.set(lot, (held.get(lot) ?? 0) + grams);
    const deltas = this.#deltas.get(name) ?? new Map<string, number>();
    this.#deltas.set(name, deltas.set(lot, (deltas.get(lot) ?? 0) + grams));
  }

  get postings(): readonly PostingTable[] {
    return this.#postings;
  }

  /** @returns what each account gained or lost, without what stayed the same. */
  deltas(): readonly Pick<HoldingTable, 'account' | 'lot' | 'grams'>[] {
    return [...this.#deltas].flatMap(([name, lots]) =>
      [...lots].filter(([, grams]) => grams !== 0).map(([lot, grams]) => ({ account: name, lot, grams })),
    );
  }
}
