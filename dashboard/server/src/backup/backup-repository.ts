import { sql } from 'kysely';
import { join } from 'node:path';
import type { Records } from '../records/open-records.ts';

export interface BackupNote {
  readonly id: string;
  /** ms since 1970 UTC. */
  readonly at: number;
  readonly bytes: number;
  readonly place: string;
}

/** Backups that are remembered, and the most that can be told to stay; what lies on the disks is not touched. */
export const NOTES_MAX = 100;

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

/** @returns places of the backups that were made in a folder and are remembered, the newest first. */
export async function backupsIn(records: Records, folder: string): Promise<string[]> {
  const rows = await records
    .selectFrom('backups')
    .select(['id', 'place'])
    .orderBy('at', 'desc')
    .orderBy('id')
    .execute();
  return rows.filter(({ id, place }) => place === join(folder, id)).map(({ place }) => place);
}

/** @returns the steps that the shape of the records has taken. */
export async function migrationsOf(records: Records): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(
    records,
  );
  return rows.map(({ name }) => name);
}
