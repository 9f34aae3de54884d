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
  | { readonly kind: 'not-refused' }
  /** It was refused on lines of that name of two sites. */
  | { readonly kind: 'ambiguous'; readonly sites: readonly string[] };

/**
 * What was stored stays; the ledger goes on in the accepted epoch, from what is stored of it. Only an epoch that
 * was really sent and refused can be accepted: a typing error would keep the line's own ledger out.
 * @param actorRef opaque; null: the command line.
 * @param site whose line of that name; null: there is only one.
 */
export function acceptEpoch(
  records: Records,
  line: string,
  epoch: string,
  actorRef: string | null,
  nowMs: number,
  site: string | null = null,
): Promise<EpochOutcome> {
  const isMeant = (address: LineAddress) => site === null || address.site === site;
  return records.transaction().execute(async (transaction): Promise<EpochOutcome> => {
    const refused = await transaction
      .selectFrom('ledger_refusals')
      .select(['site', 'line'])
      .distinct()
      .where('line', '=', line)
      .where('epoch', '=', epoch)
      .where('code', '=', 'unknown-epoch')
      .orderBy('site')
      .execute();
    const taken = await transaction
      .selectFrom('ledger_cursors')
      .select(['site', 'line'])
      .where('line', '=', line)
      .where('epoch', '=', epoch)
      .execute();
    const sites = new Set([...refused, ...taken].filter(isMeant).map((address) => address.site));
    if (sites.size > 1) return { kind: 'ambiguous', sites: [...sites] };
    const already = taken.find(isMeant);
    if (already !== undefined) return { kind: 'already', address: already };
    const address = refused.find(isMeant);
    if (address === undefined) return { kind: 'not-refused' };
    await accept(transaction, address, epoch, actorRef, nowMs);
    return { kind: 'accepted', address };
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
    .deleteFrom('ledger_refusals')
    .where('site', '=', site)
    .where('line', '=', line)
    .where('code', '=', 'unknown-epoch')
    .where('epoch', '=', epoch)
    .execute();
  await transaction
    .updateTable('ledger_refusals')
    .set({ blocking: 0 })
    .where('site', '=', site)
    .where('line', '=', line)
    .execute();
}
