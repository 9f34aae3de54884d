import { sql } from 'kysely';
import type { Records } from '../records/open-records.ts';

export interface BackupNote {
  readonly id: string;
  /** ms since 1970 UTC. */
  readonly at: number;
  readonly bytes: number;
  readonly place: string;
}

/** Backups that are remembered; what lies on the disks is not touched. */
const NOTES_MAX = 100;

export function noteBackup(records: Records, note: BackupNote): Promise<void> {
  return records.transaction().execute(async (transaction) => {
    await transaction.insertInto('backups').values(note).execute();
    const surplus = await transaction
      .selectFrom('backups')
      .select('id')
      .orderBy('at', 'desc')
      .orderBy('id')
      .offset(NOTES_MAX)
      .limit(NOTES_MAX)
      .execute();
    for (const { id } of surplus) await transaction.deleteFrom('backups').where('id', '=', id).execute();
  });
}

/** @returns the last backup that was made of these records; null: none. */
export async function lastBackup(records: Records): Promise<{ at: number; bytes: number } | null> {
  const row = await records
    .selectFrom('backups')
    .select(['at', 'bytes'])
    .orderBy('at', 'desc')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

/** @returns the steps that the shape of the records has taken. */
export async function migrationsOf(records: Records): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(
    records,
  );
  return rows.map(({ name }) => name);
}
