/** SQLite that refuses to write: told as such, nothing half-written, and writing goes on when it can. */
import { sql } from 'kysely';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Problem } from '@trame/protocol/dashboard-api';
import { expect, it } from 'vitest';
import { addUsers, countUsers } from '../access/user-repository.ts';
import { embeddedRecords } from '../testing/embedded-records.ts';
import { startTestServer } from '../testing/running-server.ts';
import { tempDir } from '../testing/temp-dir.ts';
import { recordsAway } from './records-away.ts';

const SECRET = 'x'.repeat(200_000);

it('a full disk is told as one, leaves nothing behind, and does not stop what comes later', async () => {
  using directory = tempDir();
  const records = await embeddedRecords(directory.path);
  const { rows } = await sql<{ page_count: number }>`pragma page_count`.execute(records);
  await sql`pragma max_page_count = ${sql.lit((rows[0]?.page_count ?? 0) + 2)}`.execute(records);
  const user = { login: 'a', role: 'operator', demo: false } as const;
  const failed: unknown = await addUsers(records, [{ ...user, secretHash: SECRET }], 1).catch(
    (error: unknown) => error,
  );
  expect(recordsAway(failed)).toContain('full');
  expect(await countUsers(records)).toBe(0);
  expect(await addUsers(records, [{ ...user, secretHash: '$' }], 1)).toBe(true);
  await records.destroy();
});

it('records that another program keeps to itself are answered with 503', async () => {
  await using server = await startTestServer();
  const cookie = await server.signIn('supervisor');
  using other = new DatabaseSync(join(server.directory, 'dashboard', 'records.sqlite'));
  other.exec('BEGIN IMMEDIATE');
  const signOut = () => fetch(`${server.url}/api/v1/session`, { method: 'DELETE', headers: { cookie } });
  const refused = await signOut();
  expect([refused.status, ((await refused.json()) as Problem).code]).toEqual([503, 'records-unavailable']);
  expect((await server.get('/api/v1/session', cookie)).status).toBe(200);
  other.exec('ROLLBACK');
  expect((await signOut()).status).toBe(204);
});
