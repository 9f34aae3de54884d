/** The ledger's way through a whole server: broker in, acknowledgement out, and what HTTP says of it. */
import type { HistoryAnswer, WeighingsAnswer } from '@trame/protocol/dashboard-api';
import { decodeAck, type LedgerAck } from '@trame/protocol/ledger-message';
import { DATA_TYPE } from '@trame/protocol/sparkplug/data-type';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../system/system-clock.ts';
import { eventually } from '../testing/eventually.ts';
import { movableClock } from '../testing/movable-clock.ts';
import { declared } from '../testing/payloads.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';
import { TestEdge } from '../testing/test-edge.ts';
import { messageOf, opaqueId, TEST_NOW_MS, TEST_WEIGHING, TestLedger } from './test-ledger.ts';

let server: TestServer;
let client: MqttClient;
const acks: LedgerAck[] = [];

beforeAll(async () => {
  server = await startTestServer({}, movableClock(TEST_NOW_MS + 60_000));
  client = await connectAsync(server.mqttUrl);
  client.on('message', (_topic, payload) => {
    const ack = decodeAck(payload);
    if (ack !== null) acks.push(ack);
  });
  await client.subscribeAsync('trame/v1/caux/tri-1/ledger/ack/trame', { qos: 1 });
});

afterAll(async () => {
  await client.endAsync(true);
  await server[Symbol.asyncDispose]();
});

const acknowledged = (epoch: string, upTo: number) =>
  eventually(() => acks.find((ack) => ack.epoch === epoch && ack.upTo === upTo));

const publish = (ledger: TestLedger) =>
  client.publishAsync(ledger.topic, Buffer.from(messageOf(ledger.events)), { qos: 1 });

const post = (path: string, cookie: string, body: object) =>
  fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

const first = new TestLedger();

