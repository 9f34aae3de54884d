/**
 * How fast an edge gets rid of a long outage: samples are spooled, beside a bare node:sqlite loop that writes the very
 * same rows; then they are drained through Mosquitto to a subscriber in a process of its own, with the rate limit
 * lifted, beside bare mqtt.js that publishes the very same payloads. Usage: npm run bench -- spool [samples]
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { SparkplugUplink } from '@trame/edge/sparkplug/uplink';
import { openSpool } from '@trame/edge/spool/open-spool';
import { GOOD } from '@trame/protocol/quality';
import { connectAsync } from 'mqtt';
import { startMosquitto } from '../helpers/mosquitto.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { until } from '../helpers/until.ts';

type Spool = ReturnType<typeof openSpool>;
type UplinkOptions = ConstructorParameters<typeof SparkplugUplink>[0];

const total = Number(process.argv[2] ?? 1_000_000);
const DEVICES = ['infeed-scale', 'nir', 'bins', 'press'];
const TAGS = 20;
/** Samples in one batch of the spool, and batches in one of its commits. */
const BATCH = 500;
const COMMIT_BATCHES = 20;
/** Nobody waits for a token at this rate, samples a second. */
const LIFTED = 1e9;
/** Bytes that bare mqtt.js lets pile up before it waits: what the edge does. */
const WAITING_BYTES_MAX = 256 * 1024;

const log = { debug: () => {}, info: () => {}, warn: console.error, error: console.error };
const entropy = {
  random: Math.random,
  bytes: (count: number) => crypto.getRandomValues(new Uint8Array(count)),
};
const clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: (ms: number, signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const timer = setTimeout(resolve, ms);
      signal.addEventListener('abort', () => (clearTimeout(timer), reject(signal.reason)), { once: true });
    }),
};
const machineMs = () => Number(process.hrtime.bigint()) / 1e6;

await using folder = temporaryFolder('bench-spool');
await using broker = await startMosquitto({
  config: [
    'allow_anonymous true',
    'persistence false',
    'max_queued_messages 0',
    'max_queued_bytes 0',
    'set_tcp_nodelay true',
  ],
});
const captured = join(folder.path, 'payloads');
const spool = open();
const writtenMs = fill(spool);
spool.close();
const { ms: bareMs, bytes } = writeBare();
say(`spooled         ${rate(total, writtenMs)} samples/s, ${(bytes / total).toFixed(1)} bytes each on disk`);
say(
  `bare node:sqlite ${rate(total, bareMs)} samples/s, the same rows  ratio ${(bareMs / writtenMs).toFixed(2)}`,
);

const listener = fork(fileURLToPath(new URL('spool-listener.ts', import.meta.url)), [broker.url, captured]);
await once(listener, 'message');
const drained = await drain();
const bare = await publishBare();
say(
  `drained         ${rate(total, drained.ms)} samples/s to the subscriber, RSS ${drained.rssMb.toFixed(0)} MB at most`,
);
say(
  `bare mqtt.js    ${rate(total, bare.ms)} samples/s, the same payloads, RSS ${bare.rssMb.toFixed(0)} MB  ratio ${(bare.ms / drained.ms).toFixed(2)}`,
);
listener.disconnect();
await once(listener, 'exit');

function open(): Spool {
  return openSpool({
    dataDir: folder.path,
    config: { maxBytes: 1024 ** 3, maxAgeMs: 7 * 24 * 3_600_000, replayPerSecond: LIFTED },
    clock,
    entropy,
    log,
    onGap: (gap) => log.warn('a gap', gap),
    isRecorded: () => false,
    freeBytes: () => null,
    reserveBytes: 0,
  });
}

/** Values as a line has them: float32 weights, counters of 64 bits, booleans. */
function fill(spool: Spool): number {
  const startMs = machineMs();
  const wallMs = Date.now();
  for (let first = 0; first < total; first += BATCH) {
    const device = DEVICES[(first / BATCH) % DEVICES.length] ?? '';
    const count = Math.min(BATCH, total - first);
    spool.add(
      device,
      Array.from({ length: count }, (_, index) => ({
        tag: `tag-${index % TAGS}`,
        value: valueOf(index % TAGS, first + index),
        quality: GOOD,
        qualityChanged: false,
        timeMs: wallMs + Math.floor((first + index) / 10),
      })),
    );
  }
  spool.flush();
  return machineMs() - startMs;
}

function valueOf(tag: number, index: number): number | bigint | boolean {
  if (tag % 10 === 9) return index % 40 < 20;
  return tag % 10 === 8 ? BigInt(index) * 12_345n : Math.fround(Math.sin(index) * 400);
}

