import type { Kysely } from 'kysely';

/** Accounts, sessions, lines, and what was sorted as the first version counted it. */
export async function firstTables(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await schema
    .createTable('users')
    .addColumn('login', 'text', (column) => column.primaryKey())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('secretHash', 'text', (column) => column.notNull())
    .addColumn('demo', 'integer', (column) => column.notNull())
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .execute();
  await schema
    .createTable('sessions')
    .addColumn('tokenHash', 'text', (column) => column.primaryKey())
    .addColumn('login', 'text', (column) => column.notNull().references('users.login').onDelete('cascade'))
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .addColumn('expiresAt', 'bigint', (column) => column.notNull())
    .execute();
  await schema.createIndex('sessions_by_login').on('sessions').columns(['login', 'createdAt']).execute();
  await schema
    .createTable('installation')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('createdAt', 'bigint', (column) => column.notNull())
    .execute();
  await schema
    .createTable('lines')
    .addColumn('line', 'text', (column) => column.primaryKey())
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('description', 'text', (column) => column.notNull())
    .addColumn('firstSeenAt', 'bigint', (column) => column.notNull())
    .execute();
  await schema
    .createTable('sorted')
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('line', 'text', (column) => column.notNull())
    .addColumn('day', 'text', (column) => column.notNull())
    .addColumn('outlet', 'text', (column) => column.notNull())
    .addColumn('grams', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('sorted_key', ['site', 'line', 'day', 'outlet'])
    .execute();
  await schema.createIndex('sorted_by_day').on('sorted').columns(['day']).execute();
  await schema
    .createTable('counters')
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('line', 'text', (column) => column.notNull())
    .addColumn('outlet', 'text', (column) => column.notNull())
    .addColumn('grams', 'bigint', (column) => column.notNull())
    .addColumn('resets', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('counters_key', ['site', 'line', 'outlet'])
    .execute();
}
