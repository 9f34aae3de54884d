/** What things are called, and since when they are there. */
import { accountKind, accountName } from '@trame/protocol/material/accounts';
import { parts } from '../ledger/parts.ts';
import { partnerNames } from '../lots/lot-repository.ts';
import type { Records } from '../records/open-records.ts';

export interface ThingFacts {
  /** Short number of lots and outputs, name of partners, else the name of the account. */
  readonly label: string;
  readonly at: number | null;
}

/** @param ids accounts. @returns what is known of each. */
export async function thingFacts(
  records: Records,
  site: string,
  ids: readonly string[],
): Promise<(id: string) => ThingFacts> {
  const named = (kind: string) => ids.filter((id) => id.startsWith(`${kind}:`)).map(accountName);
  const known = new Map<string, ThingFacts>();
  for (const part of parts(named('output'))) {
    const rows = await records
      .selectFrom('outputs')
      .select(['output', 'number', 'startedAt'])
      .where('site', '=', site)
      .where('output', 'in', part)
      .execute();
    for (const row of rows)
      known.set(`output:${row.output}`, { label: String(row.number), at: row.startedAt });
  }
  for (const part of parts(named('lot'))) {
    const rows = await records
      .selectFrom('lots')
      .select(['lot', 'number', 'at'])
      .where('site', '=', site)
      .where('lot', 'in', part)
      .execute();
    for (const row of rows) known.set(`lot:${row.lot}`, { label: String(row.number), at: row.at });
  }
  const names = await partnerNames(records, site, [
    ...new Set(['collector', 'client', 'returned', 'subcontractor'].flatMap(named)),
  ]);
  return (id) => {
    const found = known.get(id);
    if (found !== undefined) return found;
    const isPartner = ['collector', 'client', 'returned', 'subcontractor'].includes(accountKind(id));
    return { label: (isPartner ? names.get(accountName(id)) : undefined) ?? accountName(id), at: null };
  };
}
