/** All rows of the server's records, in one text: equal when nothing was written. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Site } from './site.ts';

/** Refusals are written on purpose; a session notes when it was last used. */
const LEFT_OUT: ReadonlySet<string> = new Set(['ledger_refusals', 'sessions']);

/** @returns the rows of each table in the order in which they lie. */
export function recordsDump({ dataDir }: Pick<Site, 'dataDir'>): string {
  using records = new DatabaseSync(join(dataDir, 'dashboard/records.sqlite'), { readOnly: true });
  const tables = records
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    .all()
    .map(({ name }) => String(name))
    .filter((name) => !LEFT_OUT.has(name));
  const rows = tables.map((table) => [table, records.prepare(`SELECT * FROM "${table}"`).all()]);
  return JSON.stringify(rows, null, 1);
}
