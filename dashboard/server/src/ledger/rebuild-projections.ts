/** Makes everything that follows from the ledgers again, from their events alone. */
import type { Transaction } from 'kysely';
import type { Records } from '../records/open-records.ts';
import type { Tables } from '../records/tables.ts';
import { eventOfRow } from './event-row.ts';
import type { LineAddress } from './judge-event.ts';
import type { LedgerEventTable } from './ledger-tables.ts';
import { PROJECTION_TABLES, writeProjections } from './write-projections.ts';

/** Events in memory at a time. */
const PAGE_EVENTS = 500;

export interface RebuiltLine extends LineAddress {
  readonly events: number;
}

/**
 * All or nothing, in one transaction: whoever reads meanwhile sees what was there before. Events are taken in
 * the order in which they were stored.
 * @param dayOf local day of the site, `YYYY-MM-DD`.
 * @returns the lines and how many events each has.
 */
export function rebuildProjections(
  records: Records,
  dayOf: (atMs: number) => string,
): Promise<readonly RebuiltLine[]> {
  return records.transaction().execute(async (transaction) => {
    for (const table of PROJECTION_TABLES) await transaction.deleteFrom(table).execute();
    const lines = await transaction
      .selectFrom('ledger_cursors')
      .select(['site', 'line'])
      .orderBy('site')
      .orderBy('line')
      .execute();
    const rebuilt: RebuiltLine[] = [];
    for (const address of lines) {
      rebuilt.push({ ...address, events: await rebuildLine(transaction, address, dayOf) });
    }
    return rebuilt;
  });
}

async function rebuildLine(
  transaction: Transaction<Tables>,
  address: LineAddress,
  dayOf: (atMs: number) => string,
): Promise<number> {
  let place = 0;
  for (let count = 0; ;) {
    const page = await pageAfter(transaction, address, place);
    const last = page.at(-1);
    if (last === undefined) return count;
    const first = await firstPlaces(transaction, address, page);
    const counting = page.filter((row) => row.payload !== null && first.get(row.id) === row.place);
    await writeProjections(transaction, address, counting.map(eventOfRow), dayOf);
    count += page.length;
    place = last.place;
  }
}

function pageAfter(
  transaction: Transaction<Tables>,
  { site, line }: LineAddress,
  place: number,
): Promise<LedgerEventTable[]> {
  return transaction
    .selectFrom('ledger_events')
    .selectAll()
    .where('site', '=', site)
    .where('line', '=', line)
    .where('place', '>', place)
    .orderBy('place')
    .limit(PAGE_EVENTS)
    .execute();
}

/** @returns where each id first stood with a payload: an event that was carried over counts there alone. */
async function firstPlaces(
  transaction: Transaction<Tables>,
  { site, line }: LineAddress,
  page: readonly LedgerEventTable[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await transaction
    .selectFrom('ledger_events')
    .select((select) => ['id', select.fn.min('place').as('place')])
    .where('site', '=', site)
    .where('line', '=', line)
    .where(
      'id',
      'in',
      page.map(({ id }) => id),
    )
    .where('payload', 'is not', null)
    .groupBy('id')
    .execute();
  return new Map(rows.map(({ id, place }) => [id, place]));
}
