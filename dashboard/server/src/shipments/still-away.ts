/**
 * What a subcontractor still has of one shipment. Its account holds all shipments together; what left with each is
 * known by its outputs, and what came back by the events of the shipment.
 */
import { outputAccount, stillAt } from '../bales/output-account.ts';
import type { MaterialBook } from '../material/material-book.ts';
import type { ShipmentTable } from '../material/material-tables.ts';
import { joinShares, withoutShares } from '../material/shares.ts';
import type { Share } from '@trame/protocol/material/move';
import { awayAccount } from './known-shipment.ts';

/** @returns by source lot, grams above 0; never more of a lot than the subcontractor's account holds. */
export async function stillAway(
  book: MaterialBook,
  shipment: Pick<ShipmentTable, 'shipment' | 'purpose' | 'partner'>,
): Promise<Share[]> {
  const away = awayAccount(shipment);
  const left: Share[] = [];
  for (const { output, state } of await book.shipmentOutputs(shipment.shipment)) {
    if (state !== 'dispatched' && state !== 'refused') continue;
    const own = outputAccount({ output });
    left.push(...stillAt(await book.postingsOf(own), own, away));
  }
  const back = await broughtBack(book, shipment.shipment, away);
  const held = new Map((await book.contents(away)).map(({ lot, grams }) => [lot, grams]));
  return withoutShares(left, back)
    .map(({ lot, grams }) => ({ lot, grams: Math.min(grams, held.get(lot) ?? 0) }))
    .filter(({ grams }) => grams > 0);
}

/** Sorted and brought back, or lost there. */
async function broughtBack(book: MaterialBook, shipment: string, away: string): Promise<Share[]> {
  const events = await book.diary.events(`shipment:${shipment}`, [
    'subcontract.returned',
    'subcontract.finished',
  ]);
  const back: Share[] = [];
  for (const event of events) {
    const postings = await book.postings(event);
    back.push(...postings.filter(({ fromAccount }) => fromAccount === away));
  }
  return joinShares(back);
}
