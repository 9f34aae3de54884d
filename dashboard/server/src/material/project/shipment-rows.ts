/** What becomes of shipments, and of the outputs on them. */
import { account } from '@trame/protocol/material/accounts';
import type {
  ShipmentAmended,
  ShipmentDispatched,
  ShipmentLoaded,
  ShipmentOpened,
  ShipmentReceived,
  ShipmentReturned,
} from '@trame/protocol/material/output-events';
import type { ShipmentTable } from '../material-tables.ts';
import { claim } from './claims.ts';
import type { Happened } from './happened.ts';
import { numberOf } from './lot-rows.ts';
import { keyText, type MaterialRows } from './material-rows.ts';
import { changeOutput, inStock } from './output-rows.ts';

function bareShipment({ site, at, day }: Happened, shipment: string): ShipmentTable {
  return {
    site,
    shipment,
    number: numberOf(shipment),
    partner: '',
    purpose: 'delivery',
    status: 'open',
    openedAt: at,
    day,
    dispatchedAt: null,
    receivedAt: null,
    transporter: null,
    vehicle: null,
    operation: null,
    wasteCode: null,
    annexVii: null,
    clientGrams: null,
    comparedGrams: null,
    netGrams: 0,
  };
}

function changeShipment(
  rows: MaterialRows,
  happened: Happened,
  shipment: string,
  change: (before: ShipmentTable) => Partial<ShipmentTable>,
): void {
  const before = rows.shipments.get(shipment) ?? bareShipment(happened, shipment);
  rows.shipments.put({ ...before, ...change(before) });
}

export function shipmentOpened(
  rows: MaterialRows,
  happened: Happened,
  { note: _note, ...said }: ShipmentOpened,
): void {
  // Told twice under one name, by a ledger that was set back: the first one stands.
  if (rows.shipments.get(said.shipment) !== null) return;
  rows.shipments.put({ ...bareShipment(happened, said.shipment), ...said });
}

export function shipmentAmended(rows: MaterialRows, happened: Happened, said: ShipmentAmended): void {
  const { shipment, transporter, vehicle, operation, wasteCode, annexVii } = said;
  changeShipment(rows, happened, shipment, () => ({ transporter, vehicle, operation, wasteCode, annexVii }));
}

export function shipmentLoaded(rows: MaterialRows, happened: Happened, said: ShipmentLoaded): void {
  const { shipment, output, checkGrams, weight } = said;
  changeShipment(rows, happened, shipment, () => ({}));
  changeOutput(rows, happened, output, () => ({ status: 'loaded', shipment }));
  const netGrams = rows.outputs.get(output)?.netGrams ?? 0;
  rows.loads.put({ site: happened.site, shipment, output, checkGrams, netGrams, state: 'loaded' });
  claim(rows, happened, weight, account('output', output));
}

export function shipmentUnloaded(
  rows: MaterialRows,
  happened: Happened,
  { shipment, output }: { readonly shipment: string; readonly output: string },
): void {
  if (rows.loads.get(keyText(shipment, output))?.state !== 'loaded') return;
  rows.loads.remove(keyText(shipment, output));
  changeOutput(rows, happened, output, inStock);
}

/** @param moved grams that left in each account. */
export function shipmentDispatched(
  rows: MaterialRows,
  happened: Happened,
  said: ShipmentDispatched,
  moved: ReadonlyMap<string, number>,
): void {
  const { shipment, netGrams, vehicle, annexVii } = said;
  changeShipment(rows, happened, shipment, (before) => ({
    status: 'dispatched',
    dispatchedAt: happened.at,
    day: happened.day,
    netGrams,
    vehicle: vehicle ?? before.vehicle,
    annexVii,
  }));
  for (const load of rows.loadsOf(shipment)) {
    if (load.state !== 'loaded') continue;
    const left = moved.get(account('output', load.output)) ?? load.netGrams;
    rows.loads.put({ ...load, netGrams: left, state: 'dispatched' });
    changeOutput(rows, happened, load.output, () => ({ status: 'shipped', zone: null }));
  }
}

export function shipmentCancelled(rows: MaterialRows, happened: Happened, shipment: string): void {
  changeShipment(rows, happened, shipment, () => ({ status: 'cancelled' }));
  for (const { output } of rows.loadsOf(shipment)) shipmentUnloaded(rows, happened, { shipment, output });
}

export function shipmentReceived(rows: MaterialRows, happened: Happened, said: ShipmentReceived): void {
  const { shipment, clientGrams, differenceGrams, refused } = said;
  changeShipment(rows, happened, shipment, (before) => ({
    status: 'received',
    receivedAt: happened.at,
    clientGrams: clientGrams ?? before.clientGrams,
    comparedGrams: clientGrams === null ? before.comparedGrams : clientGrams - (differenceGrams ?? 0),
  }));
  for (const load of rows.loadsOf(shipment)) {
    const isRefused = refused.includes(load.output);
    if (isRefused) rows.loads.put({ ...load, state: 'refused' });
    // Told again without it: it was a mistake.
    else if (load.state === 'refused') rows.loads.put({ ...load, state: 'dispatched' });
  }
}

export function shipmentReturned(rows: MaterialRows, happened: Happened, said: ShipmentReturned): void {
  const { shipment, outputs, zone } = said;
  for (const output of outputs) {
    const load = rows.loads.get(keyText(shipment, output));
    if (load !== null) rows.loads.put({ ...load, state: 'returned' });
    changeOutput(rows, happened, output, (before) => ({ ...inStock(before), zone }));
  }
}
