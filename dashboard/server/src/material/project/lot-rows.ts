/** What becomes of lots, containers and partners. */
import { canonicalJson } from '@trame/protocol/canonical-json';
import { account, isHeld } from '@trame/protocol/material/accounts';
import type {
  LotAttributed,
  LotPlaced,
  LotReceived,
  LotReturned,
  LotSplit,
  LotsMerged,
  ContainerDeclared,
  PartnerDeclared,
} from '@trame/protocol/material/lot-events';
import type { Weight } from '@trame/protocol/material/move';
import type { SubcontractReturned } from '@trame/protocol/material/output-events';
import type { LotTable } from '../material-tables.ts';
import { claim } from './claims.ts';
import type { Happened } from './happened.ts';
import type { MaterialRows } from './material-rows.ts';

/** @returns 118 of `L118`; 0 of a name that is no number. */
export function numberOf(id: string): number {
  return Number(/^[A-Z](\d{1,9})$/u.exec(id)?.[1] ?? 0);
}

/** @returns 1 when nothing but a person's word stands for the weight. */
export function isEstimated({ how, weighing }: Weight): number {
  return Number(weighing === null && (how === 'typed' || how === 'paper' || how === 'estimated'));
}

/** A lot of which nothing else is known. */
function bareLot({ site, at, day, id }: Happened, lot: string): LotTable {
  return {
    site,
    lot,
    number: numberOf(lot),
    kind: 'received',
    at,
    day,
    collector: null,
    skimming: 'original',
    legalStatus: 'to-check',
    condition: 'dry',
    family: 'mixed-tlc',
    wasteCode: '20 01 11',
    usualName: '',
    vehicle: null,
    transporter: null,
    allocation: 'none',
    points: '[]',
    communes: '[]',
    loads: '[]',
    zone: null,
    receivedGrams: null,
    refusedGrams: 0,
    estimated: 0,
    status: 'open',
    event: id,
    weightEvent: null,
  };
}

/** @returns the lot; one that this server was never told of, with what follows from its name. */
export function lotOf(rows: MaterialRows, happened: Happened, lot: string): LotTable {
  return rows.lots.get(lot) ?? bareLot(happened, lot);
}

export function partnerDeclared(
  rows: MaterialRows,
  { site }: Happened,
  { points, communes, accredited, retired, ...said }: PartnerDeclared,
): void {
  rows.partners.put({
    site,
    ...said,
    accredited: Number(accredited),
    points: canonicalJson(points),
    communes: canonicalJson(communes),
    retired: Number(retired),
  });
}

export function containerDeclared(
  rows: MaterialRows,
  { site }: Happened,
  { retired, ...said }: ContainerDeclared,
): void {
  const before = rows.containers.get(said.container);
  const zone = before?.zone ?? null;
  const weighedAt = before?.weighedAt ?? null;
  rows.containers.put({ site, ...said, retired: Number(retired), zone, weighedAt });
}

/** A container that was never declared is known by what it holds only. */
export function containerPlaced(rows: MaterialRows, container: string, zone: string): void {
  const before = rows.containers.get(container);
  if (before !== null) rows.containers.put({ ...before, zone });
}

export function containerWeighed(rows: MaterialRows, container: string, at: number): void {
  const before = rows.containers.get(container);
  if (before !== null) rows.containers.put({ ...before, weighedAt: Math.max(before.weighedAt ?? at, at) });
}

export function lotReceived(rows: MaterialRows, happened: Happened, said: LotReceived): void {
  const { lot, loads, zone } = said;
  for (const { container, weight } of loads) {
    claim(rows, happened, weight, account('lot', lot));
    if (container === null) continue;
    containerWeighed(rows, container, happened.at);
    if (zone !== null) containerPlaced(rows, container, zone);
  }
  // Told twice under one name, by a ledger that was set back: the first one stands.
  if (rows.lots.get(lot) !== null) return;
  const {
    points,
    communes,
    entry: _entry,
    note: _note,
    moves: _moves,
    attachments: _attached,
    ...kept
  } = said;
  rows.lots.put({
    ...bareLot(happened, lot),
    ...kept,
    zone,
    points: canonicalJson(points),
    communes: canonicalJson(communes),
    loads: canonicalJson(loads),
    receivedGrams: loads.length === 0 ? null : loads.reduce((sum, { netGrams }) => sum + netGrams, 0),
    estimated: Math.max(0, ...loads.map(({ weight }) => isEstimated(weight))),
    weightEvent: loads.length === 0 ? null : happened.id,
  });
}

/** What lies loose of it. */
export function lotPlaced(rows: MaterialRows, happened: Happened, { lot, zone }: LotPlaced): void {
  rows.lots.put({ ...lotOf(rows, happened, lot), zone });
}

