/** Alarms through a whole server: the ledger in, the live picture and the lists out, and requests to a line. */
import type { AlarmKpi, AlarmRow } from '@trame/protocol/alarms/alarm-answers';
import { decodeCommand, type CommandRequest } from '@trame/protocol/command';
import { encodeHeartbeat, HEARTBEAT_INTERVAL_MS } from '@trame/protocol/heartbeat';
import { exampleHeartbeat } from '@trame/protocol/test-heartbeat';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { messageOf, TEST_NOW_MS, TestLedger } from '../ledger/test-ledger.ts';
import { repeat } from '../ports/repeat.ts';
import { systemClock } from '../system/system-clock.ts';
import { eventually } from '../testing/eventually.ts';
import { movableClock } from '../testing/movable-clock.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';
import { EDGE_SILENT_MS } from '../commands/last-heartbeat.ts';
import { alarmDeclared, comesUp } from './test-alarms.ts';

let server: TestServer;
/** Stands in for an edge: it keeps what it is asked, and answers as the test says. */
let edge: MqttClient;
const asked: CommandRequest[] = [];
let answer: { readonly code: string; readonly detail: string | null; readonly refusal?: string } = {
  code: 'done',
  detail: null,
};

const ledger = new TestLedger();
const BEAT = exampleHeartbeat({ tick: 7 });
const clock = movableClock(TEST_NOW_MS + 60_000);
const ended = new AbortController();
let beating: Promise<void> = Promise.resolve();

async function beat(): Promise<void> {
  await edge.publishAsync('trame/v1/caux/tri-1/heartbeat', encodeHeartbeat(BEAT), { qos: 1 });
}

/** Says that it is there as an edge does, and is heard. */
async function keepBeating(): Promise<void> {
  await beat();
  beating = repeat(systemClock, HEARTBEAT_INTERVAL_MS, ended.signal, beat);
  const supervisor = await server.signIn('supervisor');
  await eventually(async () => {
    const health = await server.get('/api/v1/health', supervisor);
    return (await health.text()).includes(BEAT.boot) ? true : null;
  });
}

beforeAll(async () => {
  server = await startTestServer({ site: 'caux' }, clock);
  edge = await connectAsync(server.mqttUrl);
  edge.on('message', (_topic, payload) => {
    const signed = decodeCommand(payload);
    if (signed === null) return;
    asked.push(signed.request);
    const reply = { v: 1, id: signed.request.id, ...answer, seq: 9, epoch: ledger.epoch };
    edge.publish('trame/v1/caux/tri-1/reply', JSON.stringify(reply));
  });
  await edge.subscribeAsync('trame/v1/caux/tri-1/command', { qos: 1 });
  ledger.open();
  ledger.add('alarm.declared', alarmDeclared('bourrage'));
  ledger.add('alarm.declared', alarmDeclared('residu', { source: 'reported', priority: 3 }));
  comesUp(ledger, 'bourrage', TEST_NOW_MS);
  await edge.publishAsync(ledger.topic, Buffer.from(messageOf(ledger.events)), { qos: 1 });
  await keepBeating();
});

afterAll(async () => {
  ended.abort();
  await beating;
  await edge.endAsync(true);
  await server[Symbol.asyncDispose]();
});

let keys = 0;
async function act(
  path: string,
  cookie: string,
  body: object = {},
): Promise<[number, Record<string, unknown>]> {
  const response = await fetch(`${server.url}/api/v1/alarms/${path}`, {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/json', 'idempotency-key': `alarm-key-${(keys += 1)}` },
    body: JSON.stringify(body),
  });
  return [response.status, (await response.json()) as Record<string, unknown>];
}

const standing = async (cookie: string) =>
  (await server.json<{ rows: AlarmRow[] }>('/api/v1/alarms', cookie)).rows;

