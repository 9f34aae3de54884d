import type { Kysely } from 'kysely';

/** What lists of many outputs and lots are read by: each filter in the order in which rows are shown. */
const INDEXES = [
  ['outputs', ['status', 'startedAt', 'output']],
  ['outputs', ['outlet', 'startedAt', 'output']],
  ['outputs', ['zone', 'startedAt', 'output']],
  ['outputs', ['press', 'startedAt', 'output']],
  ['lots', ['status', 'at', 'lot']],
  ['lots', ['receivedGrams', 'at', 'lot']],
  ['shipments', ['status', 'openedAt', 'shipment']],
  ['shipments', ['partner', 'openedAt', 'shipment']],
  ['documents', ['at', 'event', 'sha256']],
] as const;

export async function materialLists({ schema }: Kysely<unknown>): Promise<void> {
  for (const [table, columns] of INDEXES) {
    await schema
      .createIndex(`${table}_list_by_${columns[0].toLowerCase()}`)
      .on(table)
      .columns(['site', ...columns])
      .execute();
  }
}
