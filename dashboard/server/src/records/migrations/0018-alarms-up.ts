import { sql, type Kysely } from 'kysely';

/** Since when an alarm stands is told of a journal of any length; and that it ended where nobody told a change of it. */
export async function alarmsUp(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createIndex('alarm_journal_up')
    .on('alarm_journal')
    .columns(['line', 'alarm', 'at'])
    .where(sql<boolean>`raised = 1`)
    .execute();
  // Alarms that were withdrawn stand in journals of before.
  await sql`insert into rebuild_due (id) select 1 where exists (select 1 from ledger_events) on conflict do nothing`.execute(
    database,
  );
}
