import type { Kysely } from 'kysely';

/** What the condition of an alarm did, whatever its state: of what was put aside the state says nothing. */
export async function alarmConditions({ schema }: Kysely<unknown>): Promise<void> {
  await schema.alterTable('alarm_journal').addColumn('condition', 'integer').execute();
}
