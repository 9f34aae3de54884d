/** Makes everything that follows from the ledgers again, from their events alone. */
import type { LedgerEvent } from '@trame/protocol/ledger-event';
import type { Transaction } from 'kysely';
import type { Log } from '../ports/log.ts';
import type { Records } from '../records/open-records.ts';
import type { Tables } from '../records/tables.ts';
import { eventOfRow } from './event-row.ts';
import type { LineAddress } from './judge-event.ts';
import type { LedgerEventTable } from './ledger-tables.ts';
import { turnsOf } from './site-turns.ts';
import { PROJECTION_TABLES, writeTurns, type LineTurn } from './write-projections.ts';

/** Events in memory at a time. */
const PAGE_EVENTS = 500;

export interface RebuiltLine extends LineAddress {
  readonly events: number;
}

/**
 * All or nothing, in one transaction: whoever reads meanwhile sees what was there before. Events of a line are taken in
 * the order in which they were stored; where lines of a site change its book in turns, in the order of these.
 * @param dayOf local day of the site, `YYYY-MM-DD`.
 * @returns the lines and how many events each has.
 */
export function rebuildProjections(
  records: Records,
  dayOf: (atMs: number) => string,
): Promise<readonly RebuiltLine[]> {
  return records.transaction().execute(async (transaction) => {
    for (const table of PROJECTION_TABLES) await transaction.deleteFrom(table).execute();
    await transaction.deleteFrom('rebuild_due').execute();
    const lines = await transaction
      .selectFrom('ledger_cursors')
      .select(['site', 'line'])
      .orderBy('site')
      .orderBy('line')
      .execute();
    const rebuilt: RebuiltLine[] = [];
    for (const site of new Set(lines.map((address) => address.site))) {
      const ofSite = lines.filter((address) => address.site === site);
      rebuilt.push(...(await rebuildSite(transaction, site, ofSite, dayOf)));
    }
    return rebuilt;
  });
}

/**
 * Once after an update that changed the rules, so that no figure stands there that an earlier version made.
 * @returns false: nothing was due.
 */
export async function rebuildWhenDue(
  records: Records,
  dayOf: (atMs: number) => string,
  log: Pick<Log, 'info'>,
): Promise<boolean> {
  const due = await records.selectFrom('rebuild_due').select('id').executeTakeFirst();
  if (due === undefined) return false;
  log.info(
    {},
    'an earlier version made these records: they are made anew from the ledgers; this may take minutes',
  );
  const lines = await rebuildProjections(records, dayOf);
  const events = lines.reduce((sum, line) => sum + line.events, 0);
  log.info({ events, lines: lines.length }, 'the records were made anew from the ledgers');
  return true;
}

async function rebuildSite(
  transaction: Transaction<Tables>,
  site: string,
  lines: readonly LineAddress[],
  dayOf: (atMs: number) => string,
): Promise<readonly RebuiltLine[]> {
  const readers = new Map(lines.map((address) => [address.line, new LineReader(transaction, address)]));
  const turns = new TurnWriter(transaction, site, dayOf);
  for await (const { turn, line, place } of turnsOf(transaction, site)) {
    const reader = readers.get(line);
    if (reader !== undefined) await turns.carry(reader, place, turn > 0);
  }
  for (const reader of readers.values()) await turns.carry(reader, Number.MAX_SAFE_INTEGER, true);
  await turns.write();
  return [...readers.values()].map(({ address, events }) => ({ ...address, events }));
}

/** Carries what readers give into the tables, a page of events at a time. */
class TurnWriter {
  readonly #transaction: Transaction<Tables>;
  readonly #site: string;
  readonly #dayOf: (atMs: number) => string;
  #turns: LineTurn[] = [];
  #count = 0;

  constructor(transaction: Transaction<Tables>, site: string, dayOf: (atMs: number) => string) {
    this.#transaction = transaction;
    this.#site = site;
    this.#dayOf = dayOf;
  }

  /** @param upTo place of the last event of the turn. */
  async carry(reader: LineReader, upTo: number, isInBook: boolean): Promise<void> {
    const { line } = reader.address;
    for (let events = await reader.next(upTo); events !== null; events = await reader.next(upTo)) {
      if (events.length > 0) this.#turns.push({ line, events, isInBook });
      this.#count += events.length;
      if (this.#count >= PAGE_EVENTS) await this.write();
    }
  }

  async write(): Promise<void> {
    await writeTurns(this.#transaction, this.#site, this.#turns, this.#dayOf);
    this.#turns = [];
    this.#count = 0;
  }
}

/** Events of one line, in the order in which they were stored. */
class LineReader {
  readonly address: LineAddress;
  readonly #transaction: Transaction<Tables>;
  #page: readonly LedgerEventTable[] = [];
  /** Where each of them first stood with a payload: an event that was carried over counts there alone. */
  #first: ReadonlyMap<string, number> = new Map();
  #taken = 0;
  #place = 0;
  /** How many were given. */
  events = 0;

  constructor(transaction: Transaction<Tables>, address: LineAddress) {
    this.#transaction = transaction;
    this.address = address;
  }

  /** @returns some of the next that count, up to that place (included); null: there are no more up to there. */
  async next(upTo: number): Promise<readonly LedgerEvent[] | null> {
    if (this.#place >= upTo) return null;
    if (this.#taken === this.#page.length) {
      this.#page = await pageAfter(this.#transaction, this.address, this.#place);
      this.#taken = 0;
      if (this.#page.length > 0) {
        this.#first = await firstPlaces(this.#transaction, this.address, this.#page);
      }
    }
    const rows = this.#page.slice(this.#taken).filter(({ place }) => place <= upTo);
    const last = rows.at(-1);
    if (last === undefined) return null;
    this.#taken += rows.length;
    this.#place = last.place;
    this.events += rows.length;
    return rows
      .filter(({ id, place, payload }) => payload !== null && this.#first.get(id) === place)
      .map(eventOfRow);
  }
}

function pageAfter(
  transaction: Transaction<Tables>,
  { site, line }: LineAddress,
  place: number,
): Promise<LedgerEventTable[]> {
  return transaction
    .selectFrom('ledger_events')
    .selectAll()
    .where('site', '=', site)
    .where('line', '=', line)
    .where('place', '>', place)
    .orderBy('place')
    .limit(PAGE_EVENTS)
    .execute();
}

/** @returns where each id first stood with a payload. */
async function firstPlaces(
  transaction: Transaction<Tables>,
  { site, line }: LineAddress,
  page: readonly LedgerEventTable[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await transaction
    .selectFrom('ledger_events')
    .select((select) => ['id', select.fn.min('place').as('place')])
    .where('site', '=', site)
    .where('line', '=', line)
    .where(
      'id',
      'in',
      page.map(({ id }) => id),
    )
    .where('payload', 'is not', null)
    .groupBy('id')
    .execute();
  return new Map(rows.map(({ id, place }) => [id, place]));
}
