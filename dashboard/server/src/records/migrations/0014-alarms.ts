import type { Kysely } from 'kysely';

/** Alarms as they stand, their journal, and when there were more than anybody can answer. */
export async function alarmTables({ schema }: Kysely<unknown>): Promise<void> {
  const ofLine = (table: string) =>
    schema
      .createTable(table)
      .addColumn('site', 'text', (column) => column.notNull())
      .addColumn('line', 'text', (column) => column.notNull());
  await ofLine('alarms')
    .addColumn('alarm', 'text', (column) => column.notNull())
    .addColumn('priority', 'integer', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('label', 'text', (column) => column.notNull())
    .addColumn('cause', 'text', (column) => column.notNull())
    .addColumn('consequence', 'text', (column) => column.notNull())
    .addColumn('response', 'text', (column) => column.notNull())
    .addColumn('latching', 'integer', (column) => column.notNull())
    .addColumn('family', 'text')
    .addColumn('station', 'text')
    .addColumn('device', 'text')
    .addColumn('declared', 'integer', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('occurrence', 'bigint', (column) => column.notNull())
    .addColumn('condition', 'integer')
    .addColumn('value', 'text')
    .addColumn('raisedAt', 'bigint')
    .addColumn('changedAt', 'bigint', (column) => column.notNull())
    .addColumn('first', 'integer', (column) => column.notNull())
    .addColumn('comment', 'text')
    .addColumn('until', 'bigint')
    .addPrimaryKeyConstraint('alarms_key', ['site', 'line', 'alarm'])
    .execute();
  await ofLine('alarm_journal')
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('turn', 'text', (column) => column.notNull())
    .addColumn('alarm', 'text', (column) => column.notNull())
    .addColumn('label', 'text', (column) => column.notNull())
    .addColumn('priority', 'integer', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('occurrence', 'bigint', (column) => column.notNull())
    .addColumn('fromState', 'text', (column) => column.notNull())
    .addColumn('toState', 'text', (column) => column.notNull())
    .addColumn('because', 'text', (column) => column.notNull())
    .addColumn('value', 'text')
    .addColumn('first', 'integer', (column) => column.notNull())
    .addColumn('comment', 'text')
    .addColumn('raised', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('alarm_journal_key', ['site', 'line', 'id'])
    .execute();
  await schema.createIndex('alarm_journal_by_time').on('alarm_journal').columns(['at', 'turn']).execute();
  await schema
    .createIndex('alarm_journal_by_line')
    .on('alarm_journal')
    .columns(['line', 'at', 'turn'])
    .execute();
  await schema
    .createIndex('alarm_journal_by_alarm')
    .on('alarm_journal')
    .columns(['line', 'alarm', 'at', 'turn'])
    .execute();
  await ofLine('alarm_floods')
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('phase', 'text', (column) => column.notNull())
    .addColumn('alarms', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('alarm_floods_key', ['site', 'line', 'id'])
    .execute();
  await schema.createIndex('alarm_floods_by_time').on('alarm_floods').columns(['line', 'at']).execute();
}
