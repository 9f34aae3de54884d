/** From a published Sparkplug message to the live picture and the history, over real brokers. */
import type { LiveLine } from '@trame/protocol/live-state';
import type { HistoryAnswer } from '@trame/protocol/dashboard-api';
import { DATA_TYPE } from '@trame/protocol/sparkplug/data-type';
import { PAYLOAD_BYTES_MAX } from '@trame/protocol/sparkplug/payload';
import { deviceTopic, nodeTopic } from '@trame/protocol/sparkplug/topic';
import { describe, expect, it } from 'vitest';
import type { ServerConfig } from '../config/server-config.ts';
import { systemClock } from '../system/system-clock.ts';
import { eventually } from '../testing/eventually.ts';
import { startMosquitto } from '../testing/mosquitto.ts';
import { declared, nodeBirth } from '../testing/payloads.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';
import { startProxy } from '../testing/tcp-proxy.ts';
import { TestEdge, type TestDevice } from '../testing/test-edge.ts';
import { LINES_MAX } from './limits.ts';

const SCALE: TestDevice = {
  id: 'scale',
  metrics: [
    declared({ name: 'gross', alias: 1, type: DATA_TYPE.double, value: 1, unit: 'kg' }),
    declared({ name: 'total', alias: 2, type: DATA_TYPE.uint64, value: 2n ** 63n, unit: 'g' }),
    declared({ name: 'label', alias: 3, type: DATA_TYPE.string, value: 'A' }),
  ],
};

function gross(value: number) {
  return [{ alias: 1, type: DATA_TYPE.double, omitType: true, value }];
}

async function lineOf(server: TestServer, cookie: string, line = 'tri-1'): Promise<LiveLine | null> {
  const response = await server.get(`/api/v1/lines/${line}`, cookie);
  return response.ok ? ((await response.json()) as LiveLine) : null;
}

async function seen(
  server: TestServer,
  cookie: string,
  wanted: (line: LiveLine) => boolean,
  withinMs = 5_000,
): Promise<LiveLine> {
  return eventually(async () => {
    const line = await lineOf(server, cookie);
    return line !== null && wanted(line) ? line : null;
  }, withinMs);
}

function external(url: string): Partial<ServerConfig> {
  return { broker: { kind: 'external', url, username: null, password: null, ca: null, version: 4 } };
}

async function rejections(server: TestServer): Promise<Record<string, number>> {
  const text = await (await server.get('/metrics')).text();
  const found = text.matchAll(/^trame_ingest_rejected_total\{reason="(?<reason>[^"]+)"\} (?<count>\d+)$/gmu);
  return Object.fromEntries(
    [...found].map(({ groups }) => [groups?.['reason'] ?? '', Number(groups?.['count'])]),
  );
}

describe('what a line publishes', () => {
  it('stands in the live picture and in the history, with unit, quality and times', async () => {
    await using server = await startTestServer();
    const cookie = await server.signIn('supervisor');
    const beforeMs = systemClock.nowMs();
    await using edge = await TestEdge.connect({ url: server.mqttUrl, devices: [SCALE] });
    await seen(server, cookie, ({ devices }) => devices['scale'] !== undefined);
    edge.data('scale', gross(248.5));
    const line = await seen(
      server,
      cookie,
      ({ devices }) => devices['scale']?.tags['gross']?.value === 248.5,
    );
    expect(line).toMatchObject({ id: 'tri-1', site: 'caux', state: 'online' });
    const tags = line.devices['scale']?.tags;
    expect(tags?.['gross']).toMatchObject({ unit: 'kg', quality: 'good', reason: null });
    expect(tags?.['gross']?.sourceTime).toBeGreaterThanOrEqual(beforeMs);
    expect(tags?.['total']?.value).toBe('9223372036854775808');
    const history = await eventually(async () => {
      const answer = await server.json<HistoryAnswer>(
        '/api/v1/history?tag=tri-1/scale/gross&every=raw',
        cookie,
      );
      return answer.points.length === 2 ? answer : null;
    });
    expect(history.points.map(({ value }) => value)).toEqual([1, 248.5]);
    const health = await eventually(async () => {
      const body = (await (await server.get('/healthz')).json()) as { live: boolean };
      return body.live ? body : null;
    });
    expect(health).toEqual({ status: 'ok', live: true });
  });

  it('turns bad with its last values when the line is cut, and good again when it is back', async () => {
    await using server = await startTestServer();
    const cookie = await server.signIn('operator');
    const edge = await TestEdge.connect({ url: server.mqttUrl, devices: [SCALE], bdSeq: 3 });
    await seen(server, cookie, ({ devices }) => devices['scale'] !== undefined);
    edge.cut();
    const cut = await seen(server, cookie, ({ state }) => state === 'offline');
    expect(cut.devices['scale']).toMatchObject({
      state: 'offline',
      tags: { gross: { value: 1, quality: 'bad', reason: 'edge-offline' } },
    });
    await using back = await TestEdge.connect({ url: server.mqttUrl, devices: [SCALE], bdSeq: 4 });
    const line = await seen(server, cookie, ({ devices }) => devices['scale']?.state === 'online');
    expect(line.devices['scale']?.tags['gross']).toMatchObject({ quality: 'good', reason: null });
    expect(back.rebirthsAsked).toBe(0);
  });

  it('turns bad device by device', async () => {
    await using server = await startTestServer();
    const cookie = await server.signIn('operator');
    const meter: TestDevice = {
      id: 'meter',
      metrics: [declared({ name: 'energy', alias: 9, type: DATA_TYPE.float, value: 5, unit: 'kW.h' })],
    };
    await using edge = await TestEdge.connect({ url: server.mqttUrl, devices: [SCALE, meter] });
    edge.deviceDeath('scale');
    const line = await seen(server, cookie, ({ devices }) => devices['scale']?.state === 'offline');
    expect(line.state).toBe('online');
    expect(line.devices['scale']?.tags['gross']).toMatchObject({
      value: 1,
      quality: 'bad',
      reason: 'device-offline',
    });
    expect(line.devices['meter']?.tags['energy']).toMatchObject({ value: 5, quality: 'good' });
  });
});

