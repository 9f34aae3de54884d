/** What decisions read of zones: everything that lies on the site, as the page of the stock has it. */
import type { Kysely } from 'kysely';
import type { Tables } from '../records/tables.ts';
import { stockFacts, type StockFacts } from '../stock/stock-repository.ts';

export class ZoneBook {
  readonly #records: Kysely<Tables>;
  readonly #site: string;

  /** @param records the records, or a transaction of them. */
  constructor(records: Kysely<Tables>, site: string) {
    this.#records = records;
    this.#site = site;
  }

  facts(): Promise<StockFacts> {
    return stockFacts(this.#records, this.#site);
  }
}
