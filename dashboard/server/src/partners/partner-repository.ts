import type { PartnerRow } from '@trame/protocol/material/material-answers';
import type { Records } from '../records/open-records.ts';

export interface PartnerQuery {
  readonly site: string;
  readonly role: string | null;
  /** The last one of the page before. */
  readonly afterId: string | null;
  readonly limit: number;
}

/** @returns partners by their ids. */
export async function partnersOf(
  records: Records,
  { site, role, afterId, limit }: PartnerQuery,
): Promise<PartnerRow[]> {
  let select = records.selectFrom('partners').selectAll().where('site', '=', site);
  if (role !== null) select = select.where('role', '=', role);
  if (afterId !== null) select = select.where('partner', '>', afterId);
  const rows = await select.orderBy('partner').limit(limit).execute();
  return rows.map((row) => ({
    id: row.partner,
    role: row.role,
    name: row.name,
    siret: row.siret,
    accredited: row.accredited === 1,
    points: JSON.parse(row.points) as PartnerRow['points'],
    communes: JSON.parse(row.communes) as PartnerRow['communes'],
    retired: row.retired === 1,
  }));
}