export function lotDried(rows: MaterialRows, happened: Happened, lot: string, weight: Weight): void {
  const before = lotOf(rows, happened, lot);
  rows.lots.put({ ...before, condition: before.condition === 'wet' ? 'dry' : before.condition });
  claim(rows, happened, weight, account('lot', lot));
}

export function lotRefused(
  rows: MaterialRows,
  happened: Happened,
  { lot, grams, whole }: { readonly lot: string; readonly grams: number | null; readonly whole: boolean },
): void {
  const before = lotOf(rows, happened, lot);
  rows.lots.put({
    ...before,
    refusedGrams: before.refusedGrams + (grams ?? 0),
    status: whole ? 'refused' : before.status,
  });
}

/** Returned when nothing of what was received stays, whether it went in one go or in several. */
export function lotReturned(rows: MaterialRows, happened: Happened, { lot, grams }: LotReturned): void {
  const before = lotOf(rows, happened, lot);
  const received = before.receivedGrams ?? 0;
  const isAll = grams >= received - before.refusedGrams || rows.book.sentBack(lot) >= received;
  rows.lots.put({ ...before, status: isAll ? 'returned' : before.status });
}

export function lotAttributed(rows: MaterialRows, happened: Happened, said: LotAttributed): void {
  const { lot, collector, points, communes, allocation } = said;
  rows.lots.put({
    ...lotOf(rows, happened, lot),
    collector,
    allocation,
    points: canonicalJson(points),
    communes: canonicalJson(communes),
  });
}

/** Parts are like the whole. */
export function lotSplit(rows: MaterialRows, happened: Happened, { lot, into }: LotSplit): void {
  const whole = lotOf(rows, happened, lot);
  rows.lots.put(whole);
  for (const part of into) {
    if (rows.lots.get(part.lot) !== null) continue;
    rows.lots.put({
      ...whole,
      lot: part.lot,
      number: part.number,
      kind: 'split',
      at: happened.at,
      day: happened.day,
      loads: '[]',
      receivedGrams: part.grams,
      refusedGrams: 0,
      status: 'open',
      event: happened.id,
      weightEvent: happened.id,
    });
  }
}

/** What was the same of all of them is so of the whole; of the rest nothing is said. */
export function lotsMerged(rows: MaterialRows, happened: Happened, said: LotsMerged, grams: number): void {
  const { lots, into, number } = said;
  const merged = lots.map((lot) => lotOf(rows, happened, lot));
  for (const lot of merged) rows.lots.put({ ...lot, status: 'merged' });
  if (rows.lots.get(into) !== null) return;
  const bare = bareLot(happened, into);
  const same = <K extends keyof LotTable>(column: K): LotTable[K] => {
    const [first, ...others] = merged.map((lot) => lot[column]);
    return first !== undefined && others.every((other) => other === first) ? first : bare[column];
  };
  rows.lots.put({
    ...bare,
    number,
    kind: 'merged',
    collector: same('collector'),
    skimming: merged.some(({ skimming }) => skimming === 'skimmed') ? 'skimmed' : 'original',
    legalStatus: same('legalStatus'),
    condition: worst(merged),
    family: same('family'),
    wasteCode: same('wasteCode'),
    usualName: same('usualName'),
    allocation: same('allocation'),
    points: same('points'),
    communes: same('communes'),
    zone: same('zone'),
    receivedGrams: grams,
    estimated: Math.max(0, ...merged.map(({ estimated }) => estimated)),
    weightEvent: happened.id,
  });
}

function worst(lots: readonly LotTable[]): string {
  const conditions = new Set(lots.map(({ condition }) => condition));
  return conditions.has('soiled') ? 'soiled' : conditions.has('wet') ? 'wet' : 'dry';
}

/** What a subcontractor brings back was sorted there. */
export function broughtBack(rows: MaterialRows, happened: Happened, said: SubcontractReturned): void {
  const { lot, number, outlet, netGrams, weight, zone, shipment } = said;
  claim(rows, happened, weight, account('lot', lot));
  if (rows.lots.get(lot) !== null) return;
  rows.lots.put({
    ...bareLot(happened, lot),
    number,
    kind: 'subcontracted',
    skimming: 'skimmed',
    legalStatus: 'waste',
    wasteCode: rows.shipments.get(shipment)?.wasteCode ?? '19 12 08',
    usualName: outlet ?? '',
    zone,
    receivedGrams: netGrams,
    estimated: isEstimated(weight),
    weightEvent: happened.id,
  });
}

/** Containers that a movement weighs. */
export function weighedContainers(...accounts: readonly string[]): string[] {
  return accounts
    .filter((name) => isHeld(name) && name.startsWith('container:'))
    .map((name) => name.slice(10));
}
