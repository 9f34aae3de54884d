import type { Kysely } from 'kysely';

/**
 * What was sorted by hand, under the outlet of its day: it follows from the events. And what is read by its time: what
 * corrects an event, the first day of all, events from a time on.
 */
export async function sortedByHand({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('hand_sorted')
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('event', 'text', (column) => column.notNull())
    .addColumn('n', 'bigint', (column) => column.notNull())
    .addColumn('day', 'text', (column) => column.notNull())
    .addColumn('line', 'text', (column) => column.notNull())
    .addColumn('outlet', 'text', (column) => column.notNull())
    .addColumn('lot', 'text', (column) => column.notNull())
    .addColumn('grams', 'bigint', (column) => column.notNull())
    .addColumn('judgedDay', 'text')
    .addPrimaryKeyConstraint('hand_sorted_key', ['site', 'event', 'n'])
    .execute();
  await schema.createIndex('hand_sorted_by_day').on('hand_sorted').columns(['day']).execute();
  await schema
    .createIndex('journal_by_corrects')
    .on('journal')
    .columns(['site', 'corrects'])
    .where('corrects', 'is not', null)
    .execute();
  await schema.createIndex('journal_by_day').on('journal').columns(['site', 'day']).execute();
  await schema
    .createIndex('ledger_events_by_time')
    .on('ledger_events')
    .columns(['site', 'line', 'occurredAt', 'place'])
    .execute();
}
