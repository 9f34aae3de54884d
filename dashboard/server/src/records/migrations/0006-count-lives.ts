import type { Kysely, SchemaModule } from 'kysely';

interface TablesBefore {
  count_sources: {
    site: string;
    line: string;
    counter: string;
    device: string;
    tag: string;
    generation: number;
    countedUpTo: number;
  };
  ledger_cursors: { site: string; line: string; epoch: string; storedAt: number | null };
  count_lives: {
    site: string;
    line: string;
    counter: string;
    epoch: string;
    generation: number;
    life: number | null;
    countedUpTo: number;
    countedAt: number;
    heldGrams: number;
  };
  edge_totals: { site: string; line: string; counter: string; grams: number };
}

/**
 * A life of a counter is known by epoch and generation, no longer by the names of device and tag. What was counted
 * before is taken for lives of the epoch that each line is in, one for each generation: so it is for every line whose
 * ledger never began again. For the others, making everything again from the events tells it exactly.
 */
export async function countLives(database: Kysely<unknown>): Promise<void> {
  await createTables(database.schema);
  const tables = database as Kysely<TablesBefore>;
  const cursors = await tables.selectFrom('ledger_cursors').selectAll().execute();
  const sources = await tables.selectFrom('count_sources').selectAll().execute();
  const lives = new Map<string, TablesBefore['count_lives']>();
  for (const { site, line, counter, device, generation, countedUpTo } of sources) {
    const cursor = cursors.find((one) => one.site === site && one.line === line);
    if (cursor === undefined) continue;
    if (device === '') {
      await tables.insertInto('edge_totals').values({ site, line, counter, grams: countedUpTo }).execute();
      continue;
    }
    const { epoch, storedAt } = cursor;
    const key = JSON.stringify([site, line, counter, generation]);
    const before = lives.get(key)?.countedUpTo ?? 0;
    lives.set(key, {
      site,
      line,
      counter,
      epoch,
      generation,
      life: generation,
      countedUpTo: Math.max(before, countedUpTo),
      countedAt: storedAt ?? 0,
      heldGrams: 0,
    });
  }
  for (const row of lives.values()) await tables.insertInto('count_lives').values(row).execute();
  for (const { site, line } of cursors) {
    await tables.insertInto('edge_totals').values({ site, line, counter: '', grams: 0 }).execute();
  }
  await database.schema.dropTable('count_sources').execute();
}

async function createTables(schema: SchemaModule): Promise<void> {
  await schema
    .createTable('count_lives')
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('line', 'text', (column) => column.notNull())
    .addColumn('counter', 'text', (column) => column.notNull())
    .addColumn('epoch', 'text', (column) => column.notNull())
    .addColumn('generation', 'bigint', (column) => column.notNull())
    .addColumn('life', 'bigint')
    .addColumn('countedUpTo', 'bigint', (column) => column.notNull())
    .addColumn('countedAt', 'bigint', (column) => column.notNull())
    .addColumn('heldGrams', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('count_lives_key', ['site', 'line', 'counter', 'epoch', 'generation'])
    .execute();
  await schema
    .createTable('edge_totals')
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('line', 'text', (column) => column.notNull())
    .addColumn('counter', 'text', (column) => column.notNull())
    .addColumn('grams', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('edge_totals_key', ['site', 'line', 'counter'])
    .execute();
  await schema
    .createTable('uncounted')
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('line', 'text', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('counter', 'text', (column) => column.notNull())
    .addColumn('grams', 'bigint', (column) => column.notNull())
    .addColumn('fromAt', 'bigint')
    .addColumn('toAt', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('uncounted_key', ['site', 'line', 'id', 'counter'])
    .execute();
}
