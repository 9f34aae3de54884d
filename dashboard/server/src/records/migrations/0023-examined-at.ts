import { sql, type Kysely } from 'kysely';

/** When outputs were examined: what is noted afterwards for an earlier time is not what holds. */
export async function examinedAt(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await schema.alterTable('outputs').addColumn('moistureAt', 'bigint').execute();
  await schema.alterTable('outputs').addColumn('gradeAt', 'bigint').execute();
  await sql`insert into rebuild_due (id) select 1 where exists (select 1 from ledger_events)
    and not exists (select 1 from rebuild_due)`.execute(database);
}
