/** Events, cursor, and what follows from them, in one transaction: after a crash all are there, or none. */
import type { LedgerEvent } from '@trame/protocol/ledger-event';
import type { Transaction } from 'kysely';
import type { Records } from '../records/open-records.ts';
import type { Tables } from '../records/tables.ts';
import { rowOfEvent } from './event-row.ts';
import type { LedgerCursor, LineAddress, StoredId } from './judge-event.ts';
import type { LedgerMessage, LedgerStore, Refusal, StoredLine, TakeResult } from './ledger-store.ts';
import type { LedgerCursorTable } from './ledger-tables.ts';
import { holdLine, siteHolding } from './line-sites.ts';
import { endBlocking, noteRefusals } from './refusal-repository.ts';
import { parts } from './parts.ts';
import { noteTurn } from './site-turns.ts';
import { isFaultOfWhatIsStored, takeAround } from './take-around.ts';
import { judgeMessages, readMessage, type ReadMessage } from './take-messages.ts';
import { writeProjections } from './write-projections.ts';

export class RecordsLedgerStore implements LedgerStore {
  readonly #records: Records;
  readonly #dayOf: (atMs: number) => string;
  readonly #ownSite: string | null;

  /**
   * @param dayOf local day of the site, `YYYY-MM-DD`.
   * @param ownSite the only site whose ledgers are taken; null: of each line those of the site that has its name.
   */
  constructor(records: Records, dayOf: (atMs: number) => string, ownSite: string | null = null) {
    this.#records = records;
    this.#dayOf = dayOf;
    this.#ownSite = ownSite;
  }

  async take(
    { site, line }: LineAddress,
    messages: readonly LedgerMessage[],
    nowMs: number,
  ): Promise<TakeResult> {
    const read = messages.map(readMessage);
    const takes = (part: readonly ReadMessage[]) =>
      this.#records
        .transaction()
        .execute((transaction) => this.#take(transaction, { site, line }, part, nowMs));
    try {
      return await takes(read);
    } catch (error) {
      const [only] = read;
      if (only === undefined || read.length > 1 || !isFaultOfWhatIsStored(error)) throw error;
      return takeAround(only, takes);
    }
  }

  async cursors(): Promise<readonly StoredLine[]> {
    const rows = await this.#records
      .selectFrom('ledger_cursors')
      .selectAll()
      .orderBy('site')
      .orderBy('line')
      .execute();
    return rows.map((row) => ({
      site: row.site,
      line: row.line,
      cursor: cursorOf(row),
      storedAtMs: row.storedAt,
    }));
  }

  async #take(
    transaction: Transaction<Tables>,
    address: LineAddress,
    messages: readonly ReadMessage[],
    nowMs: number,
  ): Promise<TakeResult> {
    const holder = this.#ownSite ?? (await siteHolding(transaction, address.line));
    if (holder !== null && holder !== address.site) {
      return refuseForeign(transaction, address, holder, messages.length, nowMs);
    }
    const row = await cursorRow(transaction, address);
    const before = row === null ? null : cursorOf(row);
    const known = await storedHashes(transaction, address, before, messages);
    const ids = await storedIds(transaction, address, fresh(messages, known));
    const { toStore, refusals, ...judged } = judgeMessages(messages, {
      address,
      cursor: before,
      storedHash: (epoch, seq) => known.get(`${epoch}/${seq}`) ?? null,
      storedId: (id) => ids.get(id) ?? null,
      nowMs,
    });
    if (toStore.length > 0 && judged.cursor !== null) {
      await this.#store(transaction, address, toStore, ids, row?.place ?? 0, nowMs);
      const place = (row?.place ?? 0) + toStore.length;
      await saveCursor(transaction, { ...address, ...judged.cursor, place, storedAt: nowMs });
      if (row === null) await noteEpoch(transaction, address, judged.cursor.epoch, nowMs, null);
      await endBlocking(transaction, address);
    }
    // Also when it was forgotten, and speaks again.
    if (toStore.length > 0 || judged.already > 0) await holdLine(transaction, address, nowMs);
    await noteRefusals(transaction, address, refusals, nowMs);
    return { ...judged, stored: toStore, refusals };
  }

  async #store(
    transaction: Transaction<Tables>,
    address: LineAddress,
    events: readonly LedgerEvent[],
    before: ReadonlyMap<string, KnownId>,
    placeBefore: number,
    nowMs: number,
  ): Promise<void> {
    const carried = new Set([...before.values()].filter(({ isTold }) => isTold).map(({ id }) => id));
    const rows = events.map((event, index) => rowOfEvent(event, placeBefore + index + 1, nowMs));
    for (const part of parts(rows)) await transaction.insertInto('ledger_events').values(part).execute();
    const told = projectedOnce(events, carried);
    const isInBook = await writeProjections(transaction, address, told, this.#dayOf);
    if (isInBook) await noteTurn(transaction, address, placeBefore + events.length);
  }
}

