import type { CreateTableBuilder, Kysely, SchemaModule } from 'kysely';

/**
 * The lines' ledgers, and what follows from them. Tonnage now follows from events: what was counted before, from
 * telemetry, keeps tables of its own.
 */
export async function ledgerTables(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await eventTables(schema);
  await weighingTable(schema);
  await stateTables(schema);
  await countTables(schema);
}

async function eventTables(schema: SchemaModule): Promise<void> {
  await ofLine(schema, 'ledger_events')
    .addColumn('epoch', 'text', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('place', 'bigint', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('occurredAt', 'bigint', (column) => column.notNull())
    .addColumn('recordedAt', 'bigint', (column) => column.notNull())
    .addColumn('clockState', 'text', (column) => column.notNull())
    .addColumn('clockOffsetMs', 'bigint')
    .addColumn('actorRef', 'text')
    .addColumn('payload', 'text')
    .addColumn('payloadHash', 'text', (column) => column.notNull())
    .addColumn('prev', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('receivedAt', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('ledger_events_key', ['site', 'line', 'epoch', 'seq'])
    .addUniqueConstraint('ledger_events_by_place', ['site', 'line', 'place'])
    .execute();
  await schema
    .createIndex('ledger_events_by_id')
    .on('ledger_events')
    .columns(['site', 'line', 'id'])
    .execute();
  await ofLine(schema, 'ledger_cursors')
    .addColumn('epoch', 'text', (column) => column.notNull())
    .addColumn('upTo', 'bigint', (column) => column.notNull())
    .addColumn('hash', 'text')
    .addColumn('place', 'bigint', (column) => column.notNull())
    .addColumn('storedAt', 'bigint')
    .addPrimaryKeyConstraint('ledger_cursors_key', ['site', 'line'])
    .execute();
  await ofLine(schema, 'ledger_epochs')
    .addColumn('epoch', 'text', (column) => column.notNull())
    .addColumn('acceptedAt', 'bigint', (column) => column.notNull())
    .addColumn('acceptedBy', 'text')
    .addPrimaryKeyConstraint('ledger_epochs_key', ['site', 'line', 'epoch'])
    .execute();
  await ofLine(schema, 'ledger_refusals')
    .addColumn('code', 'text', (column) => column.notNull())
    .addColumn('epoch', 'text', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('detail', 'text', (column) => column.notNull())
    .addColumn('count', 'bigint', (column) => column.notNull())
    .addColumn('firstAt', 'bigint', (column) => column.notNull())
    .addColumn('lastAt', 'bigint', (column) => column.notNull())
    .addColumn('blocking', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('ledger_refusals_key', ['site', 'line', 'code', 'epoch', 'seq'])
    .execute();
}

async function weighingTable(schema: SchemaModule): Promise<void> {
  await ofEvent(schema, 'weighings')
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('recordedAt', 'bigint', (column) => column.notNull())
    .addColumn('scale', 'text', (column) => column.notNull())
    .addColumn('serial', 'text')
    .addColumn('alibiEpoch', 'bigint', (column) => column.notNull())
    .addColumn('use', 'text', (column) => column.notNull())
    .addColumn('source', 'text')
    .addColumn('number', 'bigint')
    .addColumn('toNumber', 'bigint')
    .addColumn('grossGrams', 'bigint')
    .addColumn('tareGrams', 'bigint')
    .addColumn('tareKind', 'text')
    .addColumn('netGrams', 'bigint')
    .addColumn('intervalGrams', 'bigint')
    .addColumn('verification', 'text')
    .addColumn('verificationDue', 'text')
    .addColumn('reason', 'text')
    .addColumn('simulated', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('weighings_key', ['site', 'line', 'id'])
    .execute();
  await schema.createIndex('weighings_by_time').on('weighings').columns(['at', 'id']).execute();
  await schema.createIndex('weighings_by_line').on('weighings').columns(['line', 'at', 'id']).execute();
}

async function stateTables(schema: SchemaModule): Promise<void> {
  await ofEvent(schema, 'line_states')
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('emergencyStop', 'integer')
    .addPrimaryKeyConstraint('line_states_key', ['site', 'line', 'id'])
    .execute();
  await ofEvent(schema, 'device_states')
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('device', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addPrimaryKeyConstraint('device_states_key', ['site', 'line', 'id'])
    .execute();
  await ofEvent(schema, 'scale_verifications')
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('scale', 'text', (column) => column.notNull())
    .addColumn('outcome', 'text', (column) => column.notNull())
    .addColumn('verifiedOn', 'text', (column) => column.notNull())
    .addColumn('due', 'text')
    .addColumn('request', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('scale_verifications_key', ['site', 'line', 'id'])
    .execute();
  await ofEvent(schema, 'telemetry_gaps')
    .addColumn('fromAt', 'bigint', (column) => column.notNull())
    .addColumn('toAt', 'bigint', (column) => column.notNull())
    .addColumn('samples', 'bigint')
    .addColumn('reason', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('telemetry_gaps_key', ['site', 'line', 'id'])
    .execute();
  for (const [name, table] of [
    ['line_states_by_time', 'line_states'],
    ['device_states_by_time', 'device_states'],
  ] as const) {
    await schema.createIndex(name).on(table).columns(['site', 'line', 'at']).execute();
  }
  await schema
    .createIndex('telemetry_gaps_by_end')
    .on('telemetry_gaps')
    .columns(['site', 'line', 'toAt'])
    .execute();
}

async function countTables(schema: SchemaModule): Promise<void> {
  await schema.alterTable('sorted').renameTo('sorted_before_ledger').execute();
  await schema.alterTable('counters').renameTo('counters_before_ledger').execute();
  await ofLine(schema, 'sorted')
    .addColumn('day', 'text', (column) => column.notNull())
    .addColumn('outlet', 'text', (column) => column.notNull())
    .addColumn('grams', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('sorted_of_ledger_key', ['site', 'line', 'day', 'outlet'])
    .execute();
  await schema.createIndex('sorted_of_ledger_by_day').on('sorted').columns(['day']).execute();
  await ofLine(schema, 'count_sources')
    .addColumn('counter', 'text', (column) => column.notNull())
    .addColumn('device', 'text', (column) => column.notNull())
    .addColumn('tag', 'text', (column) => column.notNull())
    .addColumn('generation', 'bigint', (column) => column.notNull())
    .addColumn('countedUpTo', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('count_sources_key', ['site', 'line', 'counter', 'device', 'tag', 'generation'])
    .execute();
}

function ofLine(schema: SchemaModule, table: string): CreateTableBuilder<string, 'site' | 'line'> {
  return schema
    .createTable(table)
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('line', 'text', (column) => column.notNull());
}

function ofEvent(schema: SchemaModule, table: string): CreateTableBuilder<string, 'site' | 'line' | 'id'> {
  return ofLine(schema, table).addColumn('id', 'text', (column) => column.notNull());
}
