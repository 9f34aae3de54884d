/** Partners and shipments for tests. */
import { declarePartner } from '../partners/declare-partner.ts';
import { logged } from '../bales/test-outputs.ts';
import { TEST_SITE } from '../testing/material-reference.ts';
import type { MaterialSite } from '../testing/test-material-site.ts';
import { dispatchShipment } from './dispatch-shipment.ts';
import { loadShipment } from './load-shipment.ts';
import { openShipment } from './open-shipment.ts';
import type { ShipmentQuery } from './shipment-repository.ts';

export const ALL_SHIPMENTS: ShipmentQuery = {
  site: TEST_SITE,
  status: null,
  partner: null,
  fromMs: null,
  toMs: null,
  after: null,
  limit: 10,
};

export async function declareClient(site: MaterialSite): Promise<void> {
  await site.act(declarePartner, { partner: 'frip-nord', role: 'client', name: 'Frip Nord' });
}

export async function declareSubcontractor(site: MaterialSite): Promise<void> {
  await site.act(declarePartner, {
    partner: 'essuyage-76',
    role: 'subcontractor',
    name: 'Essuyage 76',
  });
}

/** Outputs of these nets leave in one shipment. @returns their ids, and that of the shipment. */
export async function shipped(
  site: MaterialSite,
  partner: string,
  nets: readonly number[],
): Promise<{ readonly shipment: string; readonly bales: readonly string[] }> {
  const { id: shipment } = await site.act(openShipment, { partner });
  const bales: string[] = [];
  for (const net of nets) {
    const { id } = await logged(site, net);
    await site.act(loadShipment, { code: id }, shipment);
    bales.push(id);
  }
  await site.act(dispatchShipment, {}, shipment);
  return { shipment, bales };
}