describe('alarms of a line', () => {
  it('are told to those who work there, and to nobody else', async () => {
    const operator = await server.signIn('operator');
    const [row] = await eventually(async () => {
      const rows = await standing(operator);
      return rows.length > 0 ? rows : null;
    });
    expect(row).toMatchObject({ id: 'tri-1:bourrage', state: 'unacknowledged', occurrence: 1 });
    const all = await server.json<{ rows: AlarmRow[] }>('/api/v1/alarms?state=all&line=tri-1', operator);
    expect(all.rows.map(({ alarm }) => alarm)).toEqual(['bourrage', 'residu']);
    const journal = await server.json<{ rows: { alarm: string }[]; next: null }>(
      '/api/v1/alarms/journal?line=tri-1&alarm=bourrage',
      operator,
    );
    expect(journal.rows).toMatchObject([{ alarm: 'bourrage', from: 'normal', to: 'unacknowledged' }]);
    for (const path of ['', '/journal', '/kpi']) {
      expect((await server.get(`/api/v1/alarms${path}`)).status).toBe(401);
      for (const role of ['region', 'trainee'] as const) {
        expect((await server.get(`/api/v1/alarms${path}`, await server.signIn(role))).status).toBe(403);
      }
    }
    expect((await server.get('/api/v1/alarms/kpi', operator)).status).toBe(403);
  });

  it('stand in the live picture', async () => {
    const response = await server.get('/api/v1/live', await server.signIn('operator'));
    const reader = response.body?.getReader();
    const first = new TextDecoder().decode((await reader?.read())?.value);
    await reader?.cancel();
    expect(first).toContain('"alarms":{"tri-1:bourrage":{');
  });

  it.each([
    ['acknowledge', 'alarm.acknowledge', { occurrence: 1, comment: 'vu' }],
    ['reset', 'alarm.reset', { occurrence: 1 }],
    ['shelve', 'alarm.shelve', { forMs: 600_000, reason: 'capteur sale' }],
    ['unshelve', 'alarm.unshelve', {}],
    ['out-of-service', 'alarm.outOfService', { reason: 'en réparation' }],
    ['in-service', 'alarm.inService', {}],
  ])('%s is asked of the line as %s, signed, by a supervisor', async (last, command, body) => {
    answer = { code: 'done', detail: null };
    const before = asked.length;
    const [status, told] = await act(`tri-1:bourrage/${last}`, await server.signIn('supervisor'), body);
    expect([status, told]).toMatchObject([200, { code: 'done', seq: 9 }]);
    expect(asked).toHaveLength(before + 1);
    expect(asked.at(-1)).toMatchObject({ command, args: { alarm: 'bourrage', ...body }, line: 'tri-1' });
    expect(asked.at(-1)?.heartbeat).toEqual({ boot: BEAT.boot, tick: BEAT.tick });
    expect(JSON.stringify(asked.at(-1))).not.toContain('supervisor');
    for (const role of ['operator', 'region', 'trainee'] as const) {
      expect((await act(`tri-1:bourrage/${last}`, await server.signIn(role), body))[0]).toBe(403);
    }
  });

  it('say what of a request cannot be, and what the line refuses', async () => {
    const supervisor = await server.signIn('supervisor');
    answer = {
      code: 'refused',
      detail: 'cette alarme est déjà acquittée',
      refusal: 'already-acknowledged',
    };
    expect(await act('tri-1:bourrage/acknowledge', supervisor, { occurrence: 1 })).toMatchObject([
      409,
      {
        code: 'refused',
        detail: 'cette alarme est déjà acquittée',
        params: { refusal: 'already-acknowledged' },
      },
    ]);
    const before = asked.length;
    for (const id of ['tri-1:none', 'tri-9:bourrage', 'bourrage', 'a:b:c']) {
      const [status, body] = await act(`${id}/acknowledge`, supervisor, { occurrence: 1 });
      expect([status, body['code']]).toEqual([404, 'not-found']);
    }
    for (const [path, body] of [
      ['acknowledge', {}],
      ['acknowledge', { occurrence: 0 }],
      ['acknowledge', { occurrence: 1, alarm: 'other' }],
      ['shelve', { forMs: 1, reason: 'trop court' }],
      ['shelve', { forMs: 13 * 3_600_000, reason: 'trop long' }],
      ['shelve', { forMs: 600_000, reason: '' }],
      ['out-of-service', {}],
    ] as const) {
      expect((await act(`tri-1:bourrage/${path}`, supervisor, body))[0]).toBe(400);
    }
    expect(asked).toHaveLength(before);
  });

  it('are acted on only where the line is heard: nothing is sent to one that is silent', async () => {
    const supervisor = await server.signIn('supervisor');
    ended.abort();
    await beating;
    const before = asked.length;
    clock.moveTo(TEST_NOW_MS + 60_000 + EDGE_SILENT_MS + 60_000);
    const [status, body] = await act('tri-1:bourrage/reset', supervisor, { occurrence: 1 });
    expect([status, body['code']]).toEqual([409, 'edge-silent']);
    expect(asked).toHaveLength(before);
  });

  it('have figures, of a period that can be', async () => {
    const supervisor = await server.signIn('supervisor');
    const kpi = await server.json<AlarmKpi>('/api/v1/alarms/kpi?line=tri-1', supervisor);
    // Nobody said when the line is open.
    expect(kpi).toMatchObject({ raised: 1, perHour: null, top: [{ id: 'tri-1:bourrage' }] });
    for (const query of ['from=2026-11-21', 'from=2020-01-01', 'from=hier']) {
      expect((await server.get(`/api/v1/alarms/kpi?${query}`, supervisor)).status).toBe(400);
    }
  });

  it.each([
    ['/journal?from=2026-02-30', 400],
    ['/journal?to=2026-02-30T12:00Z', 400],
    ['/kpi?from=2026-11-31', 400],
    ['?line=nope', 404],
    ['/journal?line=nope', 404],
    ['/kpi?line=nope', 404],
  ])('%s is no question about them: %d', async (path, status) => {
    const response = await server.get(`/api/v1/alarms${path}`, await server.signIn('supervisor'));
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
  });
});
