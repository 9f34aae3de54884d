/** What hands can do with shipments, and what is to be expected of it. */
import { bringBack } from '../shipments/bring-back.ts';
import { cancelShipment } from '../shipments/cancel-shipment.ts';
import { dispatchShipment } from '../shipments/dispatch-shipment.ts';
import { loadShipment } from '../shipments/load-shipment.ts';
import { openShipment } from '../shipments/open-shipment.ts';
import { receiveShipment } from '../shipments/receive-shipment.ts';
import { returnShipment } from '../shipments/return-shipment.ts';
import { unloadShipment } from '../shipments/unload-shipment.ts';
import type { MaterialSite } from '../testing/test-material-site.ts';
import type { ShipmentTable } from './material-tables.ts';
import { never, outputsOf, partOf, pick, planned, shipmentsOf, type Plan } from './test-plan.ts';

async function aim(
  site: MaterialSite,
  which: number,
  statuses: readonly string[],
  purpose?: string,
): Promise<ShipmentTable | undefined> {
  const shipments = await shipmentsOf(site);
  const fitting = shipments.filter(
    (one) => statuses.includes(one.status) && (purpose === undefined || one.purpose === purpose),
  );
  return pick(which % 11 === 0 ? shipments : fitting, which);
}

const GONE = ['dispatched', 'received'];

export const SHIPMENT_ACTS = {
  openShipment: (_site, { which }) =>
    planned(openShipment, { partner: which % 2 === 0 ? 'frip-nord' : 'essuyage-76' }),
  loadShipment: async (site, { which, other, yes }) => {
    const shipment = await aim(site, which, ['open']);
    const output = pick(
      (await outputsOf(site)).filter(({ status }) => status === 'stock'),
      other,
    );
    if (shipment === undefined || output === undefined) return never;
    const code = yes ? String(output.number) : (output.code ?? output.output);
    return planned(loadShipment, { code }, shipment.shipment, (world) => {
      world.output(output.output).status = 'loaded';
    });
  },
  unloadShipment: async (site, { which }) => {
    const output = pick(
      (await outputsOf(site)).filter(({ status }) => status === 'loaded'),
      which,
    );
    if (output?.shipment == null) return never;
    return planned(unloadShipment, { bale: output.output }, output.shipment, (world) => {
      world.output(output.output).status = 'stock';
    });
  },
  dispatchShipment: async (site, { which }) => {
    const full: ShipmentTable[] = [];
    for (const one of await shipmentsOf(site))
      if (one.status === 'open' && (await loadedOn(site, one.shipment)).length > 0) full.push(one);
    const shipment = which % 5 === 0 ? await aim(site, which, ['open']) : pick(full, which);
    if (shipment === undefined) return never;
    const loaded = await loadedOn(site, shipment.shipment);
    const to = shipment.purpose === 'subcontract' ? 'subcontractor' : 'client';
    return planned(dispatchShipment, {}, shipment.shipment, (world) => {
      for (const id of loaded) {
        world.gone[to] += world.emptied(id, 'shipped');
        world.output(id).shippedTo = to;
      }
    });
  },
  cancelShipment: async (site, { which }) => {
    const shipment = await aim(site, which, ['open']);
    if (shipment === undefined || which % 4 !== 0) return never;
    const loaded = await loadedOn(site, shipment.shipment);
    return planned(cancelShipment, {}, shipment.shipment, (world) => {
      for (const id of loaded) world.output(id).status = 'stock';
    });
  },
  receiveShipment: async (site, { which, grams, yes }) => {
    const shipment = await aim(site, which, GONE);
    if (shipment === undefined) return never;
    const away = await stillAway(site, shipment.shipment);
    const body = { clientGrams: grams, refused: yes ? away.slice(0, 1) : [] };
    return planned(receiveShipment, body, shipment.shipment);
  },
  returnShipment: async (site, { which, other }) => {
    const shipment = await aim(site, which, GONE);
    if (shipment === undefined || other % 3 !== 0) return never;
    const bale = pick(await stillAway(site, shipment.shipment), other);
    if (bale === undefined) return never;
    const from = shipment.purpose === 'subcontract' ? 'subcontractor' : 'client';
    return planned(returnShipment, { bales: [bale] }, shipment.shipment, (world) => {
      world.gone[from] -= world.back(bale);
    });
  },
  bringBack: async (site, hand) => {
    const shipment = await aim(site, hand.which, GONE, 'subcontract');
    if (shipment === undefined) return never;
    const grams = partOf(await site.grams('subcontractor:essuyage-76'), hand);
    const body = { weight: { how: 'estimated', netGrams: grams } } as const;
    return planned(
      bringBack,
      body,
      shipment.shipment,
      (world) => {
        world.gone.subcontractor -= Math.min(grams, world.gone.subcontractor);
      },
      'differs',
    );
  },
} as const satisfies Readonly<Record<string, Plan>>;

async function loadedOn(site: MaterialSite, shipment: string): Promise<string[]> {
  const rows = await site.book.shipmentOutputs(shipment);
  return rows.filter(({ state }) => state === 'loaded').map(({ output }) => output);
}

async function stillAway(site: MaterialSite, shipment: string): Promise<string[]> {
  const rows = await site.book.shipmentOutputs(shipment);
  return rows.filter(({ state }) => ['dispatched', 'refused'].includes(state)).map(({ output }) => output);
}
