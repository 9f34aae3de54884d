import { sql, type Kysely } from 'kysely';

const SUMS = [
  'items',
  'described',
  'squares',
  'late',
  'readPure',
  'readBlend',
  'readUnknown',
  'readSeeThrough',
  'readUnreadable',
  'readNone',
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

const KEY = [
  'site',
  'line',
  'day',
  'outlet',
  'programme',
  'programmeVersion',
  'programmeHash',
  'model',
] as const;

/** Pieces that were read one by one, summed up by day. */
export async function itemDays(database: Kysely<unknown>): Promise<void> {
  let table = database.schema
    .createTable('item_days')
    .addColumn('site', 'text', (of) => of.notNull())
    .addColumn('line', 'text', (of) => of.notNull())
    .addColumn('day', 'text', (of) => of.notNull())
    .addColumn('outlet', 'text', (of) => of.notNull())
    .addColumn('programme', 'text', (of) => of.notNull())
    .addColumn('programmeVersion', 'bigint', (of) => of.notNull())
    .addColumn('programmeHash', 'text', (of) => of.notNull())
    .addColumn('model', 'text', (of) => of.notNull())
    .addPrimaryKeyConstraint('item_days_key', [...KEY]);
  for (const column of SUMS) table = table.addColumn(column, 'bigint', (of) => of.notNull());
  await table.execute();
  const followed = sql`coalesce("programme", ''), coalesce("programmeVersion", 0), coalesce("programmeHash", ''),
    coalesce("model", '')`;
  await sql`insert into item_days (${sql.join([...KEY, ...SUMS].map((column) => sql.ref(column)))})
    select "site", "line", "day", "outlet", ${followed},
      ${sql.join(SUMS.map((column) => sql`sum(${sql.ref(column)})`))}
    from item_batches
    group by "site", "line", "day", "outlet", ${followed}`.execute(database);
}
