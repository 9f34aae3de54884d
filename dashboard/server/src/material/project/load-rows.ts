/** Reads the rows that a run of events may change, a few statements for all of them. */
import type { Transaction } from 'kysely';
import { parts } from '../../ledger/parts.ts';
import type { Tables } from '../../records/tables.ts';
import type { MaterialTables } from '../material-tables.ts';
import { isSentBack } from './accounts-book.ts';
import type { KeptRows } from './kept-rows.ts';
import { MaterialRows } from './material-rows.ts';
import type { MaterialChange } from './material-change.ts';
import { NeededNames } from './needed-names.ts';

export async function loadRows(
  transaction: Transaction<Tables>,
  site: string,
  changes: readonly MaterialChange[],
): Promise<MaterialRows> {
  const rows = new MaterialRows();
  const names = new NeededNames(changes);
  const reader = new Reader(transaction, site);
  await reader.singles('partners', 'partner', names.partners, rows.partners);
  await reader.singles('containers', 'container', names.containers, rows.containers);
  await reader.singles('lots', 'lot', names.lots, rows.lots);
  for (const { shipment } of await reader.where('outputs', 'output', names.setRight)) {
    if (shipment !== null) names.shipments.add(shipment);
  }
  await reader.singles('shipments', 'shipment', names.shipments, rows.shipments);
  await reader.singles('shifts', 'shift', names.shifts, rows.shifts);
  await reader.singles('campaigns', 'campaign', names.campaigns, rows.campaigns);
  await reader.singles('closed_months', 'month', names.months, rows.closedMonths);
  for (const row of await reader.where('infeed', 'line', names.lines)) {
    rows.infeed.load(row);
    names.accounts.add(row.account);
  }
  for (const row of await reader.where('shipment_outputs', 'shipment', names.shipments)) {
    rows.loads.load(row);
    names.outputs.add(row.output);
  }
  for (const row of await reader.where('output_codes', 'output', names.labelled)) rows.codes.load(row);
  for (const row of await reader.where('programme_requests', 'line', names.programmeLines)) {
    rows.programmeRequests.load(row);
  }
  for (const row of await reader.where('programme_approvals', 'line', names.programmeLines)) {
    rows.programmeApprovals.load(row);
  }
  await reader.singles('outputs', 'output', names.outputs, rows.outputs);
  for (const row of await reader.where('restarts', 'boot', names.boots)) rows.restarts.load(row);
  await reader.singles('weighing_claims', 'weighing', names.weighings, rows.claims);
  for (const row of await reader.where('weighing_claims', 'event', names.corrected)) rows.claims.load(row);
  for (const row of await reader.where('hand_sorted', 'event', names.corrected)) rows.handSorted.load(row);
  for (const row of await reader.where('weighing_claims', 'about', names.freed)) rows.claims.load(row);
  for (const row of await reader.where('holdings', 'lot', names.returned)) {
    if (isSentBack(row.account)) rows.book.loadSentBack(row.lot, row.grams);
  }
  for (const name of names.accounts) rows.book.asked(name);
  for (const row of await reader.where('holdings', 'account', names.accounts)) rows.book.load(row);
  return rows;
}

class Reader {
  readonly #transaction: Transaction<Tables>;
  readonly #site: string;

  constructor(transaction: Transaction<Tables>, site: string) {
    this.#transaction = transaction;
    this.#site = site;
  }

  /** Rows whose column has one of the names. */
  async where<T extends keyof MaterialTables>(
    table: T,
    column: keyof MaterialTables[T] & string,
    names: Iterable<string>,
  ): Promise<MaterialTables[T][]> {
    const rows: object[] = [];
    for (const part of parts([...names])) {
      // The query builder's types do not follow a table that is only known to be one of some.
      const found = await this.#transaction
        .selectFrom(table as 'lots')
        .selectAll()
        .where('site', '=', this.#site)
        .where(column as 'lot', 'in', part)
        .execute();
      rows.push(...found);
    }
    return rows as MaterialTables[T][];
  }

  /** Rows with a key of one column. */
  async singles<T extends keyof MaterialTables>(
    table: T,
    column: keyof MaterialTables[T] & string,
    names: ReadonlySet<string>,
    kept: KeptRows<MaterialTables[T]>,
  ): Promise<void> {
    for (const name of names) kept.asked(name);
    for (const row of await this.where(table, column, names)) kept.load(row);
  }
}