/** The same rows into a table alike, as many in one transaction. */
function writeBare(): { readonly ms: number; readonly bytes: number } {
  const file = join(folder.path, 'spool.sqlite');
  const source = new DatabaseSync(file);
  const rows = source
    .prepare('SELECT id, device, samples, from_ms, to_ms, crc, body FROM batch ORDER BY id')
    .all();
  source.close();
  const db = new DatabaseSync(join(folder.path, 'bare.sqlite'));
  db.exec(`PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
    CREATE TABLE batch (id INTEGER PRIMARY KEY, device TEXT NOT NULL, samples INTEGER NOT NULL, from_ms INTEGER NOT NULL,
      to_ms INTEGER NOT NULL, crc INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
    CREATE INDEX batch_device ON batch (device)`);
  const insert = db.prepare('INSERT INTO batch VALUES (?, ?, ?, ?, ?, ?, ?)');
  const startMs = machineMs();
  for (let from = 0; from < rows.length; from += COMMIT_BATCHES) {
    db.exec('BEGIN IMMEDIATE');
    for (const row of rows.slice(from, from + COMMIT_BATCHES)) insert.run(...Object.values(row));
    db.exec('COMMIT');
  }
  const ms = machineMs() - startMs;
  db.close();
  rmSync(join(folder.path, 'bare.sqlite'));
  return { ms, bytes: statSync(file).size };
}

async function drain(): Promise<{ readonly ms: number; readonly rssMb: number }> {
  const spool = open();
  const uplink = new SparkplugUplink({ ...uplinkOptions(), spool });
  for (const device of DEVICES) uplink.take([{ kind: 'online', device }]);
  const abort = new AbortController();
  const done = heardAll();
  const run = Promise.all([uplink.run(abort.signal), spool.run(abort.signal)]);
  await until('the birth', () => uplink.status.state === 'born');
  const startMs = machineMs();
  const result = await measured(startMs, done);
  abort.abort();
  await run;
  spool.close();
  return result;
}

function definition(tag: number) {
  return {
    name: `tag-${tag}`,
    type: tag % 10 === 9 ? ('bool' as const) : tag % 10 === 8 ? ('uint64' as const) : ('float32' as const),
    unit: null,
    deadband: 0,
    range: null,
    staleAfterMs: null,
  };
}

function uplinkOptions(): Omit<UplinkOptions, 'spool'> {
  const births = Array.from({ length: TAGS }, (_, tag) => ({
    definition: definition(tag),
    value: null,
    quality: GOOD,
    timeMs: Date.now(),
  }));
  return {
    site: 'bench',
    line: 'tri-1',
    config: {
      url: broker.url,
      primaryHost: null,
      username: null,
      passwordFile: null,
      caFile: null,
      keepAliveS: 60,
      protocolVersion: 4,
    },
    facts: { description: null, software: 'trame-edge bench' },
    births: { device: () => births },
    bdSeqs: { lastBdSeq: () => null, keepBdSeq: () => {} },
    replayPerSecond: LIFTED,
    clock,
    entropy,
    log,
  };
}

async function publishBare(): Promise<{ readonly ms: number; readonly rssMb: number }> {
  const payloads = split(readFileSync(captured));
  const client = await connectAsync(broker.url, { queueQoSZero: false });
  if (client.stream instanceof Socket) client.stream.setNoDelay(true);
  const done = heardAll();
  const startMs = machineMs();
  const result = measured(startMs, done);
  for (const payload of payloads) {
    client.publish('bare/tri-1', payload, { qos: 0 });
    while (client.stream.writableLength > WAITING_BYTES_MAX)
      await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await result;
  await client.endAsync();
  return result;
}

function split(bytes: Buffer): readonly Buffer[] {
  const payloads: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUInt32LE(at);
    payloads.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return payloads;
}

/** @returns when the subscriber had all, by the clock of the machine; resolves when it has also written it down. */
async function heardAll(): Promise<number> {
  listener.send(total);
  const [{ atMs }] = (await once(listener, 'message')) as [{ atMs: number }];
  await once(listener, 'message');
  return atMs;
}

async function measured(
  startMs: number,
  done: Promise<number>,
): Promise<{ readonly ms: number; readonly rssMb: number }> {
  let rssMb = 0;
  const look = () => {
    rssMb = Math.max(rssMb, process.memoryUsage.rss() / 1024 ** 2);
  };
  const timer = setInterval(look, 50);
  const atMs = await done;
  clearInterval(timer);
  look();
  return { ms: atMs - startMs, rssMb };
}

function rate(count: number, ms: number): string {
  return Math.round((count / ms) * 1000)
    .toLocaleString('en-US')
    .padStart(9);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