/** Nothing of it is looked at: a chain may be sound and still be another's. */
async function refuseForeign(
  transaction: Transaction<Tables>,
  address: LineAddress,
  holder: string,
  messages: number,
  nowMs: number,
): Promise<TakeResult> {
  const refusal: Refusal = {
    code: 'wrong-topic',
    detail: `line ${address.line} is of site ${holder} on this server, not of ${address.site}`,
    epoch: null,
    seq: null,
    blocking: false,
  };
  const refusals = Array.from({ length: messages }, () => refusal);
  await noteRefusals(transaction, address, refusals, nowMs);
  return { cursor: null, stored: [], already: 0, missing: false, refusals, lastRefused: refusal };
}

/** @returns the events that have something to say, each id once, without those of `before`. */
export function projectedOnce(
  events: readonly LedgerEvent[],
  before: ReadonlySet<string>,
): readonly LedgerEvent[] {
  const seen = new Set(before);
  return events.filter(({ id, payload }) => {
    if (payload === null || seen.has(id)) return false;
    seen.add(id);
    return true;
  });
}

interface KnownId extends StoredId {
  readonly id: string;
  /** Whether its payload was there, so that it was projected. */
  readonly isTold: boolean;
}

/** @returns those events of the messages that are not stored under their numbers. */
function fresh(messages: readonly ReadMessage[], known: ReadonlyMap<string, string>): readonly LedgerEvent[] {
  return messages.flatMap(({ events }) => events).filter(({ epoch, seq }) => !known.has(`${epoch}/${seq}`));
}

/** Events that were carried over from another epoch count once: by their id. */
async function storedIds(
  transaction: Transaction<Tables>,
  { site, line }: LineAddress,
  events: readonly LedgerEvent[],
): Promise<ReadonlyMap<string, KnownId>> {
  const ids = new Map<string, KnownId>();
  for (const part of parts(events)) {
    const rows = await transaction
      .selectFrom('ledger_events')
      .select(['id', 'epoch', 'seq', 'type', 'payloadHash'])
      .select((select) => select('payload', 'is not', null).as('isTold'))
      .where('site', '=', site)
      .where('line', '=', line)
      .where(
        'id',
        'in',
        part.map(({ id }) => id),
      )
      .execute();
    for (const row of rows) {
      const isTold = Boolean(row.isTold) || (ids.get(row.id)?.isTold ?? false);
      ids.set(row.id, { ...row, isTold });
    }
  }
  return ids;
}

/** @returns hashes of those numbers of the messages that may be stored, by `epoch/seq`. */
async function storedHashes(
  transaction: Transaction<Tables>,
  { site, line }: LineAddress,
  cursor: LedgerCursor | null,
  messages: readonly ReadMessage[],
): Promise<ReadonlyMap<string, string>> {
  const hashes = new Map<string, string>();
  if (cursor === null) return hashes;
  const asked = new Map<string, Set<number>>();
  for (const { epoch, seq } of messages.flatMap(({ events }) => events)) {
    if (epoch === cursor.epoch && seq > cursor.upTo) continue;
    const ofEpoch = asked.get(epoch) ?? new Set();
    asked.set(epoch, ofEpoch.add(seq));
  }
  for (const [epoch, seqs] of asked) {
    for (const part of parts([...seqs])) {
      const rows = await transaction
        .selectFrom('ledger_events')
        .select(['seq', 'hash'])
        .where('site', '=', site)
        .where('line', '=', line)
        .where('epoch', '=', epoch)
        .where('seq', 'in', part)
        .execute();
      for (const { seq, hash } of rows) hashes.set(`${epoch}/${seq}`, hash);
    }
  }
  return hashes;
}

export async function cursorRow(
  transaction: Transaction<Tables>,
  { site, line }: LineAddress,
): Promise<LedgerCursorTable | null> {
  const row = await transaction
    .selectFrom('ledger_cursors')
    .selectAll()
    .where('site', '=', site)
    .where('line', '=', line)
    .executeTakeFirst();
  return row ?? null;
}

export async function saveCursor(transaction: Transaction<Tables>, row: LedgerCursorTable): Promise<void> {
  const { site: _site, line: _line, ...changed } = row;
  await transaction
    .insertInto('ledger_cursors')
    .values(row)
    .onConflict((conflict) => conflict.columns(['site', 'line']).doUpdateSet(changed))
    .execute();
}

/** An epoch that was taken before keeps its first acceptance. */
export async function noteEpoch(
  transaction: Transaction<Tables>,
  { site, line }: LineAddress,
  epoch: string,
  nowMs: number,
  actorRef: string | null,
): Promise<void> {
  await transaction
    .insertInto('ledger_epochs')
    .values({ site, line, epoch, acceptedAt: nowMs, acceptedBy: actorRef })
    .onConflict((conflict) => conflict.columns(['site', 'line', 'epoch']).doNothing())
    .execute();
}

function cursorOf({ epoch, upTo, hash }: LedgerCursorTable): LedgerCursor {
  return { epoch, upTo, hash };
}
