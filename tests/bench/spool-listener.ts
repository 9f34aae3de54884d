/**
 * A subscriber in a process of its own, for the benchmark of the spool. Counts the metrics of data messages and, when
 * it has as many as it was asked for, says so with the monotonic time of the machine; then writes the payloads that
 * it heard, each after its length (four bytes), to a file.
 */
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { decodePayload } from '@trame/protocol/sparkplug/payload';
import { connectAsync } from 'mqtt';

const [url = '', file = ''] = process.argv.slice(2);
const client = await connectAsync(url);
const heard: Buffer[] = [];
let wanted = Infinity;
let metrics = 0;

client.on('message', (_topic, bytes) => {
  const decoded = decodePayload(bytes);
  if (decoded.kind === 'invalid') throw new Error(decoded.reason);
  metrics += decoded.payload.metrics.length;
  heard.push(bytes);
  if (metrics < wanted) return;
  process.send?.({ atMs: Number(process.hrtime.bigint()) / 1e6, metrics });
  writeFileSync(file, Buffer.concat(heard.flatMap((payload) => [lengthOf(payload), payload])));
  heard.length = 0;
  metrics = 0;
  process.send?.({ written: true });
});
process.on('message', (count: number) => {
  wanted = count;
});
await client.subscribeAsync(['spBv1.0/+/DDATA/#', 'bare/#']);
process.send?.({ ready: true });
await once(process, 'disconnect');
await client.endAsync(true);

function lengthOf(payload: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(payload.length);
  return length;
}
