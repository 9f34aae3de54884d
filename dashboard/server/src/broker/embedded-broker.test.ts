import { DATA_TYPE } from '@trame/protocol/sparkplug/data-type';
import { connectAsync } from 'mqtt';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../system/system-clock.ts';
import { eventually } from '../testing/eventually.ts';
import { declared } from '../testing/payloads.ts';
import { startTestServer } from '../testing/running-server.ts';
import { TestEdge } from '../testing/test-edge.ts';
import { startEmbeddedBroker } from './embedded-broker.ts';

const LOOPBACK = '127.0.0.1';

describe('the embedded broker', () => {
  it('says in one line that its port is taken', async () => {
    const first = await startEmbeddedBroker({ host: LOOPBACK, port: 0, accounts: [] });
    await expect(startEmbeddedBroker({ host: LOOPBACK, port: first.port, accounts: [] })).rejects.toThrow(
      `Port ${first.port} (MQTT) is in use: stop the other program or set TRAME_MQTT_PORT`,
    );
    await first.close();
  });

  it('lets in accounts alone once there are some, and the server with its own', async () => {
    const accounts = [{ username: 'edge-tri-1', password: 'hush' }];
    await using server = await startTestServer({
      broker: { kind: 'embedded', host: LOOPBACK, port: 0, accounts },
    });
    for (const wrong of [
      {},
      { username: 'edge-tri-1' },
      { username: 'edge-tri-1', password: 'no' },
      { username: 'edge-tri-1', password: '' },
      { username: 'other', password: 'hush' },
    ]) {
      await expect(connectAsync(server.mqttUrl, { ...wrong, reconnectPeriod: 0 }, false)).rejects.toThrow(
        /refused|not authori[sz]ed/iu,
      );
    }
    const devices = [
      { id: 'scale', metrics: [declared({ name: 'gross', alias: 1, type: DATA_TYPE.double, value: 1 })] },
    ];
    await using edge = await TestEdge.connect({ url: server.mqttUrl, devices, ...accounts[0] });
    const cookie = await server.signIn('operator');
    await eventually(async () => ((await server.get('/api/v1/lines/tri-1', cookie)).ok ? true : null));
    expect(edge.rebirthsAsked).toBe(0);
  });

  it('cuts off a subscriber that reads nothing, so that the others go on', async () => {
    const broker = await startEmbeddedBroker({ host: LOOPBACK, port: 0, accounts: [], drainTimeoutMs: 500 });
    const frozen = connect(broker.port, LOOPBACK);
    frozen.write(CONNECT_AND_SUBSCRIBE);
    await new Promise<void>((resolve) => frozen.once('data', () => resolve()));
    frozen.pause();
    const options = { reconnectPeriod: 0 };
    const [reader, writer] = [
      await connectAsync(`mqtt://${LOOPBACK}:${broker.port}`, options),
      await connectAsync(`mqtt://${LOOPBACK}:${broker.port}`, options),
    ];
    let received = 0;
    reader.on('message', () => (received += 1));
    await reader.subscribeAsync('t');
    const payload = Buffer.alloc(64 * 1024);
    const startMs = systemClock.monotonicMs();
    for (let count = 0; count < 400; count += 1) writer.publish('t', payload);
    await eventually(() => (received === 400 ? true : null), 10_000);
    expect(systemClock.monotonicMs() - startMs).toBeLessThan(10_000);
    await reader.endAsync(true);
    await writer.endAsync(true);
    frozen.destroy();
    await broker.close();
  });
});

/** MQTT 3.1.1: CONNECT as «frozen» with a clean session and no keep-alive, then SUBSCRIBE to «t» with QoS 0. */
const CONNECT_AND_SUBSCRIBE = Buffer.concat([
  Buffer.from([0x10, 18, 0, 4]),
  Buffer.from('MQTT'),
  Buffer.from([4, 2, 0, 0, 0, 6]),
  Buffer.from('frozen'),
  Buffer.from([0x82, 6, 0, 1, 0, 1]),
  Buffer.from('t'),
  Buffer.from([0]),
]);
