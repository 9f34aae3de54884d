/**
 * A working day of a site, played through the interface of the dashboard: what is received, logged, corrected, counted,
 * shipped and sent back. It keeps a tally of its own, by addition alone, which the book of the site is held against.
 */
import type { LotAnswer, LotRow, ShipmentRow } from '@trame/protocol/material/material-answers';
import type { MaterialActs } from './material-acts.ts';

/** An output that stands there, made by the line and stored by its scale. */
export interface MadeOutput {
  readonly outlet: string;
  readonly unit: string;
  readonly press: string | null;
  readonly packagingGrams: number;
  /** What the scale showed, with packaging. */
  readonly shownGrams: number;
  /** Event of the weighing. */
  readonly weighing: string;
}

export interface Hall {
  readonly line: string;
  /** The next output that nobody has logged; each is given once. */
  readonly next: () => Promise<MadeOutput>;
}

/** Where an output is at the end, as whoever played the day knows. */
export type Whereabouts = 'stock' | 'shipped' | 'voided' | 'repressed' | 'opened';

export interface LoggedOutput {
  readonly id: string;
  readonly outlet: string;
  netGrams: number;
  where: Whereabouts;
}

export interface Tally {
  /** Grams by what became of them. */
  inGrams: number;
  refusedGrams: number;
  waterGrams: number;
  missingGrams: number;
  readonly outputs: LoggedOutput[];
  /** Each weighing that an output claimed: its outlet and net. */
  readonly claimed: { readonly weighing: string; readonly outlet: string; readonly netGrams: number }[];
}

export function newTally(): Tally {
  return { inGrams: 0, refusedGrams: 0, waterGrams: 0, missingGrams: 0, outputs: [], claimed: [] };
}

export const CLIENT = 'frip-nord';
export const COLLECTOR = 'emmaus-lillebonne';
const STOCK = 'stock';
const RECEPTION = 'reception';

export function netOf({ shownGrams, packagingGrams }: MadeOutput): number {
  return shownGrams - packagingGrams;
}

/** Everybody the site deals with. */
export async function declarePartners({ act }: MaterialActs): Promise<void> {
  await act('/partners', {
    partner: COLLECTOR,
    role: 'collector',
    name: 'Emmaüs Lillebonne (démo)',
    communes: [
      { insee: '76384', name: 'Lillebonne', permille: 600 },
      { insee: '76114', name: 'Bolbec', permille: 400 },
    ],
  });
  await act('/partners', { partner: CLIENT, role: 'client', name: 'Frip Nord (démo)' });
  await act('/partners', { partner: 'tri-76', role: 'subcontractor', name: 'Tri 76 (démo)' });
  await act('/partners', { partner: 'route-276', role: 'transporter', name: 'Route 276 (démo)' });
}

const DELIVERY = {
  skimming: 'original',
  legalStatus: 'waste',
  family: 'mixed-tlc',
  zone: RECEPTION,
} as const;

export interface Deliveries {
  readonly unknown: string;
  readonly wet: string;
  readonly late: string;
}

/** Three deliveries: of unknown origin, wet, and one whose weighbridge ticket comes late. */
export async function receiveDeliveries({ act, read }: MaterialActs, tally: Tally): Promise<Deliveries> {
  await act('/containers', { container: 'CAGE-1', kind: 'cage', tareGrams: 62_000 });
  await act('/containers', { container: 'CAGE-2', kind: 'cage', tareGrams: 61_500 });

  const { id: unknown } = await act('/lots', {
    ...DELIVERY,
    collector: null,
    condition: 'dry',
    loads: [{ weight: { how: 'typed', netGrams: 84_300 } }],
  });
  tally.inGrams += 84_300;

  const { id: wet } = await act('/lots', {
    ...DELIVERY,
    collector: COLLECTOR,
    condition: 'wet',
    loads: [
      { container: 'CAGE-1', weight: { how: 'typed', grossGrams: 162_000 } },
      { container: 'CAGE-2', weight: { how: 'typed', grossGrams: 141_500 } },
    ],
  });
  tally.inGrams += 100_000 + 80_000;
  await act(`/lots/${wet}/refuse`, { reason: 'wet', container: 'CAGE-2', note: 'trempé' });
  tally.refusedGrams += 80_000;
  await act(`/lots/${wet}/dry`, { from: 'container:CAGE-1', weight: { how: 'typed', grossGrams: 154_500 } });
  tally.waterGrams += 7_500;

  const { id: late } = await act('/lots', { ...DELIVERY, collector: COLLECTOR, condition: 'dry', loads: [] });
  const waiting = await read<LotAnswer>(`/lots/${late}`);
  if (waiting.lot.status !== 'waiting-weight') throw new Error(`${late} is ${waiting.lot.status}`);
  await act(`/lots/${late}/weigh`, { weight: { how: 'weighbridge', netGrams: 3_020_000 } });
  tally.inGrams += 3_020_000;

  // Somebody finds the delivery note of the bags that had no origin.
  await act(`/lots/${unknown}/attribute`, { collector: COLLECTOR });
  return { unknown, wet, late };
}

