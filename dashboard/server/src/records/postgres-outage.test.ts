/** A server whose records are in PostgreSQL, while the database goes and comes. */
import type { CommandsAnswer } from '@trame/protocol/control/control-answers';
import type { Problem } from '@trame/protocol/dashboard-api';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countUsers } from '../access/user-repository.ts';
import { COMMAND_PUBLIC_KEY_FILE } from '../commands/command-key.ts';
import { startServer } from '../server.ts';
import { systemClock } from '../system/system-clock.ts';
import { systemEntropy } from '../system/system-entropy.ts';
import { eventually } from '../testing/eventually.ts';
import { freePort } from '../testing/free-port.ts';
import { keepingLog } from '../testing/keeping-log.ts';
import { startPostgres, type Postgres } from '../testing/postgres.ts';
import { startTestServer, testConfig, type TestServer } from '../testing/running-server.ts';
import { TestControlLine } from '../testing/test-control-line.ts';
import { startProxy } from '../testing/tcp-proxy.ts';
import { tempDir } from '../testing/temp-dir.ts';
import { openRecords } from './open-records.ts';
import { claimRecords } from './records-claim.ts';
import { TRANSACTION_LOCK } from './postgres-dialect.ts';

let postgres: Postgres;
let made = 0;

beforeAll(async () => {
  postgres = await startPostgres({ durable: true });
});
afterAll(async () => {
  await postgres[Symbol.asyncDispose]();
});

async function newDatabase(): Promise<string> {
  const name = `outage_${(made += 1)}`;
  await postgres.createDatabase(name);
  return name;
}

async function codeOf(server: TestServer, cookie: string): Promise<string> {
  const response = await server.get('/api/v1/session', cookie);
  return response.ok ? 'ok' : ((await response.json()) as Problem).code;
}

const until = (server: TestServer, cookie: string, code: string) =>
  eventually(async () => ((await codeOf(server, cookie)) === code ? true : null), 15_000);

/** Ends the connections of a database as its administrator may at any time. */
async function endConnections(database: string, where = 'true'): Promise<void> {
  await postgres.query(
    'postgres',
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}' and ${where}`,
  );
}

describe('a database that dies', () => {
  it('is answered with 503 until it is back, then everything goes on by itself', async () => {
    await using server = await startTestServer({ records: postgres.config(await newDatabase()) });
    const cookie = await server.signIn('supervisor');
    expect(await codeOf(server, cookie)).toBe('ok');
    await postgres.kill();
    await until(server, cookie, 'records-unavailable');
    const { title, status } = (await (await server.get('/api/v1/session', cookie)).json()) as Problem;
    expect([status, title]).toEqual([503, 'The records do not answer now']);
    expect(await (await server.get('/metrics')).text()).toContain('trame_records_up 0');
    expect((await server.get('/healthz')).status).toBe(200);
    await postgres.start();
    await until(server, cookie, 'ok');
    expect(await (await server.get('/metrics')).text()).toContain('trame_records_up 1');
    // Once by who watches them; the ledgers' consumer says it too when it meets the outage.
    const told = server.log.sentences.filter((one) =>
      one.startsWith('the records are away: what needs them'),
    );
    expect(told).toHaveLength(1);
    expect(server.log.sentences).toContain('the records are back');
  }, 60_000);

  it('does not end the process when it ends connections, in use or not', async () => {
    const name = await newDatabase();
    const records = await openRecords({ dataDir: '', records: postgres.config(name) });
    expect(await countUsers(records)).toBe(0);
    await endConnections(name);
    await eventually(() =>
      countUsers(records).then(
        (n) => n === 0,
        () => null,
      ),
    );
    const inUse = records.transaction().execute(async (transaction) => {
      await countUsers(transaction);
      await endConnections(name);
      await systemClock.sleep(100, AbortSignal.timeout(5_000));
      return countUsers(transaction);
    });
    await expect(inUse).rejects.toThrow(/terminat|connection/iu);
    expect(await countUsers(records)).toBe(0);
    await records.destroy();
  });
});

