/** Shipments as pages show them. */
import type { ShipmentAnswer, ShipmentRow } from '@trame/protocol/material/material-answers';
import { baleRow } from '../bales/bale-repository.ts';
import type { Place } from '../http/keyset.ts';
import { partnerNames } from '../lots/lot-repository.ts';
import type { Period } from '../material/query-period.ts';
import type { ShipmentTable } from '../material/material-tables.ts';
import type { Records } from '../records/open-records.ts';

export interface ShipmentQuery extends Period {
  readonly site: string;
  readonly status: string | null;
  readonly partner: string | null;
  readonly after: Place | null;
  readonly limit: number;
}

/** @returns shipments, latest opened first. */
export async function shipmentsOf(records: Records, query: ShipmentQuery): Promise<ShipmentRow[]> {
  const { site, status, partner, fromMs, toMs, after, limit } = query;
  let select = records.selectFrom('shipments').selectAll().where('site', '=', site);
  if (status !== null) select = select.where('status', '=', status);
  if (partner !== null) select = select.where('partner', '=', partner);
  if (fromMs !== null) select = select.where('openedAt', '>=', fromMs);
  if (toMs !== null) select = select.where('openedAt', '<', toMs);
  if (after !== null) {
    const { at, id } = after;
    select = select
      .where('openedAt', '<=', at)
      .where((where) => where.or([where('openedAt', '<', at), where('shipment', '<', id)]));
  }
  const rows = await select.orderBy('openedAt', 'desc').orderBy('shipment', 'desc').limit(limit).execute();
  return shipmentRows(records, site, rows);
}

export async function shipmentRows(
  records: Records,
  site: string,
  rows: readonly ShipmentTable[],
): Promise<ShipmentRow[]> {
  if (rows.length === 0) return [];
  const names = await partnerNames(records, site, [...new Set(rows.map(({ partner }) => partner))]);
  const loads = await records
    .selectFrom('shipment_outputs')
    .select((of) => [
      'shipment',
      of.fn.countAll<number>().as('outputs'),
      of.fn.sum<number>('netGrams').as('netGrams'),
    ])
    .where('site', '=', site)
    .where(
      'shipment',
      'in',
      rows.map(({ shipment }) => shipment),
    )
    .groupBy('shipment')
    .execute();
  const load = new Map(loads.map((row) => [row.shipment, row]));
  return rows.map((row) => {
    const { outputs = 0, netGrams: loadedGrams = 0 } = load.get(row.shipment) ?? {};
    // What was dispatched stays what it was, whatever comes back.
    const netGrams = row.dispatchedAt === null ? loadedGrams : row.netGrams;
    return {
      id: row.shipment,
      number: row.number,
      partner: row.partner,
      partnerName: names.get(row.partner) ?? row.partner,
      purpose: row.purpose,
      status: row.status,
      openedAt: row.openedAt,
      dispatchedAt: row.dispatchedAt,
      receivedAt: row.receivedAt,
      transporter: row.transporter,
      vehicle: row.vehicle,
      operation: row.operation,
      wasteCode: row.wasteCode,
      annexVii: row.annexVii,
      outputs,
      netGrams,
      clientGrams: row.clientGrams,
      differenceGrams: row.clientGrams === null ? null : row.clientGrams - (row.comparedGrams ?? netGrams),
    };
  });
}

/** @returns the outputs of a shipment, by their short numbers. */
export async function balesOfShipment(
  records: Records,
  site: string,
  shipment: string,
): Promise<ShipmentAnswer['bales']> {
  const rows = await records
    .selectFrom('shipment_outputs')
    .innerJoin('outputs', (join) =>
      join
        .onRef('outputs.site', '=', 'shipment_outputs.site')
        .onRef('outputs.output', '=', 'shipment_outputs.output'),
    )
    .selectAll('outputs')
    .select(['shipment_outputs.checkGrams', 'shipment_outputs.state'])
    .where('shipment_outputs.site', '=', site)
    .where('shipment_outputs.shipment', '=', shipment)
    .orderBy('outputs.number')
    .execute();
  return rows.map(({ checkGrams, state, ...output }) => ({ bale: baleRow(output), checkGrams, state }));
}