describe('a line that the server does not know well', () => {
  it('is asked for again when the server starts after it', async () => {
    await using broker = await startMosquitto();
    await using edge = await TestEdge.connect({ url: broker.url, devices: [SCALE] });
    await using server = await startTestServer(external(broker.url));
    await server.linked();
    const cookie = await server.signIn('operator');
    await eventually(async () => ((await server.get('/healthz')).ok ? true : null));
    const feeding = setInterval(() => edge.data('scale', gross(2)), 50);
    try {
      await seen(server, cookie, ({ devices }) => devices['scale']?.tags['gross']?.value === 2);
    } finally {
      clearInterval(feeding);
    }
    expect(edge.rebirthsAsked).toBe(1);
  });

  it('is asked for again when a message is missing', async () => {
    await using server = await startTestServer();
    const cookie = await server.signIn('operator');
    await using edge = await TestEdge.connect({ url: server.mqttUrl, devices: [SCALE] });
    await seen(server, cookie, ({ devices }) => devices['scale'] !== undefined);
    edge.skipSequence();
    edge.data('scale', gross(77));
    await eventually(() => (edge.rebirthsAsked === 1 ? true : null));
    expect((await lineOf(server, cookie))?.devices['scale']?.tags['gross']?.value).toBe(1);
  });
});

describe('the link of the server to the broker', () => {
  it('takes every line offline when it dies, and finds them again after', async () => {
    await using broker = await startMosquitto();
    await using cable = await startProxy(broker.port);
    await using server = await startTestServer(external(`mqtt://127.0.0.1:${cable.port}`));
    await server.linked();
    const cookie = await server.signIn('operator');
    await using edge = await TestEdge.connect({ url: broker.url, devices: [SCALE] });
    edge.data('scale', gross(5));
    await seen(server, cookie, ({ state }) => state === 'online');
    cable.cut();
    const cut = await seen(server, cookie, ({ state }) => state === 'offline');
    expect(cut.devices['scale']?.tags['gross']).toMatchObject({ quality: 'bad', reason: 'edge-offline' });
    const back = await seen(server, cookie, ({ devices }) => devices['scale']?.state === 'online', 10_000);
    expect(back.devices['scale']?.tags['gross']?.quality).toBe('good');
  });

  it('survives a broker that is killed and started again', async () => {
    await using broker = await startMosquitto();
    await using server = await startTestServer(external(broker.url));
    await server.linked();
    const cookie = await server.signIn('operator');
    const first = await TestEdge.connect({ url: broker.url, devices: [SCALE], bdSeq: 1 });
    await seen(server, cookie, ({ state }) => state === 'online');
    await broker.kill();
    await seen(server, cookie, ({ state }) => state === 'offline');
    await broker.start();
    await first[Symbol.asyncDispose]();
    await using second = await TestEdge.connect({ url: broker.url, devices: [SCALE], bdSeq: 2 });
    second.data('scale', gross(6));
    const back = await seen(
      server,
      cookie,
      ({ devices }) => devices['scale']?.tags['gross']?.quality === 'good',
      10_000,
    );
    expect(back.state).toBe('online');
  });

  it('keeps the lines that it knows over a restart of the server', async () => {
    await using broker = await startMosquitto();
    await using edge = await TestEdge.connect({ url: broker.url, devices: [SCALE] });
    await using first = await startTestServer(external(broker.url));
    await first.linked();
    const cookie = await first.signIn('operator');
    edge.data('scale', gross(5));
    await seen(first, cookie, ({ devices }) => devices['scale']?.state === 'online');
    await first.running.stop();
    await using second = await startTestServer({
      ...external(broker.url),
      dataDir: `${first.directory}/dashboard`,
      demoAccountsFile: `${first.directory}/demo-accounts.json`,
    });
    // A quiet line says nothing of its own: the server must ask the lines that it knows.
    const again = await second.signIn('operator');
    await seen(second, again, ({ devices }) => devices['scale']?.state === 'online');
    expect(edge.rebirthsAsked).toBe(2);
  });
});

