import type { Kysely } from 'kysely';

/** What lists of many outputs and lots are read by: each filter in the order in which rows are shown. */
const INDEXES = [
  ['outputs_list_by_status', 'outputs', ['status', 'startedAt', 'output']],
  ['outputs_list_by_outlet', 'outputs', ['outlet', 'startedAt', 'output']],
  ['outputs_list_by_zone', 'outputs', ['zone', 'startedAt', 'output']],
  ['outputs_list_by_press', 'outputs', ['press', 'startedAt', 'output']],
  // All that stock is summed from, so that the outputs themselves are not looked at.
  ['outputs_in_stock', 'outputs', ['status', 'zone', 'outlet', 'unit', 'netGrams']],
  ['lots_list_by_status', 'lots', ['status', 'at', 'lot']],
  ['lots_list_by_weight', 'lots', ['receivedGrams', 'at', 'lot']],
  ['shipments_list_by_status', 'shipments', ['status', 'openedAt', 'shipment']],
  ['shipments_list_by_partner', 'shipments', ['partner', 'openedAt', 'shipment']],
  ['documents_list_by_time', 'documents', ['at', 'event', 'sha256']],
] as const;

export async function materialLists({ schema }: Kysely<unknown>): Promise<void> {
  for (const [name, table, columns] of INDEXES) {
    await schema
      .createIndex(name)
      .on(table)
      .columns(['site', ...columns])
      .execute();
  }
}
