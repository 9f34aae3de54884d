/**
 * Carries what events say about material into the tables that follow from them, within the transaction of the events.
 * However events are cut into calls, the tables become the same.
 */
import type { Transaction } from 'kysely';
import { parts } from '../../ledger/parts.ts';
import type { Tables } from '../../records/tables.ts';
import type { HoldingTable, MaterialTables } from '../material-tables.ts';
import type { ProgrammeVersionTable } from '../../sort-programmes/programme-tables.ts';
import type { StopTables } from '../../stops/stop-tables.ts';
import { applyEvent } from './apply-event.ts';
import { attributeCounts } from './attribute-counts.ts';
import { happenedOf } from './happened.ts';
import type { KeptRows } from './kept-rows.ts';
import { loadRows } from './load-rows.ts';
import type { MaterialChange } from './material-change.ts';
import type { MaterialRows } from './material-rows.ts';
import { edgeStarted, scaleLogged } from './work-rows.ts';

/** Every table about material that can be made again from the events. */
export const MATERIAL_PROJECTIONS = [
  'partners',
  'containers',
  'lots',
  'infeed',
  'outputs',
  'output_codes',
  'shipments',
  'shipment_outputs',
  'postings',
  'hand_sorted',
  'holdings',
  'journal',
  'weighing_claims',
  'audits',
  'audit_misplaced',
  'shifts',
  'campaigns',
  'closed_months',
  'scale_log',
  'restarts',
  'documents',
  'programme_versions',
  'programme_requests',
  'programme_approvals',
] as const satisfies readonly (keyof MaterialTables)[];

/**
 * @param changes of events of the site's lines, in their order; of each event of a line at most one.
 * @param dayOf local day of the site, `YYYY-MM-DD`.
 */
export async function writeMaterial(
  transaction: Transaction<Tables>,
  site: string,
  changes: readonly MaterialChange[],
  dayOf: (atMs: number) => string,
): Promise<void> {
  if (changes.length === 0) return;
  const fresh = await withoutTold(transaction, site, changes);
  const rows = await loadRows(transaction, site, fresh);
  for (const change of fresh) apply(rows, change, dayOf);
  await save(transaction, site, rows);
}

function apply(rows: MaterialRows, change: MaterialChange, dayOf: (atMs: number) => string): void {
  const { event } = change;
  switch (change.kind) {
    case 'material':
      applyEvent(rows, happenedOf(event, dayOf), change.said);
      return;
    case 'counted':
      attributeCounts(rows, happenedOf(event, dayOf, change.at), change.counted);
      return;
    case 'edge-started':
      edgeStarted(rows, happenedOf(event, dayOf), change.said);
      return;
    case 'scale-verified': {
      const { outcome, ...said } = change.said;
      const entry = outcome === 'accepted' ? 'verification' : 'refusal';
      scaleLogged(rows, happenedOf(event, dayOf), { ...said, entry, text: '' });
    }
  }
}

/** Ids are one line's own: what two lines tell under one id, the first told, before or within these changes. */
async function withoutTold(
  transaction: Transaction<Tables>,
  site: string,
  changes: readonly MaterialChange[],
): Promise<readonly MaterialChange[]> {
  const told = new Set<string>();
  for (const part of parts(changes.map(({ event }) => event.id))) {
    for (const table of ['journal', 'postings', 'scale_log'] as const) {
      const rows = await transaction
        .selectFrom(table as 'journal')
        .select('event')
        .distinct()
        .where('site', '=', site)
        .where('event', 'in', part)
        .execute();
      for (const { event } of rows) told.add(event);
    }
  }
  return changes.filter(({ kind, event }) => {
    if (told.has(event.id)) return false;
    // A start leaves nothing in those tables either.
    if (kind !== 'edge-started') told.add(event.id);
    return true;
  });
}

