import { sql, type Kysely } from 'kysely';

/** How many outputs a line made in some hours is asked every ten seconds for each screen: one is made when it is weighed. */
export async function outputsMade(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createIndex('outputs_made')
    .on('outputs')
    .columns(['site', 'line'])
    .expression(sql`(coalesce("weighedAt", "startedAt"))`)
    .execute();
}
