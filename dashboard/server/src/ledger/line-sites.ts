/** Which site the name of a line belongs to on this server: one, until a person decides otherwise. */
import type { Transaction } from 'kysely';
import type { Records } from '../records/open-records.ts';
import type { Tables } from '../records/tables.ts';
import type { LineAddress } from './judge-event.ts';

/**
 * What is known in memory, for what comes in too often to ask the records: lines whose ledger is stored. Of others
 * Sparkplug's own rule decides.
 */
export class LineSites {
  readonly #ownSite: string | null;
  readonly #siteOf: Map<string, string>;

  /** @param ownSite the only site that is heard; null: whatever the broker lets through. */
  constructor(ownSite: string | null, held: readonly LineAddress[]) {
    this.#ownSite = ownSite;
    this.#siteOf = new Map(held.map(({ site, line }) => [line, site]));
  }

  /** Its ledger is stored under this site. */
  hold({ site, line }: LineAddress): void {
    this.#siteOf.set(line, site);
  }

  /** @returns whether what comes under this site is not of this server, or claims the line of another site. */
  isForeign({ site, line }: LineAddress): boolean {
    return site !== (this.#ownSite ?? this.#siteOf.get(line) ?? site);
  }
}

export function heldLines(records: Records): Promise<LineAddress[]> {
  return records.selectFrom('line_sites').select(['site', 'line']).orderBy('line').execute();
}

/** @returns the site that has this line, by its ledger, else by its last birth; null: no site has. */
export async function siteHolding(transaction: Transaction<Tables>, line: string): Promise<string | null> {
  const byLedger = await transaction
    .selectFrom('line_sites')
    .select('site')
    .where('line', '=', line)
    .executeTakeFirst();
  if (byLedger !== undefined) return byLedger.site;
  const born = await transaction
    .selectFrom('lines')
    .select('site')
    .where('line', '=', line)
    .executeTakeFirst();
  return born?.site ?? null;
}

export async function holdLine(
  transaction: Transaction<Tables>,
  { site, line }: LineAddress,
  nowMs: number,
): Promise<void> {
  await transaction
    .insertInto('line_sites')
    .values({ line, site, since: nowMs })
    .onConflict((conflict) =>
      conflict.column('line').doUpdateSet({ site, since: nowMs }).where('line_sites.site', '<>', site),
    )
    .execute();
}
