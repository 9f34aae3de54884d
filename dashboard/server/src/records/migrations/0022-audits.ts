import { sql, type Kysely } from 'kysely';

/** Where what audits found misplaced belongs; and what was sorted of a lot is looked for by its name. */
export async function auditTables(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await schema
    .createTable('audit_misplaced')
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('event', 'text', (column) => column.notNull())
    .addColumn('outlet', 'text', (column) => column.notNull())
    .addColumn('grams', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('audit_misplaced_key', ['site', 'event', 'outlet'])
    .execute();
  await schema.createIndex('hand_sorted_by_lot').on('hand_sorted').columns(['site', 'lot']).execute();
  // Of audits before this only the sum was kept.
  await sql`insert into rebuild_due (id) select 1 where exists (select 1 from audits)
    and not exists (select 1 from rebuild_due)`.execute(database);
}