describe('a ledger sent over MQTT', () => {
  it('is acknowledged soon, and can be asked for', async () => {
    first.open();
    for (let number = 1; number <= 5; number += 1) {
      first.add('weighing.recorded', { ...TEST_WEIGHING, number });
    }
    const startMs = systemClock.monotonicMs();
    await publish(first);
    const ack = await acknowledged(first.epoch, 6);
    expect(ack.hash).toBe(first.last.hash);
    expect(systemClock.monotonicMs() - startMs).toBeLessThan(2_000);
    expect(ack.at - TEST_NOW_MS).toBeGreaterThan(59_999);
    expect(ack.at - TEST_NOW_MS).toBeLessThan(120_000);
    const operator = await server.signIn('operator');
    const page = await server.json<WeighingsAnswer>('/api/v1/weighings?limit=2', operator);
    expect(page.rows.map(({ number }) => number)).toEqual([5, 4]);
    expect(page.rows[0]).toMatchObject({
      id: first.last.id,
      kind: 'recorded',
      netGrams: 400_000,
      simulated: true,
    });
    const next = `/api/v1/weighings?limit=3&cursor=${page.next}`;
    const rest = await server.json<WeighingsAnswer>(next, operator);
    expect(rest.rows.map(({ number }) => number)).toEqual([3, 2, 1]);
    expect(rest.next).toBeNull();
    const from = first.events[3]?.occurredAt;
    const some = `/api/v1/weighings?line=tri-1&from=${from}&to=${first.last.occurredAt}`;
    const period = await server.json<WeighingsAnswer>(some, operator);
    expect(period.rows.map(({ number }) => number)).toEqual([4, 3]);
    expect(await server.json('/api/v1/weighings?line=tri-2', operator)).toEqual({ rows: [], next: null });
  });

  it('tells which weighing another one contradicts', async () => {
    const { id } = first.last;
    first.add('weighing.recorded', { ...TEST_WEIGHING, number: 5, netGrams: 399_000 });
    await publish(first);
    await acknowledged(first.epoch, 7);
    const page = await server.json<WeighingsAnswer>(
      '/api/v1/weighings?limit=2',
      await server.signIn('operator'),
    );
    expect(page.rows).toMatchObject([
      { number: 5, netGrams: 399_000, contradicts: id, missing: null },
      { number: 5, netGrams: 400_000, contradicts: null, id },
    ]);
  });

  it.each([
    ['?limit=0', '/query/limit'],
    ['?limit=501', '/query/limit'],
    ['?from=hier', '/query/from'],
    ['?cursor=1.zz', '/query/cursor'],
    ['?line=a%20b', '/query/line'],
    ['?colour=red', '/query/colour'],
  ])('answers /weighings%s by saying where the request is wrong', async (query, path) => {
    const response = await server.get(`/api/v1/weighings${query}`, await server.signIn('operator'));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'invalid-request', errors: [{ path }] });
  });

  it('keeps weighings from those whom they do not concern', async () => {
    expect((await server.get('/api/v1/weighings')).status).toBe(401);
    for (const role of ['region', 'trainee'] as const) {
      expect((await server.get('/api/v1/weighings', await server.signIn(role))).status).toBe(403);
    }
  });

  it('names in the history what is known to be lost', async () => {
    const at = TEST_NOW_MS - 60_000;
    for (const [from, to, reason] of [
      [at, at + 999, 'spool-full'],
      [at + 2_000, at + 2_999, 'too-old'],
      [at + 5_000, at + 9_000, 'edge-cut-off'],
    ] as const) {
      first.add('telemetry.gap', { from, to, samples: reason === 'edge-cut-off' ? null : 7, reason });
    }
    await publish(first);
    await acknowledged(first.epoch, 10);
    const metric = declared({ name: 'gross', alias: 1, type: DATA_TYPE.double, value: 1, unit: 'kg' });
    await using _ = await TestEdge.connect({
      url: server.mqttUrl,
      devices: [{ id: 'scale', metrics: [metric] }],
    });
    const supervisor = await server.signIn('supervisor');
    const ask = `/api/v1/history?tag=tri-1/scale/gross&from=${at + 999}&to=${at + 5_000}`;
    const answer = await eventually(async () => {
      const response = await server.get(ask, supervisor);
      return response.ok ? ((await response.json()) as HistoryAnswer) : null;
    });
    expect(answer.gapsTruncated).toBe(false);
    expect(answer.gaps).toEqual([
      { from: at, to: at + 999, samples: 7, reason: 'spool-full' },
      { from: at + 2_000, to: at + 2_999, samples: 7, reason: 'too-old' },
    ]);
  });

  it('goes on in another epoch once a supervisor accepts it', async () => {
    const restored = new TestLedger({ name: 'restored' });
    const { epoch, seq, hash } = first.events[4] ?? first.last;
    restored.add('ledger.opened', { reason: 'restored', previous: { epoch, seq, hash }, countedBefore: [] });
    await publish(restored);
    await eventually(() => acks.find((ack) => ack.refused?.code === 'unknown-epoch'));
    const path = '/api/v1/lines/tri-1/ledger/epoch';
    const body = { epoch: restored.epoch };
    for (const role of ['operator', 'region', 'trainee'] as const) {
      expect((await post(path, await server.signIn(role), body)).status).toBe(403);
    }
    const supervisor = await server.signIn('supervisor');
    expect((await post(path, supervisor, { epoch: 'x' })).status).toBe(400);
    const stranger = await post(path, supervisor, { epoch: opaqueId('stranger') });
    expect([stranger.status, await stranger.json()]).toMatchObject([409, { code: 'epoch-not-refused' }]);
    const accepted = await post(path, supervisor, body);
    expect([accepted.status, await accepted.text()]).toEqual([204, '']);
    await acknowledged(restored.epoch, 0);
    await publish(restored);
    await acknowledged(restored.epoch, 1);
  });

  it('shows in the metrics', async () => {
    const response = await server.get('/metrics');
    const text = await response.text();
    expect(text).toMatch(/^trame_ledger_stored_events_total 11$/mu);
    expect(text).toMatch(/^trame_ledger_refused_total\{code="unknown-epoch"\} [1-9]/mu);
    expect(text).toMatch(/^trame_ledger_waiting_messages 0$/mu);
  });
});
