/** Commanding a line over HTTP: a whole server, a real broker, and an edge that does what the test says. */
import type { CommandRow, CommandsAnswer } from '@trame/protocol/control/control-answers';
import type { Problem, Session } from '@trame/protocol/dashboard-api';
import type { CommandAnswer } from '@trame/protocol/health-api';
import type { LiveLine } from '@trame/protocol/live-state';
import { sql } from 'kysely';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../system/system-clock.ts';
import { eventually } from '../testing/eventually.ts';
import { freshRecordsOf, RECORDS_ENGINES, type FreshRecords } from '../testing/records-engines.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';
import { TestEdge } from '../testing/test-edge.ts';
import { TestControlLine } from '../testing/test-control-line.ts';
import type { TestLedger } from '../ledger/test-ledger.ts';
import { COMMAND_PUBLIC_KEY_FILE } from './command-key.ts';
import { EDGE_SILENT_MS } from './last-heartbeat.ts';

const LONG_MS = 60_000;
/** A second, and what a machine that does much else takes beside it. */
const ANSWERED_WITHIN_MS = 1_600;
/** Longer than anybody waits for an answer. */
const SEQUENCE_MS = 3_000;

let keys = 0;
const newKey = () => `key-${(keys += 1)}-12345678`;

interface Answered {
  readonly status: number;
  readonly tookMs: number;
  readonly body: CommandAnswer & Problem;
}

interface Asked {
  readonly key?: string;
  readonly cookie?: string;
  readonly headers?: Record<string, string>;
}

interface Bench extends AsyncDisposable {
  readonly server: TestServer;
  readonly line: TestControlLine;
  readonly supervisor: string;
  readonly command: (command: string, args?: object, asked?: Asked) => Promise<Answered>;
  readonly row: (id: string) => Promise<CommandRow>;
}

async function startServer({ place }: FreshRecords): Promise<TestServer> {
  return startTestServer({
    records: place.records,
    dataDir: place.dataDir,
    demoAccountsFile: join(place.dataDir, 'demo-accounts.json'),
  });
}

async function connectLine(server: TestServer, { place }: FreshRecords, ledger?: TestLedger) {
  const line = await TestControlLine.connect({
    url: server.mqttUrl,
    keyFile: join(place.dataDir, COMMAND_PUBLIC_KEY_FILE),
    ...(ledger === undefined ? {} : { ledger }),
  });
  await eventually(async () => {
    const response = await server.get('/api/v1/commands?line=tri-1', await server.signIn('supervisor'));
    return response.ok ? true : null;
  });
  return line;
}

async function benchOf(fresh: () => Promise<FreshRecords>): Promise<Bench> {
  const records = await fresh();
  const server = await startServer(records);
  const line = await connectLine(server, records);
  const supervisor = await server.signIn('supervisor');
  return {
    server,
    line,
    supervisor,
    command: (command, args, asked) => commandOn(server, supervisor, command, args, asked),
    row: (id) => server.json<CommandRow>(`/api/v1/commands/${id}`, supervisor),
    [Symbol.asyncDispose]: async () => {
      await line[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      await records[Symbol.asyncDispose]();
    },
  };
}

async function commandOn(
  server: TestServer,
  supervisor: string,
  command: string,
  args: object = {},
  { key = newKey(), cookie = supervisor, headers = {} }: Asked = {},
): Promise<Answered> {
  const startMs = systemClock.monotonicMs();
  const response = await fetch(`${server.url}/api/v1/lines/tri-1/commands`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie, 'idempotency-key': key, ...headers },
    body: JSON.stringify({ command, args }),
  });
  const body = (await response.json()) as CommandAnswer & Problem;
  return { status: response.status, tookMs: systemClock.monotonicMs() - startMs, body };
}

const benches: Bench[] = [];
afterEach(async () => {
  for (const bench of benches.splice(0)) await bench[Symbol.asyncDispose]();
});