/** Logs an output with the weighing of its scale; `outlet` only when somebody touches the wrong tile. */
export async function logOutput(
  { act }: MaterialActs,
  tally: Tally,
  hall: Hall,
  made: MadeOutput,
  outlet = made.outlet,
): Promise<LoggedOutput> {
  const { id } = await act('/bales', {
    line: hall.line,
    press: made.press,
    outlet,
    unit: made.unit,
    packagingGrams: made.packagingGrams,
    zone: STOCK,
    unusual: true,
    weight: { how: 'scale', weighing: made.weighing },
  });
  const logged: LoggedOutput = { id, outlet, netGrams: netOf(made), where: 'stock' };
  tally.outputs.push(logged);
  if (outlet === made.outlet) claim(tally, made);
  return logged;
}

function claim(tally: Tally, made: MadeOutput): void {
  tally.claimed.push({ weighing: made.weighing, outlet: made.outlet, netGrams: netOf(made) });
}

/** «À peser»: it stands there by count, cannot be shipped, and gets its weight later. */
export async function logToWeigh(
  { act, refusal }: MaterialActs,
  tally: Tally,
  hall: Hall,
  shipment: string,
): Promise<LoggedOutput> {
  const made = await hall.next();
  const { id } = await act('/bales', {
    line: hall.line,
    press: made.press,
    outlet: made.outlet,
    unit: made.unit,
    stage: 'to-weigh',
    zone: STOCK,
  });
  const { code } = await refusal(`/shipments/${shipment}/load`, { code: id });
  if (code !== 'not-weighed') throw new Error(`${id} was refused as ${code}`);
  const { packagingGrams, weighing } = made;
  await act(`/bales/${id}/weigh`, { weight: { how: 'scale', weighing }, packagingGrams, unusual: true });
  claim(tally, made);
  const logged: LoggedOutput = { id, outlet: made.outlet, netGrams: netOf(made), where: 'stock' };
  tally.outputs.push(logged);
  return logged;
}

/** The figure is typed; the server finds the weighing that it was read off. */
export async function logTyped(
  { act }: MaterialActs,
  tally: Tally,
  hall: Hall,
  scale: string,
): Promise<LoggedOutput> {
  const made = await hall.next();
  const { outlet, unit, press, packagingGrams, shownGrams } = made;
  const { id } = await act('/bales', {
    line: hall.line,
    press,
    outlet,
    unit,
    zone: STOCK,
    packagingGrams,
    unusual: true,
    weight: { how: 'typed', scale, grossGrams: shownGrams },
  });
  claim(tally, made);
  const logged: LoggedOutput = { id, outlet, netGrams: netOf(made), where: 'stock' };
  tally.outputs.push(logged);
  return logged;
}

/** A wrong tile: voided, and logged again with the same weighing. */
export async function logWronglyAndAgain(
  acts: MaterialActs,
  tally: Tally,
  hall: Hall,
  wrongOutlet: string,
): Promise<LoggedOutput> {
  const made = await hall.next();
  const wrong = await logOutput(acts, tally, hall, made, made.outlet === wrongOutlet ? 'csr' : wrongOutlet);
  await acts.act(`/bales/${wrong.id}/void`, { reason: 'mauvaise tuile' });
  wrong.where = 'voided';
  return logOutput(acts, tally, hall, made);
}

