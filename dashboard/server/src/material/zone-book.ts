/** What decisions read of zones: what stands there and is not sorted yet. */
import { accountName } from '@trame/protocol/material/accounts';
import type { Kysely } from 'kysely';
import type { Tables } from '../records/tables.ts';

/** Names in one query. */
const NAMES_PER_QUERY = 500;

export class ZoneBook {
  readonly #records: Kysely<Tables>;
  readonly #site: string;

  /** @param records the records, or a transaction of them. */
  constructor(records: Kysely<Tables>, site: string) {
    this.#records = records;
    this.#site = site;
  }

  /** @returns grams that lie unsorted in a zone: in lots and containers that stand there. */
  async unsortedIn(zone: string): Promise<number> {
    const held = await this.#records
      .selectFrom('holdings')
      .select((select) => ['account', select.fn.sum('grams').as('grams')])
      .where('site', '=', this.#site)
      .where((where) =>
        where.or([where('account', 'like', 'lot:%'), where('account', 'like', 'container:%')]),
      )
      .groupBy('account')
      .execute();
    const placed = new Set([
      ...(await this.#namesIn('lots', 'lot', zone, held)),
      ...(await this.#namesIn('containers', 'container', zone, held)),
    ]);
    return held.reduce((grams, row) => grams + (placed.has(row.account) ? Number(row.grams) : 0), 0);
  }

  async #namesIn(
    table: 'lots' | 'containers',
    kind: 'lot' | 'container',
    zone: string,
    held: readonly { account: string }[],
  ): Promise<string[]> {
    const names = held.flatMap(({ account }) =>
      account.startsWith(`${kind}:`) ? [accountName(account)] : [],
    );
    const found: string[] = [];
    for (let from = 0; from < names.length; from += NAMES_PER_QUERY) {
      const some = names.slice(from, from + NAMES_PER_QUERY);
      const rows =
        table === 'lots'
          ? await this.#records
              .selectFrom('lots')
              .select('lot as name')
              .where('site', '=', this.#site)
              .where('zone', '=', zone)
              .where('lot', 'in', some)
              .execute()
          : await this.#records
              .selectFrom('containers')
              .select('container as name')
              .where('site', '=', this.#site)
              .where('zone', '=', zone)
              .where('container', 'in', some)
              .execute();
      found.push(...rows.map(({ name }) => `${kind}:${name}`));
    }
    return found;
  }
}