async function save(transaction: Transaction<Tables>, site: string, rows: MaterialRows): Promise<void> {
  const writer = new Writer(transaction);
  await writer.change('partners', ['partner'], rows.partners);
  await writer.change('containers', ['container'], rows.containers);
  await writer.change('lots', ['lot'], rows.lots);
  await writer.change('infeed', ['line', 'account'], rows.infeed);
  await writer.change('outputs', ['output'], rows.outputs);
  await writer.change('output_codes', ['output', 'code'], rows.codes);
  await writer.change('shipments', ['shipment'], rows.shipments);
  await writer.change('shipment_outputs', ['shipment', 'output'], rows.loads);
  await writer.change('weighing_claims', ['weighing'], rows.claims);
  await writer.change('shifts', ['shift'], rows.shifts);
  await writer.change('stop_causes', ['line', 'stop'], rows.stopCauses);
  await writer.change('shift_signatures', ['shift', 'side'], rows.shiftSignatures);
  await writer.change('campaigns', ['campaign'], rows.campaigns);
  await writer.change('closed_months', ['month'], rows.closedMonths);
  await writer.change('restarts', ['line', 'boot'], rows.restarts);
  await writer.change('programme_requests', ['line'], rows.programmeRequests);
  await writer.change('programme_approvals', ['line'], rows.programmeApprovals);
  await addVersions(transaction, rows.programmeVersions);
  await writer.add('postings', rows.book.postings);
  await writer.add('hand_sorted', rows.handSorted.added());
  await writer.add('journal', rows.journal);
  await writer.add('audits', rows.audits);
  await writer.add('audit_misplaced', rows.auditMisplaced);
  await writer.add('scale_log', rows.scaleLog);
  await writer.add('documents', rows.documents);
  await changeHoldings(transaction, site, rows.book.deltas());
}

type KeptTables = MaterialTables & Pick<StopTables, 'stop_causes' | 'shift_signatures'>;

class Writer {
  readonly #transaction: Transaction<Tables>;

  constructor(transaction: Transaction<Tables>) {
    this.#transaction = transaction;
  }

  async add<T extends keyof MaterialTables>(table: T, rows: readonly MaterialTables[T][]): Promise<void> {
    for (const part of parts(rows)) {
      // The query builder's types do not follow a table that is only known to be one of some.
      await this.#transaction
        .insertInto(table as 'lots')
        .values(part as unknown as Tables['lots'][])
        .execute();
    }
  }

  /** @param key columns that, with the site, name a row. */
  async change<T extends keyof KeptTables>(
    table: T,
    key: readonly (keyof KeptTables[T] & string)[],
    kept: KeptRows<KeptTables[T] & object>,
  ): Promise<void> {
    const { put, gone } = kept.changes();
    for (const row of gone) {
      let removal = this.#transaction.deleteFrom(table as 'lots');
      for (const column of ['site', ...key] as const) {
        removal = removal.where(column as 'lot', '=', row[column as keyof typeof row] as string);
      }
      await removal.execute();
    }
    for (const part of parts(put)) {
      const others = Object.keys(part[0] ?? {}).filter((column) => column !== 'site' && !isIn(key, column));
      await this.#transaction
        .insertInto(table as 'lots')
        .values(part as unknown as Tables['lots'][])
        .onConflict((conflict) =>
          conflict
            .columns(['site', ...key] as 'lot'[])
            .doUpdateSet((update) =>
              Object.fromEntries(
                others.map((column) => [column, update.ref(`excluded.${column}` as 'excluded.lot')]),
              ),
            ),
        )
        .execute();
    }
  }
}

function isIn(names: readonly string[], name: string): boolean {
  return names.includes(name);
}

/** A version that is there already is what it is. */
async function addVersions(
  transaction: Transaction<Tables>,
  rows: readonly ProgrammeVersionTable[],
): Promise<void> {
  for (const part of parts(rows)) {
    await transaction
      .insertInto('programme_versions')
      .values(part)
      .onConflict((conflict) => conflict.columns(['site', 'programme', 'version']).doNothing())
      .execute();
  }
}

/** Adds up; what is empty then is taken out. */
async function changeHoldings(
  transaction: Transaction<Tables>,
  site: string,
  deltas: readonly Pick<HoldingTable, 'account' | 'lot' | 'grams'>[],
): Promise<void> {
  for (const part of parts(deltas)) {
    await transaction
      .insertInto('holdings')
      .values(part.map((delta) => ({ site, ...delta })))
      .onConflict((conflict) =>
        conflict
          .columns(['site', 'account', 'lot'])
          .doUpdateSet((update) => ({ grams: update('holdings.grams', '+', update.ref('excluded.grams')) })),
      )
      .execute();
    await transaction
      .deleteFrom('holdings')
      .where('site', '=', site)
      .where('account', 'in', [...new Set(part.map(({ account }) => account))])
      .where('lot', 'in', [...new Set(part.map(({ lot }) => lot))])
      .where('grams', '=', 0)
      .execute();
  }
}
