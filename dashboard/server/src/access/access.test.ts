/** Signing in, and who may call what, over the real application. */
import { ROLES, type Role } from '@trame/protocol/dashboard-api';
import fastify from 'fastify';
import cookie from '@fastify/cookie';
import { readFileSync, statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../system/system-clock.ts';
import { systemEntropy } from '../system/system-entropy.ts';
import { embeddedRecords } from '../testing/embedded-records.ts';
import { movableClock } from '../testing/movable-clock.ts';
import { startTestServer, testConfig, type TestServer } from '../testing/running-server.ts';
import { tempDir } from '../testing/temp-dir.ts';
import { keepingLog } from '../testing/keeping-log.ts';
import { startServer } from '../server.ts';
import { addGuard } from './guard.ts';
import { hashSecret, verifySecret } from './secret-hash.ts';
import { openSession, SESSION_MS, SESSIONS_PER_LOGIN_MAX } from './session-repository.ts';
import {
  afterFailure,
  afterSuccess,
  NO_FAILURES,
  THROTTLE_KEYS_MAX,
  waitBeforeMs,
} from './sign-in-throttle.ts';
import { addUsers, changeSecret, findUser, removeUser } from './user-repository.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

function secretOf(role: Role): string {
  const text = readFileSync(`${server.directory}/demo-accounts.json`, 'utf8');
  const accounts = JSON.parse(text) as { login: string; secret: string; role: Role }[];
  return accounts.find((account) => account.role === role)?.secret ?? '';
}

async function signInTimeMs(login: string): Promise<number> {
  const startMs = systemClock.monotonicMs();
  await post('/api/v1/session', { login, secret: 'x' });
  return systemClock.monotonicMs() - startMs;
}

describe('signing in', () => {
  it('opens a session in a cookie that scripts cannot read and other sites cannot use', async () => {
    const response = await post('/api/v1/session', { login: 'supervisor', secret: secretOf('supervisor') });
    expect(response.status).toBe(200);
    const set = response.headers.get('set-cookie') ?? '';
    expect(set).toContain('HttpOnly');
    expect(set).toContain('SameSite=Strict');
    expect(set).toContain('Path=/');
    expect(set).not.toContain('Secure');
    expect(await response.json()).toMatchObject({
      login: 'supervisor',
      role: 'supervisor',
      installation: 'demo',
      timeZone: 'Europe/Paris',
    });
    const token = set.split(';')[0] ?? '';
    const session = await server.json<{ expiresAt: number }>('/api/v1/session', token);
    expect(session.expiresAt - systemClock.nowMs()).toBeGreaterThan(SESSION_MS - 60_000);
  });

  it('ends a session for good', async () => {
    const token = await server.signIn('operator');
    const ended = await fetch(`${server.url}/api/v1/session`, {
      method: 'DELETE',
      headers: { cookie: token },
    });
    expect(ended.status).toBe(204);
    expect((await server.get('/api/v1/session', token)).status).toBe(401);
  });

  it('tells the same story for a wrong secret and for an unknown login', async () => {
    const wrong = await post('/api/v1/session', { login: 'region', secret: 'no' });
    const unknown = await post('/api/v1/session', { login: 'nobody', secret: 'no' });
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    const [a, b] = [await wrong.text(), await unknown.text()];
    expect(a).toBe(b);
    expect(JSON.parse(a)).toMatchObject({ status: 401, code: 'invalid-credentials' });
    expect(wrong.headers.get('set-cookie')).toBeNull();
  });

  it('takes about as long for an unknown login as for a known one', async () => {
    const [known, unknown] = [[] as number[], [] as number[]];
    for (let round = 0; round < 3; round += 1) {
      known.push(await signInTimeMs('trainee'));
      unknown.push(await signInTimeMs(`ghost${round}`));
    }
    expect(Math.min(...unknown)).toBeGreaterThan(Math.min(...known) * 0.4);
  });

  it('makes guessing slow', async () => {
    const answers: number[] = [];
    for (let attempt = 0; attempt < 7; attempt += 1) {
      answers.push((await post('/api/v1/session', { login: 'administrator', secret: `${attempt}` })).status);
    }
    expect(answers).toEqual([401, 401, 401, 401, 401, 429, 429]);
    const blocked = await post('/api/v1/session', { login: 'administrator', secret: 'x' });
    expect(Number(blocked.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await blocked.json()).toMatchObject({ code: 'too-many-attempts' });
    expect(
      (await post('/api/v1/session', { login: 'supervisor', secret: secretOf('supervisor') })).status,
    ).toBe(200);
  });
});

describe('what signing in refuses', () => {
  it.each([
    ['{', 400, 'malformed-body'],
    ['', 400, 'malformed-body'],
    ['{"login":"a"}', 400, 'invalid-request'],
    ['{"login":"a","secret":"b","role":"administrator"}', 400, 'invalid-request'],
    ['{"login":{"$gt":""},"secret":"b"}', 400, 'invalid-request'],
    [`{"login":"a","secret":"${'x'.repeat(100_000)}"}`, 413, 'body-too-large'],
  ])('refuses the body %.40s', async (body, status, code) => {
    const response = await post('/api/v1/session', body);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.json()).toMatchObject({ status, code });
  });

  it('takes no word from another site, whatever cookie comes with it', async () => {
    const body = { login: 'supervisor', secret: secretOf('supervisor') };
    for (const headers of [
      { origin: 'http://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ]) {
      const response = await post('/api/v1/session', body, headers);
      expect([JSON.stringify(headers), response.status]).toEqual([JSON.stringify(headers), 403]);
      expect(await response.json()).toMatchObject({ code: 'cross-site' });
    }
    expect((await post('/api/v1/session', body, { origin: server.url })).status).toBe(200);
  });
});

describe('rights', () => {
  const EVERYBODY = [...ROLES];
  it.each([
    ['/api/v1/session', EVERYBODY],
    ['/api/v1/lines', EVERYBODY],
    ['/api/v1/lines/none', ['operator', 'supervisor', 'administrator']],
    ['/api/v1/history?tag=a/b/c', ['operator', 'supervisor', 'administrator']],
    ['/api/v1/tonnage', ['supervisor', 'region', 'administrator']],
  ] as const)('%s is for %s', async (path, allowed) => {
    expect((await server.get(path)).status).toBe(401);
    expect((await server.get(path, 'trame_session=forged')).status).toBe(401);
    for (const role of ROLES) {
      const response = await server.get(path, await signInAs(role));
      const may = allowed.some((one) => one === role);
      expect([role, response.status === 403]).toEqual([role, !may]);
    }
  });

  it('are decided before the body is read', async () => {
    const response = await fetch(`${server.url}/api/v1/session`, {
      method: 'DELETE',
      headers: { 'content-type': 'application/json' },
      body: '{ not json',
    });
    expect(response.status).toBe(401);
  });

  it('leave the page, health and documentation open', async () => {
    for (const path of ['/healthz', '/api/openapi.json', '/api/docs', '/metrics']) {
      expect([path, (await server.get(path)).status]).toEqual([path, 200]);
    }
  });

  it('must be stated by every route, or the server does not start', async () => {
    const app = fastify();
    await app.register(cookie);
    addGuard(app, { findSession: () => Promise.resolve(null) });
    app.get('/forgotten', () => 'secret');
    await expect(app.ready()).rejects.toThrow('/forgotten');
  });
});

/** Signing in is throttled by failure only: one session a role is enough. */
const cookies = new Map<Role, Promise<string>>();
function signInAs(role: Role): Promise<string> {
  const known = cookies.get(role) ?? (role === 'administrator' ? sessionFor(role) : server.signIn(role));
  cookies.set(role, known);
  return known;
}

/** Its sign-in is blocked by the test of guessing. */
async function sessionFor(login: string): Promise<string> {
  const records = await embeddedRecords(`${server.directory}/dashboard`);
  const { token } = await openSession(records, login, systemClock.nowMs(), systemEntropy);
  await records.destroy();
  return `trame_session=${token}`;
}

describe('sessions', () => {
  it('run out', async () => {
    const clock = movableClock();
    await using own = await startTestServer({}, clock);
    const token = await own.signIn('operator');
    clock.moveTo(clock.nowMs() + SESSION_MS - 60_000);
    expect((await own.get('/api/v1/session', token)).status).toBe(200);
    clock.moveTo(clock.nowMs() + 61_000);
    expect((await own.get('/api/v1/session', token)).status).toBe(401);
  });

  it('end with their user, and with a new secret; the oldest end when there are too many', async () => {
    using directory = tempDir();
    const records = await embeddedRecords(directory.path);
    const user = { login: 'a', role: 'operator', secretHash: 'x', demo: false } as const;
    expect(await addUsers(records, [user], 1)).toBe(true);
    expect(await addUsers(records, [{ ...user, login: 'b' }, user], 1)).toBe(false);
    expect(await findUser(records, 'b')).toBeUndefined();
    const count = async () => (await records.selectFrom('sessions').selectAll().execute()).length;
    for (let index = 0; index < SESSIONS_PER_LOGIN_MAX + 5; index += 1) {
      await openSession(records, 'a', index, systemEntropy);
    }
    expect(await count()).toBe(SESSIONS_PER_LOGIN_MAX);
    expect(await changeSecret(records, 'a', 'y')).toBe(true);
    expect(await count()).toBe(0);
    await openSession(records, 'a', 1, systemEntropy);
    expect(await removeUser(records, 'a')).toBe(true);
    expect(await count()).toBe(0);
    await records.destroy();
  });

  it('store no token that could be used', async () => {
    using directory = tempDir();
    const records = await embeddedRecords(directory.path);
    await addUsers(records, [{ login: 'a', role: 'operator', secretHash: 'x', demo: false }], 1);
    const { token } = await openSession(records, 'a', 1, systemEntropy);
    const stored = await records.selectFrom('sessions').select('tokenHash').executeTakeFirst();
    expect(stored?.tokenHash).toMatch(/^[0-9a-f]{64}$/u);
    expect(stored?.tokenHash).not.toContain(token);
    await records.destroy();
  });
});

describe('secrets', () => {
  it('are kept as argon2id, told apart by a salt', async () => {
    const [a, b] = [
      await hashSecret('été', new Uint8Array(16)),
      await hashSecret('été', systemEntropy.bytes(16)),
    ];
    expect(a).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/u);
    expect(a).not.toBe(b);
    expect(await verifySecret('été', b)).toBe(true);
    expect(await verifySecret('e\u0301te\u0301', b)).toBe(true);
    expect(await verifySecret('ete', b)).toBe(false);
    await expect(verifySecret('x', 'plain')).rejects.toThrow('PHC');
  });
});

describe('the throttle', () => {
  it('doubles the wait, is lifted by a right secret, and forgets', () => {
    let state = NO_FAILURES;
    for (let count = 0; count < 5; count += 1) state = afterFailure(state, 'a', '1', 0);
    expect(waitBeforeMs(state, 'a', '1', 0)).toBe(2_000);
    expect(waitBeforeMs(state, 'a', '2', 0)).toBe(0);
    expect(waitBeforeMs(state, 'b', '1', 0)).toBe(0);
    state = afterFailure(state, 'a', '1', 0);
    expect(waitBeforeMs(state, 'a', '1', 1_000)).toBe(3_000);
    expect(waitBeforeMs(afterSuccess(state, 'a', '1'), 'a', '1', 0)).toBe(0);
    expect(waitBeforeMs(state, 'a', '1', 16 * 60_000)).toBe(0);
  });

  it('slows one address down over many logins, and remembers only so many', () => {
    let state = NO_FAILURES;
    for (let count = 0; count < 30; count += 1) state = afterFailure(state, `u${count}`, '9', 0);
    expect(waitBeforeMs(state, 'fresh', '9', 0)).toBeGreaterThan(0);
    for (let count = 0; count < 6_000; count += 1) state = afterFailure(state, 'a', `10.${count}`, 0);
    expect(state.size).toBeLessThanOrEqual(THROTTLE_KEYS_MAX);
  });
});

describe('the first accounts', () => {
  it('of a demonstration lie in a file for its owner alone, once', async () => {
    const file = `${server.directory}/demo-accounts.json`;
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((JSON.parse(readFileSync(file, 'utf8')) as { role: Role }[]).map(({ role }) => role)).toEqual([
      ...ROLES,
    ]);
  });

  it('of a real installation are one administrator, told once', async () => {
    await using real = await startTestServer({ installation: 'real' });
    const first = real.running.firstAccounts;
    if (first.kind !== 'administrator') throw new Error('no administrator');
    const response = await fetch(`${real.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ login: first.login, secret: first.secret }),
    });
    expect(await response.json()).toMatchObject({ role: 'administrator', installation: 'real' });
  });

  it('of a demonstration keep the server on this machine', async () => {
    using directory = tempDir();
    const config = testConfig(directory.path, { host: '0.0.0.0' });
    const start = startServer({ config, clock: systemClock, entropy: systemEntropy, log: keepingLog() });
    await expect(start).rejects.toThrow('demo accounts');
  });
});