describe('what is not fit to be taken', () => {
  it('is counted, and changes nothing', async () => {
    await using server = await startTestServer();
    const cookie = await server.signIn('operator');
    await using edge = await TestEdge.connect({ url: server.mqttUrl, devices: [SCALE] });
    const before = await seen(server, cookie, ({ devices }) => devices['scale'] !== undefined);
    edge.raw('spBv1.0/caux/DDATA/tri-1/scale', 'not protobuf at all \u0007');
    edge.raw('spBv1.0/caux/DDATA/tri-1/scale', new Uint8Array(PAYLOAD_BYTES_MAX + 1));
    edge.raw('spBv1.0/caux/HELLO/tri-1', 'x');
    edge.raw('spBv1.0/ca ux/NBIRTH/tri-1', nodeBirth({ atMs: before.since, bdSeq: 1 }));
    edge.raw(nodeTopic('NBIRTH', 'elsewhere', 'tri-1'), nodeBirth({ atMs: before.since, bdSeq: 1 }));
    edge.raw(nodeTopic('NBIRTH', 'caux', 'old'), nodeBirth({ atMs: before.since, bdSeq: 1 }), true);
    edge.raw(deviceTopic('DDATA', 'caux', 'ghost', 'scale'), nodeBirth({ atMs: before.since, bdSeq: 1 }));
    edge.data('scale', gross(Number.NaN));
    await seen(server, cookie, ({ devices }) => devices['scale']?.tags['gross']?.quality === 'bad');
    expect(await rejections(server)).toMatchObject({
      payload: 2,
      topic: 1,
      name: 1,
      'foreign-site': 1,
      'before-birth': 1,
      'not-a-value': 1,
    });
    const after = await lineOf(server, cookie);
    expect(after?.devices['scale']?.tags['gross']).toMatchObject({ value: 1, reason: 'not-a-value' });
    expect(await lineOf(server, cookie, 'ghost')).toBeNull();
  });

  it('a retained birth is old news', async () => {
    await using broker = await startMosquitto();
    await using edge = await TestEdge.connect({ url: broker.url, devices: [SCALE] });
    edge.raw(nodeTopic('NBIRTH', 'caux', 'old'), nodeBirth({ atMs: systemClock.nowMs(), bdSeq: 1 }), true);
    await using server = await startTestServer(external(broker.url));
    await server.linked();
    const cookie = await server.signIn('operator');
    await eventually(async () => ((await rejections(server))['retained'] === 1 ? true : null));
    expect(await lineOf(server, cookie, 'old')).toBeNull();
  });

  it('lines past the bound are left out', async () => {
    await using server = await startTestServer();
    const cookie = await server.signIn('operator');
    await using edge = await TestEdge.connect({ url: server.mqttUrl, devices: [SCALE] });
    for (let index = 0; index < LINES_MAX + 10; index += 1) {
      edge.raw(nodeTopic('NBIRTH', 'caux', `l${index}`), nodeBirth({ atMs: systemClock.nowMs(), bdSeq: 1 }));
    }
    await eventually(async () => ((await rejections(server))['too-many-lines'] === 11 ? true : null));
    const { rows } = await server.json<{ rows: unknown[] }>('/api/v1/lines?limit=500', cookie);
    expect(rows).toHaveLength(LINES_MAX);
  });
});
