/** How far the ledger of a line is known here, and whether certain events of it are. */
import type { MaterialRecordArgs } from '@trame/protocol/material/material-record';
import type { LineAddress } from '../ledger/judge-event.ts';
import type { Records } from '../records/open-records.ts';

/** Last event that was stored, with all that follows from it; null: none of this line. */
export type LedgerSeen = MaterialRecordArgs['seen'];

export async function ledgerSeen(records: Records, { site, line }: LineAddress): Promise<LedgerSeen> {
  const row = await records
    .selectFrom('ledger_cursors')
    .select(['epoch', 'upTo'])
    .where('site', '=', site)
    .where('line', '=', line)
    .executeTakeFirst();
  return row === undefined || row.upTo < 1 ? null : { epoch: row.epoch, seq: row.upTo };
}

export interface EventPlace extends LineAddress {
  readonly epoch: string;
  /** Number of the first. */
  readonly seq: number;
  readonly count: number;
}

/** @returns ids of events that follow one another, in order; null unless all of them are stored. */
export async function eventsStored(
  records: Records,
  { site, line, epoch, seq, count }: EventPlace,
): Promise<readonly string[] | null> {
  const rows = await records
    .selectFrom('ledger_events')
    .select('id')
    .where('site', '=', site)
    .where('line', '=', line)
    .where('epoch', '=', epoch)
    .where('seq', '>=', seq)
    .where('seq', '<', seq + count)
    .orderBy('seq')
    .execute();
  return rows.length === count ? rows.map(({ id }) => id) : null;
}
