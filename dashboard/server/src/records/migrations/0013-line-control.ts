import { sql, type Kysely } from 'kysely';

/** What lines were asked to do and what came of it, as their ledgers tell; and bales that presses gave out. */
export async function lineControl(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await schema.alterTable('commands').addColumn('boot', 'text').execute();
  await schema.alterTable('commands').addColumn('tick', 'bigint').execute();
  await schema.alterTable('commands').addColumn('reasons', 'text').execute();
  // Acts about material are many, and stand in the journal.
  await schema
    .createIndex('commands_by_line')
    .on('commands')
    .columns(['line', 'at', 'id'])
    .where(sql<boolean>`command <> 'material.record'`)
    .execute();
  await schema
    .createTable('line_commands')
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('line', 'text', (column) => column.notNull())
    .addColumn('request', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('command', 'text', (column) => column.notNull())
    .addColumn('args', 'text', (column) => column.notNull())
    .addColumn('askedBy', 'text', (column) => column.notNull())
    .addColumn('actorRef', 'text')
    .addColumn('outcome', 'text')
    .addColumn('reasons', 'text')
    .addColumn('readBack', 'text')
    .addColumn('late', 'text')
    .addColumn('detail', 'text')
    .addColumn('tookMs', 'bigint')
    .addColumn('endedAt', 'bigint')
    .addPrimaryKeyConstraint('line_commands_key', ['site', 'line', 'request'])
    .execute();
  await schema
    .createIndex('line_commands_by_line')
    .on('line_commands')
    .columns(['line', 'at', 'request'])
    .execute();
  await schema.createIndex('line_commands_by_request').on('line_commands').columns(['request']).execute();
  await schema
    .createTable('press_proposals')
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('line', 'text', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('press', 'text', (column) => column.notNull())
    .addColumn('outlet', 'text')
    .addColumn('bales', 'bigint', (column) => column.notNull())
    .addColumn('missed', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('press_proposals_key', ['site', 'line', 'id'])
    .execute();
  await schema.createIndex('press_proposals_by_time').on('press_proposals').columns(['site', 'at']).execute();
  await schema.alterTable('outputs').addColumn('proposal', 'text').execute();
  await schema
    .createIndex('outputs_by_proposal')
    .on('outputs')
    .columns(['site', 'proposal'])
    .where(sql<boolean>`proposal is not null`)
    .execute();
}
