/** What accounts will hold once the movements of a decision are carried into the book. */
import type { Move, Share } from '@trame/protocol/material/move';
import { joinShares, withoutShares } from '../material/shares.ts';

interface Contents {
  contents(account: string): Promise<Share[]>;
}

export class MovedContents implements Contents {
  readonly #book: Contents;
  readonly #moved = new Map<string, Share[]>();

  constructor(book: Contents) {
    this.#book = book;
  }

  async contents(account: string): Promise<Share[]> {
    return this.#moved.get(account) ?? (await this.#book.contents(account));
  }

  async carry({ from, to, shares }: Move): Promise<void> {
    const there = await this.contents(from);
    const moved = shares ?? there;
    this.#moved.set(from, withoutShares(there, moved));
    this.#moved.set(to, joinShares(await this.contents(to), moved));
  }
}