describe.each(RECORDS_ENGINES)('a command, with records on %s,', { timeout: LONG_MS }, (engine) => {
  const fresh = freshRecordsOf(engine);
  const begun = async () => {
    const bench = await benchOf(fresh);
    benches.push(bench);
    return bench;
  };

  it('that is carried out at once is answered as done, under its own name or a plain word', async () => {
    const { command, line, row } = await begun();
    const start = await command('start');
    expect(start).toMatchObject({ status: 200, body: { outcome: 'done', code: 'done' } });
    expect(start.tookMs).toBeLessThan(ANSWERED_WITHIN_MS);
    const speed = await command('setpoint.write', { setpoint: 'infeed', value: 0.4 });
    expect(speed).toMatchObject({ status: 200, body: { outcome: 'done' } });
    expect(line.carriedOut).toMatchObject([
      { command: 'line.start', args: {}, heartbeat: { tick: expect.any(Number) } },
      { command: 'setpoint.write', args: { setpoint: 'infeed', value: 0.4 } },
    ]);
    expect(await row(start.body.id)).toMatchObject({ outcome: 'done', by: 'person', command: 'line.start' });
  });

  it('that takes longer is being looked into within a second; then its end is found', async () => {
    const { command, line, row } = await begun();
    line.plan = () => ({ kind: 'carry-out', afterMs: SEQUENCE_MS, outcome: 'failed' });
    const start = await command('line.start');
    expect(start).toMatchObject({ status: 202, body: { outcome: 'checking', code: 'accepted' } });
    expect(start.tookMs).toBeLessThan(ANSWERED_WITHIN_MS);
    expect(await row(start.body.id)).toMatchObject({ outcome: 'checking' });
    const ended = await eventually(async () => {
      const now = await row(start.body.id);
      // The ledger may come before the answer.
      return now.tookMs === null || now.code === 'accepted' ? null : now;
    });
    expect(ended).toMatchObject({ outcome: 'failed', code: 'failed', late: 'belt-2', tookMs: SEQUENCE_MS });
    expect(ended.detail).toBe('le tapis 2 ne vient pas');
  });

  it('that the line refuses is answered with every reason', async () => {
    const { command, line } = await begun();
    const reasons = [
      { code: 'interlock', ref: 'door', words: 'Porte ouverte' },
      { code: 'no-local-enable', ref: null, words: '' },
    ] as const;
    line.plan = () => ({ kind: 'refuse', reasons });
    const { status, body } = await command('start');
    expect([status, body]).toMatchObject([409, { code: 'interlock', detail: 'Porte ouverte', reasons }]);
    expect(body.type).toBe('urn:trame:problem:interlock');
  });

  it('clicked twice is one, and a second one meanwhile is refused as busy', async () => {
    const { command, line } = await begun();
    line.plan = () => ({ kind: 'carry-out', afterMs: SEQUENCE_MS, outcome: 'done' });
    const key = newKey();
    const [one, two] = await Promise.all([command('start', {}, { key }), command('start', {}, { key })]);
    expect(one.body.id).toBe(two.body.id);
    expect([one.status, two.status]).toEqual([202, 202]);
    expect(await command('start')).toMatchObject({ status: 409, body: { code: 'busy' } });
    expect(line.carriedOut).toHaveLength(1);
    await eventually(async () => ((await command('start', {}, { key })).status === 200 ? true : null));
    expect(line.carriedOut).toHaveLength(1);
    expect(await command('stop', {}, { key })).toMatchObject({ status: 409, body: { code: 'key-reused' } });
  });

  it('of two supervisors at once is one of them; the other is told', async () => {
    const { command, line, server } = await begun();
    const other = await server.signIn('administrator');
    line.plan = () => ({ kind: 'carry-out', afterMs: SEQUENCE_MS, outcome: 'done' });
    const both = await Promise.all([command('hold'), command('hold', {}, { cookie: other })]);
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([202, 409]));
    expect(both.find(({ status }) => status === 409)?.body.code).toBe('busy');
    expect(line.carriedOut).toHaveLength(1);
  });

  it('captured and sent again does nothing, and altered it is no command', async () => {
    const { command, line } = await begun();
    const { body } = await command('setpoint.write', { setpoint: 'infeed', value: 0.4 });
    const captured = line.received[0]?.toString('utf8') ?? '';
    line.inject(captured);
    await eventually(() => (line.received.length === 2 ? true : null));
    expect(line.carriedOut).toHaveLength(1);
    line.inject(captured.replace('0.4', '0.9'));
    await eventually(() => (line.lastCode === 'bad-signature' ? true : null));
    line.inject(captured.replace(body.id, 'f'.repeat(32)));
    await eventually(() => (line.received.length === 4 ? true : null));
    expect(line.lastCode).toBe('bad-signature');
    expect(line.carriedOut).toHaveLength(1);
  });

  it('is found ended when the server went away in the middle of it and came back', async () => {
    await using records = await fresh();
    const key = newKey();
    let id: string;
    let ledger: TestLedger;
    {
      await using server = await startServer(records);
      const line = await connectLine(server, records);
      line.plan = () => ({ kind: 'carry-out', afterMs: 60_000, outcome: 'done' });
      line.isHeard = false;
      const supervisor = await server.signIn('supervisor');
      // Whoever waited is not answered any more.
      const asked = commandOn(server, supervisor, 'start', {}, { key }).catch(() => null);
      await eventually(() => (line.carriedOut.length === 1 ? true : null));
      id = line.carriedOut[0]?.id ?? '';
      ledger = line.ledger;
      await line[Symbol.asyncDispose]();
      await server.running.stop();
      await asked;
    }
    ledger.add('command.ended', {
      request: id,
      command: 'line.start',
      outcome: 'done',
      reasons: [],
      readBack: 'execute',
      late: null,
      detail: null,
      tookMs: 4_000,
    });
    await using server = await startServer(records);
    const supervisor = await server.signIn('supervisor');
    const before = await server.json(`/api/v1/commands/${id}`, supervisor);
    expect(before).toMatchObject({ code: null, outcome: 'checking' });
    await using line = await connectLine(server, records, ledger);
    const row = await eventually(async () => {
      const now = await server.json<CommandRow>(`/api/v1/commands/${id}`, supervisor);
      return now.tookMs === null ? null : now;
    });
    expect(row).toMatchObject({ id, outcome: 'done', code: null, readBack: 'execute' });
    const again = await commandOn(server, supervisor, 'start', {}, { key });
    expect(again).toMatchObject({ status: 200, body: { id, outcome: 'done' } });
    expect(line.received).toEqual([]);
  });

  it('is not sent to an edge that is silent, and is taken when it is heard again', async () => {
    const { command, line } = await begun();
    line.isBeating = false;
    const key = newKey();
    await eventually(
      async () => ((await command('mode', { mode: 'school' })).body.code === 'edge-silent' ? true : null),
      EDGE_SILENT_MS + 5_000,
    );
    const before = line.received.length;
    expect(await command('stop', {}, { key })).toMatchObject({ status: 409, body: { code: 'edge-silent' } });
    expect(line.received).toHaveLength(before);
    line.isBeating = true;
    await eventually(async () => ((await command('stop', {}, { key })).status === 200 ? true : null));
  });

  it('is told late when the answer comes late', async () => {
    const { command, line, row } = await begun();
    line.isHeard = false;
    line.sends = false;
    const { status, body } = await command('hold');
    expect([status, body]).toMatchObject([202, { outcome: 'checking', code: 'sent' }]);
    line.isHeard = true;
    line.sayAgain(body.id);
    expect(await eventually(async () => ((await row(body.id)).code === 'done' ? true : null))).toBe(true);
  });

  it('is found again by its key, by who asked it and on its line', async () => {
    const { command, server, supervisor } = await begun();
    const [one, two] = [newKey(), newKey()];
    const first = await command('speed', { setpoint: 'infeed', value: 0.4 }, { key: one });
    await command('speed', { setpoint: 'sorter', value: 0.5 }, { key: two });
    const under = async (query: string, cookie = supervisor) =>
      (await server.json<CommandsAnswer>(`/api/v1/commands?line=tri-1&${query}`, cookie)).rows;
    expect(await under(`key=${one}`)).toMatchObject([{ id: first.body.id, args: { setpoint: 'infeed' } }]);
    expect(await under(`key=${one}&site=elsewhere`)).toEqual([]);
    expect(await under(`key=${newKey()}`)).toEqual([]);
    expect(await under(`key=${one}`, await server.signIn('administrator'))).toEqual([]);
  });

  it('and what Trame did by itself stand in the list, newest first, page by page', async () => {
    const { command, line, server, supervisor } = await begun();
    await command('take');
    await command('start');
    const request = 'c'.repeat(32);
    line.ledger.add('command.requested', { request, command: 'line.hold', args: {}, by: 'bin-full' });
    const list = await eventually(async () => {
      const answer = await server.json<CommandsAnswer>('/api/v1/commands?line=tri-1', supervisor);
      return answer.rows.length === 3 ? answer : null;
    });
    const found = Object.fromEntries(list.rows.map(({ command, by, outcome }) => [command, [by, outcome]]));
    expect(found).toEqual({
      'control.take': ['person', 'done'],
      'line.start': ['person', 'done'],
      'line.hold': ['bin-full', 'checking'],
    });
    const ids: string[] = [];
    let cursor = '';
    for (let pages = 0; pages < 3; pages += 1) {
      const path = `/api/v1/commands?line=tri-1&limit=1${cursor}`;
      const { rows, next } = await server.json<CommandsAnswer>(path, supervisor);
      ids.push(...rows.map(({ id }) => id));
      cursor = `&cursor=${next}`;
    }
    expect(ids).toEqual(list.rows.map(({ id }) => id));
    expect(JSON.stringify(list)).not.toContain('supervisor');
    expect((await server.get('/api/v1/commands?line=tri-9', supervisor)).status).toBe(404);
    expect((await server.get(`/api/v1/commands/${'d'.repeat(32)}`, supervisor)).status).toBe(404);
  });

  it('of a line that somebody has in hand: who signs out gives it back', async () => {
    const { line, server } = await begun();
    const cookie = await server.signIn('administrator');
    const { actorRef } = await server.json<Session>('/api/v1/session', cookie);
    await using _ = await TestEdge.connect({ url: server.mqttUrl, devices: [] });
    await eventually(async () => {
      line.show({ holder: actorRef });
      const response = await server.get('/api/v1/lines/tri-1', cookie);
      return response.ok ? ((await response.json()) as LiveLine).control?.holder : null;
    });
    const other = await server.signIn('supervisor');
    await fetch(`${server.url}/api/v1/session`, { method: 'DELETE', headers: { cookie: other } });
    expect(line.carriedOut).toEqual([]);
    await fetch(`${server.url}/api/v1/session`, { method: 'DELETE', headers: { cookie } });
    await eventually(() => line.carriedOut.find(({ command }) => command === 'control.release'));
    expect(line.carriedOut).toMatchObject([{ command: 'control.release', args: {}, actorRef }]);
  });

  it('is a supervisor’s or an administrator’s: nobody else’s, whatever the body says', async () => {
    const { line, server } = await begun();
    for (const role of ['operator', 'trainee', 'region'] as const) {
      const cookie = await server.signIn(role);
      expect((await commandOn(server, cookie, 'stop')).status).toBe(403);
      const junk = await fetch(`${server.url}/api/v1/lines/tri-1/commands`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', cookie, 'idempotency-key': newKey() },
        body: '{"command":',
      });
      expect(((await junk.json()) as Problem).code).toBe('forbidden');
      expect((await server.get('/api/v1/commands?line=tri-1', cookie)).status).toBe(403);
    }
    expect((await commandOn(server, '', 'stop')).status).toBe(401);
    expect(line.received).toEqual([]);
  });
});

