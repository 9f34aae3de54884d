import { sql, type Kysely } from 'kysely';

/** Versions of sort programmes, what waits and what was approved on each line, and what lines say that they follow. */
export async function sortProgrammes(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  const ofSite = (table: string) =>
    schema.createTable(table).addColumn('site', 'text', (column) => column.notNull());
  const ofLine = (table: string) =>
    ofSite(table)
      .addColumn('line', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('event', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint(`${table}_key`, ['site', 'line']);
  const ofOurs = (table: string) =>
    ofLine(table)
      .addColumn('programme', 'text', (column) => column.notNull())
      .addColumn('version', 'bigint', (column) => column.notNull());
  await ofSite('programme_versions')
    .addColumn('programme', 'text', (column) => column.notNull())
    .addColumn('version', 'bigint', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('label', 'text', (column) => column.notNull())
    .addColumn('example', 'integer', (column) => column.notNull())
    .addColumn('note', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('actorRef', 'text')
    .addColumn('event', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('programme_versions_key', ['site', 'programme', 'version'])
    .execute();
  await schema
    .createIndex('programme_versions_by_hash')
    .on('programme_versions')
    .columns(['site', 'hash'])
    .execute();
  await ofOurs('programme_requests')
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('note', 'text', (column) => column.notNull())
    .addColumn('actorRef', 'text')
    .execute();
  await ofOurs('programme_approvals')
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('askedBy', 'text')
    .addColumn('approvedBy', 'text')
    .execute();
  await ofLine('programmes_followed')
    .addColumn('programme', 'text')
    .addColumn('version', 'bigint')
    .addColumn('hash', 'text')
    .execute();
  // What lines follow was told before it was kept.
  await sql`insert into rebuild_due (id) select 1 where exists (select 1 from ledger_events)
    and not exists (select 1 from rebuild_due)`.execute(database);
}
