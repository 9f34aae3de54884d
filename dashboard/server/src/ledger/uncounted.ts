/** What was sorted and is in no tonnage, for the page «Santé». */
import type { UncountedMass } from '@trame/protocol/health-api';
import type { Records } from '../records/open-records.ts';
import type { LineAddress } from './judge-event.ts';

const UNCOUNTED_SHOWN_MAX = 20;

/** @returns of one line, the latest first. */
export async function latestUncounted(
  records: Records,
  { site, line }: LineAddress,
): Promise<UncountedMass[]> {
  const rows = await records
    .selectFrom('uncounted')
    .selectAll()
    .where('site', '=', site)
    .where('line', '=', line)
    .orderBy('toAt', 'desc')
    .orderBy('id')
    .orderBy('counter')
    .limit(UNCOUNTED_SHOWN_MAX)
    .execute();
  return rows.map(({ counter, grams, fromAt, toAt }) => ({ counter, grams, since: fromAt, until: toAt }));
}