describe('setting a line in motion', { timeout: LONG_MS }, () => {
  const fresh = freshRecordsOf('sqlite');
  const begun = async () => {
    const bench = await benchOf(fresh);
    benches.push(bench);
    return bench;
  };

  it.each([
    ['that says so', { 'sec-ch-ua-mobile': '?1' }, 'not-from-a-phone'],
    [
      'by its browser',
      {
        'user-agent': 'Mozilla/5.0 (Linux; Android 15; K) AppleWebKit/537.36 Chrome/140 Mobile Safari/537.36',
      },
      'not-from-a-phone',
    ],
    ['that is elsewhere', { 'x-forwarded-for': '203.0.113.9' }, 'not-from-here'],
    ['behind a proxy that does not say for whom it asks', { via: '1.1 proxy' }, 'not-from-here'],
  ])('is refused to one %s; stopping is not', async (_what, headers, code) => {
    const { command, line } = await begun();
    for (const word of ['start', 'line.unhold']) {
      expect(await command(word, {}, { headers })).toMatchObject({ status: 403, body: { code } });
    }
    expect(line.received).toEqual([]);
    expect((await command('stop', {}, { headers })).status).toBe(200);
    expect((await command('hold', {}, { headers })).status).toBe(200);
    const near = { 'x-forwarded-for': '192.168.1.7' };
    expect((await command('start', {}, { headers: near })).status).toBe(200);
  });

  it('waits for the records; stopping and holding do not: they leave, and are noted when there is room again', async () => {
    await using records = await fresh();
    await using server = await startServer(records);
    await using line = await connectLine(server, records);
    const supervisor = await server.signIn('supervisor');
    await sql`create trigger full before insert on commands
      begin select raise(fail, 'database or disk is full'); end`.execute(records.records);
    const ids: string[] = [];
    for (const word of ['stop', 'hold']) {
      const { status, body } = await commandOn(server, supervisor, word);
      expect([status, body]).toMatchObject([200, { outcome: 'done', noted: false }]);
      ids.push(body.id);
      const row = await server.json<CommandRow>(`/api/v1/commands/${body.id}`, supervisor);
      expect(row).toMatchObject({ id: body.id, outcome: 'done' });
    }
    expect((await commandOn(server, supervisor, 'start')).status).toBeGreaterThanOrEqual(500);
    expect(line.carriedOut.map(({ command }) => command)).toEqual(['line.stop', 'line.hold']);
    await sql`drop trigger full`.execute(records.records);
    await eventually(async () => {
      const noted = await records.records.selectFrom('commands').select(['id', 'outcome']).execute();
      return noted.filter(({ id, outcome }) => ids.includes(id) && outcome === 'done').length === 2
        ? true
        : null;
    });
    expect((await commandOn(server, supervisor, 'start')).status).toBe(200);
  });

  it('is nobody’s in a region: it has nothing to ask with', async () => {
    await using server = await startTestServer({ role: 'region' });
    const cookie = await server.signIn('administrator');
    for (const word of ['start', 'stop', 'take']) {
      expect((await commandOn(server, cookie, word)).status).toBe(403);
    }
    const body = JSON.stringify({ reason: 'essai' });
    for (const path of [
      '/alarms/tri-1:bourrage/out-of-service',
      '/alarms/tri-1:bourrage/acknowledge',
      '/notes',
    ]) {
      const headers = { 'content-type': 'application/json', cookie, 'idempotency-key': newKey() };
      const response = await fetch(`${server.url}/api/v1${path}`, { method: 'POST', headers, body });
      expect([path, response.status]).toEqual([path, 403]);
    }
  });

  it.each([
    ['explode', {}, '/body/command'],
    ['mode', { mode: 'turbo' }, '/body/args/mode'],
    ['speed', { setpoint: 'infeed' }, '/body/args/value'],
    ['diverter', { outlet: 'creme', to: null, now: true }, '/body/args/now'],
  ])('%s %j is said to be wrong, and where', async (word, args, path) => {
    const { command, line } = await begun();
    const { status, body } = await command(word, args);
    expect([status, body.code, body.errors?.[0]?.path]).toEqual([400, 'invalid-request', path]);
    expect(line.received).toEqual([]);
  });
});
