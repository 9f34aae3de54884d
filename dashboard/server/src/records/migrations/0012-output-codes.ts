import { sql, type Kysely } from 'kysely';

/** Every label that an output bears: one that came before still means it. And what of a shipment its client weighed. */
export async function outputCodes(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable('output_codes')
    .addColumn('site', 'text', (column) => column.notNull())
    .addColumn('output', 'text', (column) => column.notNull())
    .addColumn('code', 'text', (column) => column.notNull())
    .addColumn('n', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('output_codes_key', ['site', 'output', 'code'])
    .execute();
  await database.schema
    .createIndex('output_codes_by_code')
    .on('output_codes')
    .columns(['site', 'code', 'output'])
    .execute();
  await sql`
    insert into output_codes (site, output, code, n)
    select site, output, code, 1 from outputs where code is not null
  `.execute(database);
  await database.schema.alterTable('shipments').addColumn('comparedGrams', 'bigint').execute();
  await sql`
    update shipments set "comparedGrams" = "netGrams" where "clientGrams" is not null
  `.execute(database);
}
