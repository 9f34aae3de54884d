import type { Records } from './open-records.ts';
import type { InstallationTable } from './tables.ts';

/**
 * What an installation is, it is for life: figures of a simulated line must never stand among real ones.
 * @returns what the records say; a first start writes it down.
 */
export async function keepInstallation(
  records: Records,
  kind: InstallationTable['kind'],
  nowMs: number,
): Promise<InstallationTable['kind']> {
  await records
    .insertInto('installation')
    .values({ id: 1, kind, createdAt: nowMs })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  const row = await records.selectFrom('installation').select('kind').executeTakeFirstOrThrow();
  return row.kind;
}

/** @returns what the records say that they belong to; null: nothing yet. */
export async function installationOf(records: Records): Promise<InstallationTable['kind'] | null> {
  const row = await records.selectFrom('installation').select('kind').executeTakeFirst();
  return row?.kind ?? null;
}
