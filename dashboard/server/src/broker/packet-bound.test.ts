import { PAYLOAD_BYTES_MAX } from '@trame/protocol/sparkplug/payload';
import fc from 'fast-check';
import { connectAsync } from 'mqtt';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { startTestServer } from '../testing/running-server.ts';
import { NEW_FRAMING, nextFraming, PACKET_BYTES_MAX } from './packet-bound.ts';

/** A packet with a body of so many bytes. */
function packet(bytes: number): Buffer {
  const head = [0x30];
  let left = bytes;
  do {
    head.push((left & 0x7f) | (left > 127 ? 0x80 : 0));
    left >>= 7;
  } while (left > 0);
  return Buffer.concat([Buffer.from(head), Buffer.alloc(bytes, 0xff)]);
}

describe('the bound of MQTT packets', () => {
  it('finds the packet that is too large, however the bytes are cut', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(
        sizes,
        fc.integer({ min: 1, max: 64 }),
        fc.integer({ min: 0, max: 300 }),
        (all, step, max) => {
          const bytes = Buffer.concat(all.map(packet));
          let framing = NEW_FRAMING;
          let excess: number | null = null;
          for (let at = 0; at < bytes.length && excess === null; at += step) {
            ({ framing, excess } = nextFraming(framing, bytes.subarray(at, at + step), max));
          }
          const first = all.find((size) => size > max);
          expect(excess === null).toBe(first === undefined);
          expect(framing.at === 'type').toBe(first === undefined);
        },
      ),
    );
  });

  it('leaves room for the largest payload that is decoded', () => {
    expect(PACKET_BYTES_MAX).toBeGreaterThan(PAYLOAD_BYTES_MAX + 2 + 65_535 - 2);
  });

  it('cuts the client that announces more, counts and logs it, while the others go on', async () => {
    await using server = await startTestServer();
    const socket = connect(Number(new URL(server.mqttUrl).port), '127.0.0.1');
    let ended = false;
    socket.on('close', () => (ended = true));
    socket.on('error', () => (ended = true));
    // CONNECT as «big», then the head of a PUBLISH of 200 MiB.
    socket.write(Buffer.from('100f00044d515454040200000003626967', 'hex'));
    socket.write(Buffer.from([0x30, 0x80, 0x80, 0x80, 0x64]));
    await eventually(() => (ended ? true : null));
    expect(server.log.sentences).toContain('an MQTT packet is too large: its client is cut off');
    const metrics = await (await server.get('/metrics')).text();
    expect(metrics).toContain('trame_ingest_rejected_total{reason="packet-too-large"} 1');
    const other = await connectAsync(server.mqttUrl, { reconnectPeriod: 0 });
    await other.publishAsync('t', Buffer.alloc(1024 * 1024), { qos: 1 });
    await other.endAsync(true);
  });
});
