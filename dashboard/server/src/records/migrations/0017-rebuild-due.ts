import { sql, type Kysely } from 'kysely';

/**
 * Counts by the minute, modes, alarms and stops follow from events by rules that earlier versions did not have: where events
 * are stored, what follows from them has to be made anew before anybody looks at a figure.
 */
export async function rebuildDue(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable('rebuild_due')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .execute();
  // A later step after which other rules hold says the same again.
  await sql`insert into rebuild_due (id) select 1 where exists (select 1 from ledger_events)`.execute(
    database,
  );
}
