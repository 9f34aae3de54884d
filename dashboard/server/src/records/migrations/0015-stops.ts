import type { Kysely } from 'kysely';

/** In which mode a line was, what people say of its stops, and who signed a shift. */
export async function stopTables({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('line_modes')
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('line', 'text', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('mode', 'text')
    .addPrimaryKeyConstraint('line_modes_key', ['site', 'line', 'id'])
    .execute();
  await schema.createIndex('line_modes_by_time').on('line_modes').columns(['site', 'line', 'at']).execute();
  await schema
    .createTable('line_counts')
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('line', 'text', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('fromAt', 'bigint', (column) => column.notNull())
    .addColumn('toAt', 'bigint', (column) => column.notNull())
    .addColumn('inputGrams', 'bigint', (column) => column.notNull())
    .addColumn('outlets', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('line_counts_key', ['site', 'line', 'id'])
    .execute();
  await schema
    .createIndex('line_counts_by_end')
    .on('line_counts')
    .columns(['site', 'line', 'toAt'])
    .execute();
  await schema
    .createTable('stop_causes')
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('line', 'text', (column) => column.notNull())
    .addColumn('stop', 'text', (column) => column.notNull())
    .addColumn('cause', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('note', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('event', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('stop_causes_key', ['site', 'line', 'stop'])
    .execute();
  await schema
    .createTable('shift_signatures')
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('shift', 'text', (column) => column.notNull())
    .addColumn('side', 'text', (column) => column.notNull())
    .addColumn('line', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('text', 'text', (column) => column.notNull())
    .addColumn('actorRef', 'text')
    .addColumn('event', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('shift_signatures_key', ['site', 'shift', 'side'])
    .execute();
}
