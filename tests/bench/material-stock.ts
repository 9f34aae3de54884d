/** The records of a site with many outputs, written straight into its tables: what a projection would have left. */
import { DatabaseSync } from 'node:sqlite';

export const SITE = 'caux';
export const LINE = 'tri-1';
/** Outputs that still stand in stock, and those on which the last chains of re-pressing end. */
const IN_STOCK = 10_000;
/** Outputs in a row, each pressed from the one before. */
export const CHAIN = 6;
const OUTLETS = ['creme', 'essuyage', 'effilochage', 'csr', 'shoes', 'rest'];
const ZONES = ['stock', 'yard', 'hall'];
/** One output every 90 s of work: a million are years. */
const PACE_MS = 90_000;
const NET_GRAMS = 250_000;
/** Outputs that take of one lot: with two lots in each, a lot of a tonne. */
const OUTPUTS_OF_LOT = 8;
const BATCH = 20_000;

export interface Filled {
  readonly lots: number;
  /** The last output of a chain. */
  readonly chained: number;
}

/** @param nowMs the latest output is as old as this. @returns what can be asked for. */
export function fillMaterial(path: string, outputs: number, nowMs: number): Filled {
  const database = new DatabaseSync(path);
  try {
    database.exec('pragma synchronous = off; pragma cache_size = -262144; pragma temp_store = memory');
    const indexes = dropIndexes(database);
    const lots = Math.ceil(outputs / OUTPUTS_OF_LOT) + 2;
    const at = (number: number) => nowMs - (outputs - number) * PACE_MS;
    database.exec(
      `insert into ledger_cursors (site, line, epoch, "upTo", place) values ('${SITE}', '${LINE}', 'bench', 0, 0)`,
    );
    fillLots(database, lots, (lot) => at(lot * OUTPUTS_OF_LOT) - PACE_MS);
    fillOutputs(database, outputs, at);
    const chained = outputs - (outputs % CHAIN);
    for (const sql of indexes) database.exec(sql);
    database.exec('pragma synchronous = full');
    return { lots, chained };
  } finally {
    database.close();
  }
}

/** Rows in bulk are written without them, and they are made once at the end. */
function dropIndexes(database: DatabaseSync): string[] {
  const rows = database
    .prepare(
      "select name, sql from sqlite_master where type = 'index' and sql is not null and tbl_name in ('outputs', 'postings', 'holdings', 'journal', 'lots')",
    )
    .all() as { name: string; sql: string }[];
  for (const { name } of rows) database.exec(`drop index "${name}"`);
  return rows.map(({ sql }) => sql);
}

function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

function inBatches(database: DatabaseSync, count: number, write: (number: number) => void): void {
  for (let from = 1; from <= count; from += BATCH) {
    database.exec('begin');
    for (let number = from; number < from + BATCH && number <= count; number += 1) write(number);
    database.exec('commit');
  }
}

function fillLots(database: DatabaseSync, lots: number, at: (lot: number) => number): void {
  const lot = database.prepare(
    `insert into lots (site, lot, number, kind, at, day, collector, skimming, "legalStatus", condition, family, "wasteCode",
      "usualName", allocation, points, communes, loads, "receivedGrams", "refusedGrams", estimated, status, event, "weightEvent")
     values ('${SITE}', ?, ?, 'received', ?, ?, ?, 'original', 'waste', 'dry', 'mixed-tlc', '20 01 11', 'textiles', 'population',
      '[]', '[{"insee":"76351","name":"Le Havre","permille":600},{"insee":"76217","name":"Dieppe","permille":400}]', '[]', ?, 0, 0, 'open', ?, ?)`,
  );
  const posting = postingOf(database);
  inBatches(database, lots, (number) => {
    const id = `L${number}`;
    const event = eventOf('lot', number);
    const when = at(number);
    const collector = `collector-${number % 12}`;
    const grams = OUTPUTS_OF_LOT * NET_GRAMS;
    lot.run(id, number, when, dayOf(when), collector, grams, event, event);
    posting(event, 0, when, 'lot.received', `collector:${collector}`, `lot:${id}`, id, grams);
    posting(eventOf('load', number), 0, when + 1, 'line.loaded', `lot:${id}`, `line:${LINE}`, id, grams);
  });
}

