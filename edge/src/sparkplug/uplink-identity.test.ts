import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { TestBroker, until } from './test-broker.ts';
import { Line } from './test-line.ts';

describe('the client id of an edge node', () => {
  it('is not that of another line whose names run together the same way', async () => {
    await using broker = await TestBroker.start();
    await using one = new Line({ url: broker.url }, null, { site: 'caux', line: 'tri-1' });
    await using other = new Line({ url: broker.url }, null, { site: 'caux-tri', line: '1' });
    const both = [one, other];
    await until('births', () => both.every(({ uplink }) => uplink.status.state === 'born'));
    // Longer than the first retry of whoever was thrown off.
    await delay(800);
    expect(both.map(({ uplink }) => [uplink.status.state, uplink.counts.reconnects])).toEqual([
      ['born', 0],
      ['born', 0],
    ]);
  });

  it('is named as the likely cause when the broker ends connection after connection', async () => {
    await using broker = await TestBroker.start();
    await using one = new Line({ url: broker.url });
    await using other = new Line({ url: broker.url });
    const reason = await until('the likely cause', () =>
      [one, other]
        .map(({ uplink }) => uplink.status.reason)
        .find((text) => text?.includes('another client may use the same id')),
    );
    expect(reason).toContain('«trame-edge:caux:tri-1»');
  });

  it('is named at once by a broker that tells that another client took it (MQTT 5)', async () => {
    const connack = Uint8Array.of(0x20, 3, 0, 0, 0);
    const sessionTakenOver = Uint8Array.of(0xe0, 2, 0x8e, 0);
    const server = createServer((socket) => {
      socket.once('data', () => socket.end(Buffer.concat([connack, sessionTakenOver])));
      socket.on('error', () => socket.destroy());
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    {
      await using line = new Line({ url: `mqtt://127.0.0.1:${port}`, protocolVersion: 5 });
      const reason = await until('the cause', () => line.uplink.status.reason);
      expect(reason).toBe('another client took over the id «trame-edge:caux:tri-1»');
    }
    server.close();
    await once(server, 'close');
  });
});
