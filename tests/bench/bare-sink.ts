/**
 * What anybody would write who only wants events in a table, in a process of its own: subscribes at QoS 1, and
 * inserts each message's events in one transaction. Says after each how many it has, and when by the machine's clock.
 */
import { once } from 'node:events';
import { Socket } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { connectAsync } from 'mqtt';

const [url = '', file = ''] = process.argv.slice(2);
const db = new DatabaseSync(file);
db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
  CREATE TABLE events (id TEXT PRIMARY KEY, type TEXT NOT NULL, occurredAt INTEGER NOT NULL, seq INTEGER NOT NULL,
    payload TEXT NOT NULL, hash TEXT NOT NULL) STRICT`);
const insert = db.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)');
const client = await connectAsync(url);
if (client.stream instanceof Socket) client.stream.setNoDelay(true);
let stored = 0;

client.on('message', (_topic, bytes) => {
  const events = JSON.parse(bytes.toString()) as readonly {
    readonly id: string;
    readonly type: string;
    readonly occurredAt: number;
    readonly seq: number;
    readonly payload: object;
    readonly hash: string;
  }[];
  db.exec('BEGIN IMMEDIATE');
  for (const { id, type, occurredAt, seq, payload, hash } of events) {
    insert.run(id, type, occurredAt, seq, JSON.stringify(payload), hash);
  }
  db.exec('COMMIT');
  stored += events.length;
  process.send?.({ stored, atMs: Number(process.hrtime.bigint()) / 1e6 });
});
await client.subscribeAsync('bare/#', { qos: 1 });
process.send?.({ stored, atMs: 0 });
await once(process, 'disconnect');
await client.endAsync(true);
db.close();
