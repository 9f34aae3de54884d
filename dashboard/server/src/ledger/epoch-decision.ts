/** A person accepts another epoch of a line: its ledger was restored, replaced, or moved to another machine. */
import type { Transaction } from 'kysely';
import type { Records } from '../records/open-records.ts';
import type { Tables } from '../records/tables.ts';
import type { LineAddress } from './judge-event.ts';
import { cursorRow, noteEpoch, saveCursor } from './records-ledger-store.ts';

export type EpochOutcome =
  | { readonly kind: 'accepted'; readonly address: LineAddress }
  /** It is the one that is taken already. */
  | { readonly kind: 'already'; readonly address: LineAddress }
  /** Nothing of this epoch was refused on a line of that name: there is nothing to decide. */
  | { readonly kind: 'not-refused' };

/**
 * What was stored stays; the ledger goes on in the accepted epoch, from what is stored of it. Only an epoch that
 * was really sent and refused can be accepted: a typing error would keep the line's own ledger out.
 * @param actorRef opaque; null: the command line.
 */
export function acceptEpoch(
  records: Records,
  line: string,
  epoch: string,
  actorRef: string | null,
  nowMs: number,
): Promise<EpochOutcome> {
  return records.transaction().execute(async (transaction): Promise<EpochOutcome> => {
    const taken = await transaction
      .selectFrom('ledger_cursors')
      .select(['site', 'line'])
      .where('line', '=', line)
      .where('epoch', '=', epoch)
      .executeTakeFirst();
    if (taken !== undefined) return { kind: 'already', address: taken };
    const refused = await transaction
      .selectFrom('ledger_refusals')
      .select(['site', 'line'])
      .where('line', '=', line)
      .where('epoch', '=', epoch)
      .where('code', '=', 'unknown-epoch')
      .executeTakeFirst();
    if (refused === undefined) return { kind: 'not-refused' };
    await accept(transaction, refused, epoch, actorRef, nowMs);
    return { kind: 'accepted', address: refused };
  });
}

async function accept(
  transaction: Transaction<Tables>,
  address: LineAddress,
  epoch: string,
  actorRef: string | null,
  nowMs: number,
): Promise<void> {
  const { site, line } = address;
  const before = await cursorRow(transaction, address);
  const last = await transaction
    .selectFrom('ledger_events')
    .select(['seq', 'hash'])
    .where('site', '=', site)
    .where('line', '=', line)
    .where('epoch', '=', epoch)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  await saveCursor(transaction, {
    site,
    line,
    epoch,
    upTo: last?.seq ?? 0,
    hash: last?.hash ?? null,
    place: before?.place ?? 0,
    storedAt: before?.storedAt ?? null,
  });
  await noteEpoch(transaction, address, epoch, nowMs, actorRef);
  await transaction
    .updateTable('ledger_refusals')
    .set({ blocking: 0 })
    .where('site', '=', site)
    .where('line', '=', line)
    .execute();
}
