import type { Kysely } from 'kysely';

interface TablesBefore {
  lines: { site: string; line: string };
  ledger_epochs: { site: string; line: string; acceptedAt: number };
  line_sites: { line: string; site: string; since: number };
}

/**
 * The name of a line belongs to one site. Where two had brought a ledger under one name, it stays with the site
 * that the line was last born under, else with the one that came first; what is stored of the other stays.
 */
export async function lineSites(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable('line_sites')
    .addColumn('line', 'text', (column) => column.primaryKey())
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('since', 'bigint', (column) => column.notNull())
    .execute();
  const tables = database as Kysely<TablesBefore>;
  const born = new Map(
    (await tables.selectFrom('lines').selectAll().execute()).map(({ line, site }) => [line, site]),
  );
  const ledgers = await tables
    .selectFrom('ledger_epochs')
    .select(['line', 'site', 'acceptedAt'])
    .orderBy('acceptedAt')
    .orderBy('site')
    .execute();
  const held = new Map<string, TablesBefore['line_sites']>();
  for (const { line, site, acceptedAt } of ledgers) {
    const before = held.get(line);
    if (before === undefined || (site === born.get(line) && before.site !== site)) {
      held.set(line, { line, site, since: acceptedAt });
    }
  }
  for (const row of held.values()) await tables.insertInto('line_sites').values(row).execute();
}
