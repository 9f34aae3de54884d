import { sql, type Kysely } from 'kysely';

/** What tells one weighing from another, however often and by whichever ledger it is told. */
export async function weighingOnce(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await schema
    .alterTable('weighings')
    .addColumn('countLife', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute();
  await schema.alterTable('weighings').addColumn('missing', 'bigint').execute();
  await schema.alterTable('weighings').addColumn('contradicts', 'text').execute();
  await sql`update weighings set missing = "toNumber" - number + 1 where kind = 'missed'`.execute(database);
  for (const [name, number] of [
    ['weighings_by_number', 'number'],
    ['weighings_by_last_number', 'toNumber'],
  ] as const) {
    await schema
      .createIndex(name)
      .on('weighings')
      .columns(['site', 'line', 'scale', 'alibiEpoch', number])
      .execute();
  }
  await schema
    .createTable('scale_counts')
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('line', 'text', (column) => column.notNull())
    .addColumn('scale', 'text', (column) => column.notNull())
    .addColumn('serial', 'text', (column) => column.notNull())
    .addColumn('alibiEpoch', 'bigint', (column) => column.notNull())
    .addColumn('epoch', 'text', (column) => column.notNull())
    .addColumn('life', 'bigint', (column) => column.notNull())
    .addColumn('lives', 'bigint', (column) => column.notNull())
    .addColumn('lastNumber', 'bigint', (column) => column.notNull())
    .addColumn('lifeBefore', 'bigint')
    .addColumn('lastNumberBefore', 'bigint')
    .addPrimaryKeyConstraint('scale_counts_key', ['site', 'line', 'scale', 'serial', 'alibiEpoch'])
    .execute();
}
