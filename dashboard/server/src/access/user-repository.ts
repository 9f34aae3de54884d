import type { Role } from '@trame/protocol/dashboard-api';
import type { Records } from '../records/open-records.ts';
import type { UserTable } from '../records/tables.ts';

export type User = UserTable;

export function findUser(records: Records, login: string): Promise<User | undefined> {
  return records.selectFrom('users').selectAll().where('login', '=', login).executeTakeFirst();
}

export function listUsers(records: Records): Promise<Pick<User, 'login' | 'role' | 'demo' | 'createdAt'>[]> {
  return records
    .selectFrom('users')
    .select(['login', 'role', 'demo', 'createdAt'])
    .orderBy('login')
    .execute();
}

export async function countUsers(records: Records, only: 'all' | 'demo' = 'all'): Promise<number> {
  let query = records.selectFrom('users').select(({ fn }) => fn.countAll<number>().as('n'));
  if (only === 'demo') query = query.where('demo', '=', 1);
  return (await query.executeTakeFirstOrThrow()).n;
}

export interface NewUser {
  readonly login: string;
  readonly role: Role;
  readonly secretHash: string;
  readonly demo: boolean;
}

/** Adds users all together or not at all. @returns false when one of the logins is taken. */
export async function addUsers(records: Records, users: readonly NewUser[], nowMs: number): Promise<boolean> {
  return records.transaction().execute(async (transaction) => {
    const logins = users.map(({ login }) => login);
    const taken = await transaction
      .selectFrom('users')
      .select('login')
      .where('login', 'in', logins)
      .execute();
    if (taken.length > 0) return false;
    const rows = users.map((user) => ({ ...user, demo: user.demo ? 1 : 0, createdAt: nowMs }));
    await transaction.insertInto('users').values(rows).execute();
    return true;
  });
}

/** @returns whether there was such a user. Its sessions end with it. */
export async function removeUser(records: Records, login: string): Promise<boolean> {
  const result = await records.deleteFrom('users').where('login', '=', login).executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/** Gives a user a new secret and ends every session opened with the old one. @returns whether it exists. */
export async function changeSecret(records: Records, login: string, secretHash: string): Promise<boolean> {
  return records.transaction().execute(async (transaction) => {
    const result = await transaction
      .updateTable('users')
      .set({ secretHash, demo: 0 })
      .where('login', '=', login)
      .executeTakeFirst();
    await transaction.deleteFrom('sessions').where('login', '=', login).execute();
    return result.numUpdatedRows > 0n;
  });
}
