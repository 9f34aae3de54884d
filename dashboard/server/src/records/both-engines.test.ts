/** Every repository gives the same on SQLite and on PostgreSQL. */
import type { LineDescription } from '@trame/protocol/line-description';
import { describe, expect, it } from 'vitest';
import {
  findSession,
  openSession,
  SESSIONS_PER_LOGIN_MAX,
  endSession,
} from '../access/session-repository.ts';
import {
  addUsers,
  changeSecret,
  countUsers,
  findUser,
  listUsers,
  removeUser,
} from '../access/user-repository.ts';
import { systemEntropy } from '../system/system-entropy.ts';
import { freshRecordsOf, RECORDS_ENGINES } from '../testing/records-engines.ts';
import { keepInstallation } from './installation-repository.ts';
import { forgetLine, knownLines, rememberLine } from './line-repository.ts';
import { openRecords, type Records } from './open-records.ts';

const T0 = 1_790_000_000_000;
const user = (login: string, demo = false) =>
  ({ login, role: 'operator', secretHash: '$argon2id$', demo }) as const;

describe.each(RECORDS_ENGINES)('on %s', (engine) => {
  const fresh = freshRecordsOf(engine);

  it('accounts are listed by the bytes of their names, and belong to one login only', async () => {
    await using it = await fresh();
    const { records } = it;
    const logins = ['b', 'Z', 'é', 'a', 'z'];
    expect(
      await addUsers(
        records,
        logins.map((login) => user(login, login === 'a')),
        T0,
      ),
    ).toBe(true);
    expect((await listUsers(records)).map(({ login }) => login)).toEqual(['Z', 'a', 'b', 'z', 'é']);
    expect([await countUsers(records), await countUsers(records, 'demo')]).toEqual([5, 1]);
    expect(await addUsers(records, [user('c'), user('a')], T0)).toBe(false);
    expect(await findUser(records, 'c')).toBeUndefined();
    expect(await findUser(records, 'a')).toEqual({ ...user('a'), demo: 1, createdAt: T0 });
    expect([await removeUser(records, 'z'), await removeUser(records, 'z')]).toEqual([true, false]);
  });

  it('one of two who take a name at the same time has it', async () => {
    await using it = await fresh();
    const { records } = it;
    const taken = await Promise.all(
      Array.from({ length: 8 }, (_, index) => addUsers(records, [user('same'), user(`own-${index}`)], T0)),
    );
    expect(taken.filter(Boolean)).toHaveLength(1);
    expect(await countUsers(records)).toBe(2);
  });

  it('a session stands until it runs out, is ended, pushed out, or its secret changes', async () => {
    await using it = await fresh();
    const { records } = it;
    await addUsers(records, [user('a')], T0);
    const first = await openSession(records, 'a', T0, systemEntropy);
    expect(await findSession(records, first.token, T0)).toMatchObject({ login: 'a', role: 'operator' });
    expect(await findSession(records, first.token, first.expiresAt)).toBeNull();
    expect(await findSession(records, 'another', T0)).toBeNull();
    const later = [];
    for (let n = 1; n <= SESSIONS_PER_LOGIN_MAX; n += 1) {
      later.push(await openSession(records, 'a', T0 + n, systemEntropy));
    }
    expect(await findSession(records, first.token, T0)).toBeNull();
    const [one, two] = later;
    const found = await findSession(records, one?.token ?? '', T0);
    await endSession(records, found?.tokenHash ?? '');
    expect(await findSession(records, one?.token ?? '', T0)).toBeNull();
    expect(await findSession(records, two?.token ?? '', T0)).not.toBeNull();
    expect(await changeSecret(records, 'a', '$new')).toBe(true);
    expect(await findSession(records, two?.token ?? '', T0)).toBeNull();
    expect(await changeSecret(records, 'nobody', '$new')).toBe(false);
    await openSession(records, 'a', T0, systemEntropy);
    await removeUser(records, 'a');
    expect(await records.selectFrom('sessions').selectAll().execute()).toEqual([]);
  });

  it('an installation is for life what it was first', async () => {
    await using it = await fresh();
    expect(await keepInstallation(it.records, 'demo', T0)).toBe('demo');
    expect(await keepInstallation(it.records, 'real', T0)).toBe('demo');
  });

  it('lines are remembered with their names as they are written', async () => {
    await using it = await fresh();
    const { records } = it;
    const description = { v: 1 } as unknown as LineDescription;
    for (const line of ['b', 'A', 'a']) await rememberLine(records, 'site', line, description, T0);
    await rememberLine(records, 'Site', 'a', description, T0 + 1);
    const rows = (await knownLines(records)).map(({ site, line, firstSeenAt }) => [site, line, firstSeenAt]);
    expect(rows).toEqual([
      ['site', 'A', T0],
      ['Site', 'a', T0],
      ['site', 'b', T0],
    ]);
    expect([await forgetLine(records, 'a'), await forgetLine(records, 'a')]).toEqual([true, false]);
  });

  it('what was written is there when they are opened again', async () => {
    await using it = await fresh();
    await addUsers(it.records, [user('a')], T0);
    const again = await openRecords(it.place);
    expect(await countUsers(again)).toBe(1);
    await again.destroy();
  });

  it('a transaction that fails leaves nothing, and the next one goes on', async () => {
    await using it = await fresh();
    const { records } = it;
    const failing = records.transaction().execute(async (transaction) => {
      await addRow(transaction, 'half');
      throw new Error('no further');
    });
    await expect(failing).rejects.toThrow('no further');
    expect(await countUsers(records)).toBe(0);
    await records.transaction().execute((transaction) => addRow(transaction, 'whole'));
    expect(await countUsers(records)).toBe(1);
  });

  it('what reads and then writes in a transaction is alone with it', async () => {
    await using it = await fresh();
    const { records } = it;
    await addRow(records, 'counter', 0);
    const add = () =>
      records.transaction().execute(async (transaction) => {
        const row = await transaction.selectFrom('users').select('createdAt').executeTakeFirstOrThrow();
        await new Promise((resolve) => setImmediate(resolve));
        await transaction
          .updateTable('users')
          .set({ createdAt: row.createdAt + 1 })
          .execute();
      });
    await Promise.all(Array.from({ length: 20 }, add));
    expect((await findUser(records, 'counter'))?.createdAt).toBe(20);
  });

  it('whole numbers are exact up to 2^53 and an error beyond', async () => {
    await using it = await fresh();
    const { records } = it;
    await addRow(records, 'max', Number.MAX_SAFE_INTEGER);
    expect((await findUser(records, 'max'))?.createdAt).toBe(Number.MAX_SAFE_INTEGER);
    const sum = await records
      .selectFrom('users')
      .select(({ fn }) => fn.sum<number>('createdAt').as('n'))
      .executeTakeFirstOrThrow();
    expect(sum.n).toBe(Number.MAX_SAFE_INTEGER);
    await records
      .updateTable('users')
      .set(({ eb }) => ({ createdAt: eb('createdAt', '+', 1) }))
      .execute();
    await expect(findUser(records, 'max')).rejects.toThrow(/9007199254740992/u);
    expect(await countUsers(records)).toBe(1);
  });
});

async function addRow(records: Records, login: string, createdAt = T0): Promise<void> {
  await records
    .insertInto('users')
    .values({ login, role: 'operator', secretHash: '', demo: 0, createdAt })
    .execute();
}
