/** The shipment that an act is about, in a state in which that can be. */
import { account } from '@trame/protocol/material/accounts';
import type { ShipmentStatus } from '@trame/protocol/material/material-names';
import { refused, type ActContext, type Refused } from '../material/decision.ts';
import { notYetThere } from '../material/act-times.ts';
import type { ShipmentTable } from '../material/material-tables.ts';

export interface KnownShipment {
  readonly kind: 'shipment';
  readonly shipment: ShipmentTable;
}

/** @param statuses in which the act can be. */
export async function knownShipment(
  { book, occurredAt }: ActContext,
  id: string,
  statuses: readonly ShipmentStatus[],
): Promise<KnownShipment | Refused> {
  const shipment = await book.shipment(id);
  if (shipment === undefined) return refused('unknown-shipment', `no shipment «${id}»`, { shipment: id });
  const { number, status, openedAt, dispatchedAt } = shipment;
  if (statuses.some((one) => one === status))
    return notYetThere(occurredAt, id, dispatchedAt ?? openedAt) ?? { kind: 'shipment', shipment };
  const params = { shipment: id, number, state: status };
  return status === 'dispatched' || status === 'received'
    ? refused('already-shipped', `shipment ${id} has left`, params)
    : refused('wrong-state', `shipment ${id} is ${status}`, params);
}

/** @returns the account that has what left with a shipment. */
export function awayAccount({ purpose, partner }: Pick<ShipmentTable, 'purpose' | 'partner'>): string {
  return account(purpose === 'subcontract' ? 'subcontractor' : 'client', partner);
}
