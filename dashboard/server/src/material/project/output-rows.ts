/** What becomes of bales, sacks, crates: from the press to the truck. */
import { account } from '@trame/protocol/material/accounts';
import type {
  OutputDamaged,
  OutputExamined,
  OutputFound,
  OutputLabelled,
  OutputStarted,
  OutputWeighed,
  StockCounted,
} from '@trame/protocol/material/output-events';
import type { OutputTable } from '../material-tables.ts';
import { claim, freeOfEvent, freeOfThing } from './claims.ts';
import type { Happened } from './happened.ts';
import { numberOf } from './lot-rows.ts';
import { keyText, type MaterialRows } from './material-rows.ts';

/** Before its first weight. */
const UNWEIGHED: ReadonlySet<string> = new Set(['started', 'pressed', 'to-weigh']);
/** Outlet of an output whose making this server was never told. */
const UNKNOWN_OUTLET = 'unknown';

function bareOutput({ site, line, at, day, id }: Happened, output: string): OutputTable {
  return {
    site,
    output,
    number: numberOf(output),
    line,
    press: null,
    outlet: UNKNOWN_OUTLET,
    unit: 'bale',
    status: 'started',
    startedAt: at,
    day,
    weighedAt: null,
    grossGrams: null,
    packagingGrams: null,
    netGrams: null,
    weightHow: null,
    pieces: null,
    pairs: null,
    unusual: 0,
    damaged: 0,
    code: null,
    labels: 0,
    zone: null,
    shipment: null,
    sheet: null,
    proposal: null,
    moistureHundredths: null,
    moistureAt: null,
    grade: null,
    gradeAt: null,
    startEvent: id,
    weightEvent: null,
  };
}

/** Changes an output; one that this server was never told of, from what follows from its name. */
export function changeOutput(
  rows: MaterialRows,
  happened: Happened,
  output: string,
  change: (before: OutputTable) => Partial<OutputTable>,
): void {
  const before = rows.outputs.get(output) ?? bareOutput(happened, output);
  rows.outputs.put({ ...before, ...change(before) });
}

export function outputStarted(rows: MaterialRows, happened: Happened, said: OutputStarted): void {
  const { output, number, line, press, outlet, unit, sheet, proposal = null } = said;
  // Told twice under one name, by a ledger that was set back: the first one stands.
  if (rows.outputs.get(output) !== null) return;
  const made = { number, line, press, outlet, unit, sheet, proposal };
  rows.outputs.put({ ...bareOutput(happened, output), ...made });
}

export function outputPressed(
  rows: MaterialRows,
  happened: Happened,
  output: string,
  toWeigh: boolean,
): void {
  changeOutput(rows, happened, output, ({ status }) =>
    UNWEIGHED.has(status) ? { status: toWeigh ? 'to-weigh' : 'pressed' } : {},
  );
}

export function outputWeighed(rows: MaterialRows, happened: Happened, said: OutputWeighed): void {
  const { output, grossGrams, packagingGrams, netGrams, weight, pieces, pairs, unusual, corrects } = said;
  const { changeGrams } = said;
  changeOutput(rows, happened, output, ({ status, weighedAt, day, netGrams: before }) => ({
    grossGrams,
    packagingGrams,
    // What was damaged since the wrong weight was told stays lost.
    netGrams: corrects === null || before === null ? netGrams : Math.max(0, before + changeGrams),
    pieces,
    pairs,
    status: UNWEIGHED.has(status) ? 'stock' : status,
    weighedAt: happened.at,
    day: weighedAt === null ? happened.day : day,
    weightHow: weight.how,
    unusual: Number(unusual),
    weightEvent: happened.id,
  }));
  if (corrects !== null) onShipment(rows, output, changeGrams);
  freeOfEvent(rows, corrects);
  claim(rows, happened, weight, account('output', output), corrects !== null);
}

/** A weight that is set right once it has left: what left with its shipment weighed that. */
function onShipment(rows: MaterialRows, output: string, changeGrams: number): void {
  const { status, shipment } = rows.outputs.get(output) ?? {};
  if (status !== 'shipped' || shipment == null) return;
  const load = rows.loads.get(keyText(shipment, output));
  const left = rows.shipments.get(shipment);
  if (load === null || left === null) return;
  rows.loads.put({ ...load, netGrams: load.netGrams + changeGrams });
  const { comparedGrams } = left;
  const isTaken = comparedGrams !== null && load.state === 'dispatched';
  rows.shipments.put({
    ...left,
    netGrams: left.netGrams + changeGrams,
    comparedGrams: isTaken ? comparedGrams + changeGrams : comparedGrams,
  });
}

export function outputLabelled(
  rows: MaterialRows,
  happened: Happened,
  { output, code, how }: OutputLabelled,
): void {
  changeOutput(rows, happened, output, ({ labels }) => ({ code, labels: labels + 1 }));
  const own = rows.codes.all().filter((row) => row.output === output);
  const before = own.find((row) => row.code === code);
  if (before === undefined) {
    const n = 1 + Math.max(0, ...own.map((row) => row.n));
    rows.codes.put({ site: happened.site, output, code, n });
    return;
  }
  // Bound again to one that it bore: those that were bound since were a mistake.
  if (how !== 'bound') return;
  for (const row of own) if (row.n > before.n) rows.codes.remove(keyText(output, row.code));
}

/** What is not said stays, and so does what was found later than this. Of the same time it was said wrongly before. */
export function outputExamined(rows: MaterialRows, happened: Happened, said: OutputExamined): void {
  const { output, moisturePercent, grade } = said;
  const { at } = happened;
  changeOutput(rows, happened, output, ({ moistureAt, gradeAt }) => ({
    ...(moisturePercent !== null && (moistureAt === null || moistureAt <= at)
      ? { moistureHundredths: Math.round(moisturePercent * 100), moistureAt: at }
      : {}),
    ...(grade !== null && (gradeAt === null || gradeAt <= at) ? { grade, gradeAt: at } : {}),
  }));
}

/** It never was: what was weighed for it is free for what it really was. */
export function outputVoided(rows: MaterialRows, happened: Happened, output: string): void {
  changeOutput(rows, happened, output, () => ({ status: 'voided', shipment: null }));
  freeOfThing(rows, account('output', output));
}

export function outputDamaged(
  rows: MaterialRows,
  happened: Happened,
  { output, lostGrams }: OutputDamaged,
): void {
  changeOutput(rows, happened, output, ({ netGrams }) => ({
    damaged: 1,
    netGrams: netGrams === null ? null : Math.max(0, netGrams - lostGrams),
  }));
}

export function outputFound(rows: MaterialRows, happened: Happened, { output, zone }: OutputFound): void {
  changeOutput(rows, happened, output, (before) => ({
    ...inStock(before),
    zone: zone ?? before.zone,
  }));
}

/** Only what the count says of each by its name; sums are in its movements. */
export function stockCounted(
  rows: MaterialRows,
  happened: Happened,
  { zone, missing, found }: StockCounted,
): void {
  for (const output of missing) changeOutput(rows, happened, output, () => ({ status: 'missing' }));
  for (const output of found) {
    changeOutput(rows, happened, output, (before) =>
      before.status === 'missing' ? { ...inStock(before), zone } : { zone },
    );
  }
}

/** In the yard again; without a weight it still has to be weighed. */
export function inStock({ netGrams }: OutputTable): Pick<OutputTable, 'status' | 'shipment'> {
  return { status: netGrams === null ? 'to-weigh' : 'stock', shipment: null };
}