export const REPRESSED_LOSS_GRAMS = 300;

/** Two are pressed into one, which weighs 300 g less than both: that is the line's difference. */
export async function repress(
  { act }: MaterialActs,
  tally: Tally,
  hall: Hall,
  pair: LoggedOutput[],
): Promise<void> {
  const outlet = pair[0]?.outlet ?? '';
  const netGrams = pair.reduce((sum, one) => sum + one.netGrams, 0) - REPRESSED_LOSS_GRAMS;
  const { id } = await act('/bales/repress', {
    bales: pair.map((one) => one.id),
    press: 'presse-1',
    outlet,
    unit: 'bale',
    zone: STOCK,
    packagingGrams: 0,
    unusual: true,
    weight: { how: 'typed', netGrams },
  });
  for (const one of pair) one.where = 'repressed';
  tally.outputs.push({ id, outlet, netGrams, where: 'stock' });
  if (!id.startsWith('B')) throw new Error(`${hall.line}: ${id}`);
}
const DAMAGED_GRAMS = 1_500;

/** One is torn; one is not found in a count, with its reason, and found the day after. */
export async function damageAndCount({ act }: MaterialActs, tally: Tally, torn: LoggedOutput): Promise<void> {
  await act(`/bales/${torn.id}/damage`, { lostGrams: DAMAGED_GRAMS, reason: 'éventrée' });
  tally.missingGrams += DAMAGED_GRAMS;
  torn.netGrams -= DAMAGED_GRAMS;
  const standing = tally.outputs.filter(({ where }) => where === 'stock');
  const found = standing.filter((one) => one !== torn).map(({ id }) => id);
  const count = { zone: STOCK, count: found.length, bales: found, reason: 'introuvable' };
  await act('/stock/counts', count);
  await act(`/bales/${torn.id}/found`, { zone: STOCK });
}

export function openShipment({ act }: MaterialActs): Promise<{ readonly id: string }> {
  return act('/shipments', {
    partner: CLIENT,
    transporter: 'route-276',
    vehicle: 'AB-123-CD',
    operation: 'R0',
  });
}

function typed(netGrams: number) {
  return { how: 'typed', netGrams };
}

/** What was loaded, weighed once more, taken off, sent, refused in part by the client, and brought back. */
export async function ship(
  { act, refusal, read }: MaterialActs,
  shipment: string,
  [kept, returned, taken]: readonly [LoggedOutput, LoggedOutput, LoggedOutput],
): Promise<ShipmentRow> {
  await act(`/shipments/${shipment}/load`, { code: kept.id, weight: typed(kept.netGrams) });
  const off = { code: returned.id, weight: typed(returned.netGrams - 9_000) };
  const { code } = await refusal(`/shipments/${shipment}/load`, off);
  if (code !== 'weight-differs') throw new Error(`refused as ${code}`);
  await act(`/shipments/${shipment}/load`, { ...off, accept: true });
  await act(`/shipments/${shipment}/load`, { code: taken.id });
  await act(`/shipments/${shipment}/unload`, { bale: taken.id, reason: 'plus de place' });
  await act(`/shipments/${shipment}/dispatch`, {});
  await act(`/shipments/${shipment}/receive`, {
    clientGrams: kept.netGrams - 500,
    refused: [returned.id],
    reason: 'humide',
  });
  await act(`/shipments/${shipment}/return`, { bales: [returned.id], zone: STOCK });
  kept.where = 'shipped';
  return (await read<{ readonly shipment: ShipmentRow }>(`/shipments/${shipment}`)).shipment;
}

/** What went with each lot, wherever it is now, sums to what came in with it. */
export async function lotsAdd({
  rows,
  read,
}: MaterialActs): Promise<readonly { lot: LotRow; sum: number }[]> {
  const sums = [];
  for (const lot of await rows<LotRow>('/lots')) {
    const { whereabouts } = await read<LotAnswer>(`/lots/${lot.id}`);
    sums.push({ lot, sum: whereabouts.reduce((sum, { grams }) => sum + grams, 0) });
  }
  return sums;
}
