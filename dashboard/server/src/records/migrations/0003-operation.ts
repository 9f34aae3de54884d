import type { Kysely } from 'kysely';

/** Backups that were made, whom the opaque references of the ledger stand for, and who asked what of an edge. */
export async function operationTables(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await schema
    .createTable('backups')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .addColumn('place', 'text', (column) => column.notNull())
    .execute();
  await schema.createIndex('backups_by_time').on('backups').columns(['at']).execute();
  await schema
    .createTable('actors')
    .addColumn('ref', 'text', (column) => column.primaryKey())
    .addColumn('login', 'text', (column) => column.notNull())
    .addColumn('accountMadeAt', 'bigint', (column) => column.notNull())
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('actors_by_account', ['login', 'accountMadeAt'])
    .execute();
  await schema
    .createTable('commands')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('idempotencyKey', 'text', (column) => column.notNull())
    .addColumn('actorRef', 'text', (column) => column.notNull())
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('line', 'text', (column) => column.notNull())
    .addColumn('command', 'text', (column) => column.notNull())
    .addColumn('args', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('outcome', 'text')
    .addColumn('detail', 'text')
    .addColumn('seq', 'bigint')
    .addColumn('answeredAt', 'bigint')
    .addUniqueConstraint('commands_by_key', ['actorRef', 'idempotencyKey'])
    .execute();
  await schema.createIndex('commands_by_time').on('commands').columns(['at']).execute();
}
