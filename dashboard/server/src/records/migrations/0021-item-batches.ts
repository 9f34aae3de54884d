import { sql, type Kysely } from 'kysely';

const FIBRES = [
  'cotton',
  'flax',
  'wool',
  'viscose',
  'polyester',
  'polyamide',
  'acrylic',
  'polypropylene',
  'elastane',
  'cellulosic',
  'acetate',
  'polyvinylChloride',
] as const;

/** Pieces that were read one by one, and what examinations say of outputs. */
export async function itemBatches(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  const readings = [
    'readPure',
    'readBlend',
    'readUnknown',
    'readSeeThrough',
    'readUnreadable',
    'readNone',
  ] as const;
  const numbers = [
    'fromSeq',
    'toSeq',
    'fromAt',
    'toAt',
    'items',
    'described',
    'squares',
    'late',
    ...readings,
  ] as const;
  const texts = ['device', 'life', 'outlet', 'day'] as const;
  let table = schema
    .createTable('item_batches')
    .addColumn('site', 'text', (of) => of.notNull())
    .addColumn('line', 'text', (of) => of.notNull())
    .addColumn('event', 'text', (of) => of.notNull())
    .addPrimaryKeyConstraint('item_batches_key', ['site', 'line', 'event']);
  for (const column of texts) table = table.addColumn(column, 'text', (of) => of.notNull());
  for (const column of [...numbers, ...FIBRES])
    table = table.addColumn(column, 'bigint', (of) => of.notNull());
  await table
    .addColumn('programme', 'text')
    .addColumn('programmeVersion', 'bigint')
    .addColumn('programmeHash', 'text')
    .addColumn('model', 'text')
    .addColumn('modelHash', 'text')
    .execute();
  await schema
    .createIndex('item_batches_by_number')
    .on('item_batches')
    .columns(['site', 'line', 'device', 'life', 'outlet', 'toSeq'])
    .execute();
  await schema
    .createIndex('item_batches_by_time')
    .on('item_batches')
    .columns(['site', 'line', 'outlet', 'toAt'])
    .execute();
  await schema.createIndex('item_batches_by_day').on('item_batches').columns(['site', 'day']).execute();
  await schema.alterTable('outputs').addColumn('moistureHundredths', 'bigint').execute();
  await schema.alterTable('outputs').addColumn('grade', 'text').execute();
  // Pieces were told before they were kept.
  await sql`insert into rebuild_due (id) select 1 where exists (select 1 from ledger_events)
    and not exists (select 1 from rebuild_due)`.execute(database);
}