describe('a database that is silent', () => {
  it('is noticed though nobody says that it is gone', async () => {
    const name = await newDatabase();
    await using proxy = await startProxy(postgres.port);
    const direct = postgres.config(name);
    const url = direct.url.replace(`:${postgres.port}/`, `:${proxy.port}/`);
    await using server = await startTestServer({ records: { ...direct, url } });
    const cookie = await server.signIn('supervisor');
    // However many of these connections the pool has by now: the way is silent for those and for new ones.
    await Promise.all(Array.from({ length: 4 }, () => codeOf(server, cookie)));
    proxy.silence();
    const startedMs = systemClock.monotonicMs();
    const asked = await Promise.all(Array.from({ length: 4 }, () => codeOf(server, cookie)));
    expect(new Set(asked)).toEqual(new Set(['records-unavailable']));
    expect(systemClock.monotonicMs() - startedMs).toBeLessThan(12_000);
    // Its machine is cut off too: it lets go of the claim, and of nothing else.
    await endConnections(name, `pid in (select pid from pg_locks where locktype = 'advisory')`);
    proxy.restore();
    await until(server, cookie, 'ok');
    expect(await Promise.all(Array.from({ length: 8 }, () => codeOf(server, cookie)))).toEqual(
      Array.from({ length: 8 }, () => 'ok'),
    );
  }, 60_000);
});

describe('stopping a line', () => {
  it.each(['dies', 'is silent'])(
    'is not held up by a database that %s; starting it is',
    async (how) => {
      const name = await newDatabase();
      await using proxy = await startProxy(postgres.port);
      const direct = postgres.config(name);
      const url = direct.url.replace(`:${postgres.port}/`, `:${proxy.port}/`);
      await using server = await startTestServer({ records: { ...direct, url } });
      const keyFile = join(server.directory, 'dashboard', COMMAND_PUBLIC_KEY_FILE);
      await using line = await TestControlLine.connect({ url: server.mqttUrl, keyFile });
      const [cookie, gone] = [await server.signIn('supervisor'), await server.signIn('supervisor')];
      const ask = (command: string, as: string) =>
        fetch(`${server.url}/api/v1/lines/tri-1/commands`, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            cookie: as,
            'idempotency-key': `${command}-at-seven`,
          },
          body: JSON.stringify({ command }),
        });
      await eventually(async () =>
        (await server.get('/api/v1/commands?line=tri-1', cookie)).ok ? true : null,
      );
      expect((await server.get('/api/v1/session', gone)).status).toBe(200);
      await fetch(`${server.url}/api/v1/session`, { method: 'DELETE', headers: { cookie: gone } });
      if (how === 'dies') await postgres.kill();
      else proxy.silence();
      const startedMs = systemClock.monotonicMs();
      const stopped = await ask('stop', cookie);
      expect(systemClock.monotonicMs() - startedMs).toBeLessThan(2_500);
      expect([stopped.status, await stopped.json()]).toMatchObject([200, { outcome: 'done', noted: false }]);
      expect((await ask('start', cookie)).status).toBe(503);
      expect((await ask('stop', gone)).status).toBe(503);
      expect(line.carriedOut.map(({ command }) => command)).toEqual(['line.stop']);
      if (how === 'dies') await postgres.start();
      else {
        await endConnections(name, `pid in (select pid from pg_locks where locktype = 'advisory')`);
        proxy.restore();
      }
      await until(server, cookie, 'ok');
      await eventually(async () => {
        const response = await server.get('/api/v1/commands?line=tri-1', cookie);
        const { rows } = (await response.json()) as CommandsAnswer;
        return rows.some(({ command, code }) => command === 'line.stop' && code === 'done') ? true : null;
      }, 15_000);
    },
    60_000,
  );
});

describe('a stop', () => {
  it('is not held up by a database that has just gone silent', async () => {
    await using proxy = await startProxy(postgres.port);
    const direct = postgres.config(await newDatabase());
    const url = direct.url.replace(`:${postgres.port}/`, `:${proxy.port}/`);
    const server = await startTestServer({ records: { ...direct, url } });
    await server.signIn('supervisor');
    proxy.freeze();
    const startedMs = systemClock.monotonicMs();
    await server[Symbol.asyncDispose]();
    expect(systemClock.monotonicMs() - startedMs).toBeLessThan(8_000);
  }, 60_000);
});

