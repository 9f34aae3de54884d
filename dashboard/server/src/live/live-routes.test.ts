/** The live stream over real sockets, clients that never read included. */
import { DATA_TYPE } from '@trame/protocol/sparkplug/data-type';
import { connect } from 'node:net';
import fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { removeUser } from '../access/user-repository.ts';
import { systemClock } from '../system/system-clock.ts';
import { embeddedRecords } from '../testing/embedded-records.ts';
import { EventStream } from '../testing/event-stream.ts';
import { eventually } from '../testing/eventually.ts';
import { declared } from '../testing/payloads.ts';
import { startTestServer } from '../testing/running-server.ts';
import { TestEdge } from '../testing/test-edge.ts';
import { HEARTBEAT_MS } from './limits.ts';
import { LiveHub } from './live-hub.ts';
import { addLiveRoutes } from './live-routes.ts';
import { LivePicture } from './picture.ts';

const SCALE = {
  id: 'scale',
  metrics: [declared({ name: 'gross', alias: 1, type: DATA_TYPE.double, value: 1, unit: 'kg' })],
};

describe('GET /api/v1/live', () => {
  it('brings a change of the line to the page, and every delta fits the one before', async () => {
    await using server = await startTestServer();
    const cookie = await server.signIn('supervisor');
    await using page = await EventStream.open(server.url, cookie);
    await using edge = await TestEdge.connect({ url: server.mqttUrl, devices: [SCALE] });
    await eventually(() => page.state().lines['tri-1']?.devices['scale']);
    for (let value = 2; value <= 30; value += 1)
      edge.data('scale', [{ alias: 1, type: DATA_TYPE.double, value }]);
    await eventually(() =>
      page.state().lines['tri-1']?.devices['scale']?.tags['gross']?.value === 30 ? true : null,
    );
    const sentMs = systemClock.monotonicMs();
    edge.data('scale', [{ alias: 1, type: DATA_TYPE.double, value: 99 }]);
    await eventually(() =>
      page.state().lines['tri-1']?.devices['scale']?.tags['gross']?.value === 99 ? true : null,
    );
    expect((page.events.at(-1)?.atMs ?? Infinity) - sentMs).toBeLessThan(2_000);
    const lastId = page.events.findLast(({ id }) => id !== null)?.id ?? '';
    const openedMs = systemClock.monotonicMs();
    await using resumed = await EventStream.open(server.url, cookie, lastId);
    expect(systemClock.monotonicMs() - openedMs).toBeLessThan(3_000);
    edge.data('scale', [{ alias: 1, type: DATA_TYPE.double, value: 100 }]);
    await eventually(() => resumed.events.find(({ name }) => name === 'delta'));
    expect(resumed.events.some(({ name }) => name === 'snapshot')).toBe(false);
    const asked = await fetch(`${server.url}/api/v1/live?lastEventId=${lastId}`, { headers: { cookie } });
    const { value } = (await asked.body?.getReader().read()) ?? {};
    expect(new TextDecoder().decode(value)).toContain('event: delta');
  });

  it('is for those who may see the line', async () => {
    await using server = await startTestServer();
    expect((await server.get('/api/v1/live')).status).toBe(401);
    for (const role of ['region', 'trainee'] as const) {
      const response = await server.get('/api/v1/live', await server.signIn(role));
      expect([role, response.status]).toEqual([role, 403]);
      expect(await response.json()).toMatchObject({ code: 'forbidden' });
    }
  });

  it('says by a named event that it is alive, and ends for whoever is no longer signed in', async () => {
    await using server = await startTestServer();
    const cookie = await server.signIn('supervisor');
    await using page = await EventStream.open(server.url, cookie);
    const beat = await eventually(
      () => page.events.find(({ name }) => name === 'heartbeat'),
      HEARTBEAT_MS + 3_000,
    );
    expect(beat.data).toEqual({ serverTime: expect.any(Number) as number });
    expect(page.ended).toBe(false);
    const records = await embeddedRecords(`${server.directory}/dashboard`);
    await removeUser(records, 'supervisor');
    await records.destroy();
    await eventually(() => (page.ended ? true : null), HEARTBEAT_MS + 3_000);
  }, 40_000);
});

describe('an open stream', () => {
  it('does not hold up a stop', async () => {
    await using server = await startTestServer();
    await using page = await EventStream.open(server.url, await server.signIn('operator'));
    await eventually(() => page.events[0]);
    const startMs = systemClock.monotonicMs();
    await server.running.stop();
    expect(systemClock.monotonicMs() - startMs).toBeLessThan(5_000);
    await eventually(() => (page.ended ? true : null));
  });

  it('closes a client that never reads, keeping little for it meanwhile', async () => {
    const picture = new LivePicture();
    const hub = new LiveHub({ picture, clock: systemClock, epoch: 'e1', cloggedMaxMs: 1_500 });
    const running = hub.run();
    const app = fastify();
    addLiveRoutes(app, { hub, clock: systemClock, sessionStands: () => Promise.resolve(true) });
    await app.listen({ port: 0, host: '127.0.0.1' });
    const address = app.server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const socket = connect(address.port, '127.0.0.1', () => {
      socket.write('GET /live HTTP/1.1\r\nHost: x\r\n\r\n');
    });
    socket.pause();
    const closed = new AbortController();
    app.server.on('connection', (near) => near.on('close', () => closed.abort()));
    picture.lineOnline('caux', 'tri-1', 1, { stations: [], outlets: [] });
    await eventually(() => (hub.clientCount === 1 ? true : null));
    const before = process.memoryUsage().rss;
    const text = 'x'.repeat(4_000);
    for (let round = 0; !closed.signal.aborted && round < 400; round += 1) {
      const readings = Array.from({ length: 100 }, (_, index) => ({
        metric: `m${index}`,
        unit: null,
        value: `${round}${text}`,
        quality: { level: 'good' } as const,
        sourceTimeMs: 1,
        edgeTimeMs: 1,
      }));
      if (round === 0) picture.deviceOnline('tri-1', 'd', 1, readings);
      else picture.readings('tri-1', 'd', round, readings);
      hub.changed();
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    expect(closed.signal.aborted).toBe(true);
    expect(hub.clientCount).toBe(0);
    expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
    socket.destroy();
    hub.close();
    await running;
    await app.close();
  });
});
