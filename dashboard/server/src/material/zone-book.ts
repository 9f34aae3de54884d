/** What decisions read of zones: everything that lies on the site, as the page of the stock has it. */
import type { Kysely } from 'kysely';
import { parts } from '../ledger/parts.ts';
import type { Tables } from '../records/tables.ts';
import type { OutputTable } from './material-tables.ts';
import { stockFacts, type StockFacts } from '../stock/stock-repository.ts';

export class ZoneBook {
  readonly #records: Kysely<Tables>;
  readonly #site: string;

  /** @param records the records, or a transaction of them. */
  constructor(records: Kysely<Tables>, site: string) {
    this.#records = records;
    this.#site = site;
  }

  /** @returns outputs by their names, in no order; those that are not known are left out. */
  async outputs(names: readonly string[]): Promise<OutputTable[]> {
    const found: OutputTable[] = [];
    for (const part of parts(names)) {
      const rows = await this.#records
        .selectFrom('outputs')
        .selectAll()
        .where('site', '=', this.#site)
        .where('output', 'in', part)
        .execute();
      found.push(...rows);
    }
    return found;
  }

  facts(): Promise<StockFacts> {
    return stockFacts(this.#records, this.#site);
  }
}