describe('one set of records', () => {
  it('is refused to a second server, and taken over when the first has gone', async () => {
    const records = postgres.config(await newDatabase());
    const first = await startTestServer({ records });
    await expect(startTestServer({ records })).rejects.toThrow(/another dashboard server uses it/u);
    await first[Symbol.asyncDispose]();
    await using directory = new AsyncDisposableStack();
    const place = directory.use(tempDir());
    const config = { ...testConfig(place.path), records };
    const log = keepingLog();
    const second = await startServer({ config, clock: systemClock, entropy: systemEntropy, log });
    await second.stop();
  });

  it('is not used by a server that lost it to another one', async () => {
    const name = await newDatabase();
    await using server = await startTestServer({ records: postgres.config(name) });
    const cookie = await server.signIn('supervisor');
    const other = await openRecords({ dataDir: '', records: postgres.config(name) });
    await endConnections(name, `pid in (select pid from pg_locks where locktype = 'advisory')`);
    const rival = await eventually(() =>
      claimRecords(postgres.config(name), systemClock, keepingLog()).catch(() => null),
    );
    await until(server, cookie, 'records-unavailable');
    await rival.release();
    await until(server, cookie, 'ok');
    await other.destroy();
  }, 60_000);
});

describe('a start', () => {
  it('says in one line that the database is away, or not fit', async () => {
    const away = { ...postgres.config('x'), url: `postgres://trame@127.0.0.1:${await freePort()}/x` };
    await expect(startTestServer({ records: away })).rejects.toThrow(
      /^The database postgres:\/\/trame@127\.0\.0\.1:\d+\/x cannot be used: .*ECONNREFUSED/u,
    );
    const wrong = { ...postgres.config('postgres'), password: 'wrong' };
    await expect(startTestServer({ records: wrong })).rejects.toThrow(/password authentication failed/u);
    await postgres.query(
      'postgres',
      `create database french template template0 encoding 'UTF8' locale_provider icu icu_locale 'fr'`,
    );
    await expect(openRecords({ dataDir: '', records: postgres.config('french') })).rejects.toThrow(
      /orders texts by a language: make it with «CREATE DATABASE/u,
    );
  });
});

describe('an account of its own', () => {
  it('needs no more rights than to own its database', async () => {
    await postgres.query('postgres', `create role site login password 'site-secret'`);
    await postgres.query(
      'postgres',
      `create database owned owner site template template0 encoding 'UTF8' locale 'C.UTF-8'`,
    );
    const url = postgres.config('owned').url.replace('trame@', 'site@');
    const records = { ...postgres.config('owned'), url, password: 'site-secret' };
    await using server = await startTestServer({ records });
    expect(await codeOf(server, await server.signIn('supervisor'))).toBe('ok');
    await expect(startTestServer({ records })).rejects.toThrow(/another dashboard server uses it/u);
  });
});

describe('a transaction', () => {
  it('that cannot begin in time leaves its connection clean', async () => {
    const name = await newDatabase();
    const records = await openRecords({ dataDir: '', records: postgres.config(name) });
    const holder = await openRecords({ dataDir: '', records: postgres.config(name) });
    const { promise: held, resolve: release } = Promise.withResolvers<undefined>();
    const holding = holder.transaction().execute(() => held);
    await eventually(async () => {
      const rows = await postgres.query(name, `select 1 from pg_locks where objid = ${TRANSACTION_LOCK}`);
      return rows.length > 0 ? true : null;
    });
    const waiting = records.transaction().execute((transaction) => countUsers(transaction));
    await expect(waiting).rejects.toMatchObject({ code: '55P03' });
    release(undefined);
    await holding;
    expect(await records.transaction().execute((transaction) => countUsers(transaction))).toBe(0);
    const open = await postgres.query(
      name,
      `select 1 from pg_stat_activity where datname = '${name}' and state like 'idle in transaction%'`,
    );
    expect(open).toEqual([]);
    await Promise.all([records.destroy(), holder.destroy()]);
  });
});
