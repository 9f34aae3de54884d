/** Acts about the stock and what leaves it. */
import * as parts from '@trame/protocol/material/act-parts';
import * as baleActs from '@trame/protocol/material/bale-acts';
import * as shipmentActs from '@trame/protocol/material/shipment-acts';
import { amendShipment } from '../shipments/amend-shipment.ts';
import { bringBack } from '../shipments/bring-back.ts';
import { cancelShipment } from '../shipments/cancel-shipment.ts';
import { finishSubcontract } from '../shipments/finish-subcontract.ts';
import { dispatchShipment } from '../shipments/dispatch-shipment.ts';
import { loadShipment } from '../shipments/load-shipment.ts';
import { openShipment } from '../shipments/open-shipment.ts';
import { receiveShipment } from '../shipments/receive-shipment.ts';
import { returnShipment } from '../shipments/return-shipment.ts';
import { unloadShipment } from '../shipments/unload-shipment.ts';
import { countStock } from '../stock/count-stock.ts';
import { actsOf, LEADS, type Act } from './act.ts';

const stock = actsOf('stock');
const shipment = actsOf('shipments');

export const SHIPMENT_ACTS: readonly Act[] = [
  stock(
    [201, '/stock/counts', LEADS],
    'countStock',
    'Say what is there',
    baleActs.StockCountBody,
    countStock,
  ),
  shipment(
    [201, '/shipments', LEADS],
    'openShipment',
    'Open a shipment',
    shipmentActs.ShipmentBody,
    openShipment,
  ),
  shipment(
    [200, '/shipments/:id/amend', LEADS],
    'amendShipment',
    'Set right what was said of a shipment: transporter, vehicle, operation, waste code, Annex VII',
    shipmentActs.ShipmentAmendBody,
    amendShipment,
  ),
  shipment(
    [200, '/shipments/:id/load', LEADS],
    'loadShipment',
    'Load the output that was scanned',
    shipmentActs.ShipmentLoadBody,
    loadShipment,
  ),
  shipment(
    [200, '/shipments/:id/unload', LEADS],
    'unloadShipment',
    'Take an output off again',
    shipmentActs.ShipmentUnloadBody,
    unloadShipment,
  ),
  shipment(
    [200, '/shipments/:id/dispatch', LEADS],
    'dispatchShipment',
    'The truck leaves',
    shipmentActs.ShipmentDispatchBody,
    dispatchShipment,
  ),
  shipment(
    [200, '/shipments/:id/cancel', LEADS],
    'cancelShipment',
    'Cancel a shipment that has not left',
    parts.ReasonBody,
    cancelShipment,
  ),
  shipment(
    [200, '/shipments/:id/receive', LEADS],
    'receiveShipment',
    'Note what the client says of it',
    shipmentActs.ShipmentReceiveBody,
    receiveShipment,
  ),
  shipment(
    [200, '/shipments/:id/return', LEADS],
    'returnShipment',
    'Outputs are back in the yard',
    shipmentActs.ShipmentReturnBody,
    returnShipment,
  ),
  shipment(
    [201, '/shipments/:id/bring-back', LEADS],
    'bringBack',
    'A subcontractor brings sorted material back: it becomes a lot',
    shipmentActs.BringBackBody,
    bringBack,
  ),
  shipment(
    [200, '/shipments/:id/finish', LEADS],
    'finishSubcontract',
    'Nothing more comes back of what a subcontractor has: the rest is the difference',
    shipmentActs.FinishBody,
    finishSubcontract,
  ),
];
