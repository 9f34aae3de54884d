/** All rows of the server's records that belong to ledgers, in one text: equal when nothing was written. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Site } from './site.ts';

const TABLES = [
  'ledger_events',
  'ledger_cursors',
  'ledger_epochs',
  'weighings',
  'line_states',
  'device_states',
  'scale_verifications',
  'telemetry_gaps',
  'count_lives',
  'edge_totals',
  'uncounted',
  'sorted',
] as const;

/** @returns the rows in the order in which they lie; refusals, which are written on purpose, are not among them. */
export function recordsDump({ dataDir }: Pick<Site, 'dataDir'>): string {
  using records = new DatabaseSync(join(dataDir, 'dashboard/records.sqlite'), { readOnly: true });
  const rows = TABLES.map((table) => [table, records.prepare(`SELECT * FROM "${table}"`).all()]);
  return JSON.stringify(rows, null, 1);
}