function fillOutputs(database: DatabaseSync, outputs: number, at: (number: number) => number): void {
  const output = database.prepare(
    `insert into outputs (site, output, number, line, press, outlet, unit, status, "startedAt", day, "weighedAt", "grossGrams",
      "packagingGrams", "netGrams", "weightHow", unusual, damaged, code, labels, zone, shipment, "startEvent", "weightEvent")
     values ('${SITE}', ?, ?, '${LINE}', ?, ?, 'bale', ?, ?, ?, ?, ?, 2000, ?, 'scale', 0, 0, ?, 1, ?, ?, ?, ?)`,
  );
  const holding = database.prepare(
    `insert into holdings (site, account, lot, grams) values ('${SITE}', ?, ?, ?)`,
  );
  const journal = database.prepare(
    `insert into journal (site, event, about, line, epoch, seq, at, day, "recordedAt", type)
     values ('${SITE}', ?, ?, '${LINE}', 'bench', ?, ?, ?, ?, ?)`,
  );
  const posting = postingOf(database);
  inBatches(database, outputs, (number) => {
    const id = `B${number}`;
    const when = at(number);
    const day = dayOf(when);
    const isThere = number > outputs - IN_STOCK;
    const isChained = isThere && number % CHAIN !== 0;
    const status = !isThere ? 'shipped' : isChained ? 'repressed' : 'stock';
    const weighed = eventOf('weighed', number);
    output.run(
      id,
      number,
      `presse-${1 + (number % 3)}`,
      OUTLETS[number % OUTLETS.length] ?? '',
      status,
      when,
      day,
      when,
      NET_GRAMS + 2_000,
      NET_GRAMS,
      String(number).padStart(18, '0'),
      status === 'stock' ? (ZONES[number % ZONES.length] ?? null) : null,
      isThere ? null : `E${Math.ceil(number / 40)}`,
      eventOf('started', number),
      weighed,
    );
    journal.run(weighed, `output:${id}`, number, when, day, when, 'output.weighed');
    const from =
      isThere && number % CHAIN !== 1 && number > outputs - IN_STOCK + 1 ? `output:B${number - 1}` : null;
    for (const [part, lot] of lotsOf(number).entries()) {
      posting(
        weighed,
        part,
        when,
        from === null ? 'output.weighed' : 'output.repressed',
        from ?? `line:${LINE}`,
        `output:${id}`,
        lot,
        NET_GRAMS / 2,
      );
      if (status === 'shipped') {
        const sent = eventOf('sent', number);
        posting(
          sent,
          part,
          when + 3_600_000,
          'shipment.dispatched',
          `output:${id}`,
          `client:client-${number % 9}`,
          lot,
          NET_GRAMS / 2,
        );
      } else if (status === 'stock') {
        holding.run(`output:${id}`, lot, NET_GRAMS / 2);
      }
    }
  });
}

/** A chain keeps the lots of its first. */
function lotsOf(number: number): string[] {
  const first = number - ((number - 1) % CHAIN);
  const lot = Math.ceil(first / OUTPUTS_OF_LOT);
  return [`L${lot}`, `L${lot + 1}`];
}

function postingOf(database: DatabaseSync) {
  const insert = database.prepare(
    `insert into postings (site, event, n, at, day, type, "fromAccount", "toAccount", lot, grams)
     values ('${SITE}', ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  return (
    event: string,
    n: number,
    at: number,
    type: string,
    from: string,
    to: string,
    lot: string,
    grams: number,
  ): void => {
    insert.run(event, n, at, dayOf(at), type, from, to, lot, grams);
  };
}

function eventOf(kind: string, number: number): string {
  return Buffer.from(`${kind} ${number}`).toString('hex').padEnd(32, '0').slice(0, 32);
}
