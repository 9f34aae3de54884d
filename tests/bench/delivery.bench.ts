/**
 * How long an event takes from the edge's ledger to the disk of the server, and how fast a backlog gets there: the
 * edge's own ledger and uplink, a real Mosquitto, the server as its own program on SQLite and on PostgreSQL; beside
 * them bare mqtt.js at QoS 1 into a bare node:sqlite table, in the same run.
 * Usage: npm run bench -- delivery [seconds] [events of the backlog]
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { LedgerEvent } from '@trame/protocol/ledger-event';
import { connectAsync } from 'mqtt';
import { startMosquitto } from '../helpers/mosquitto.ts';
import { startPostgres } from '../helpers/postgres.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { until } from '../helpers/until.ts';
import { appendAll, deliver, fillLedger, openBenchLedger, type EdgeFolder } from './bench-edge.ts';
import { benchServer, type BenchServer, type Records } from './bench-server.ts';
import { DeathWatch } from './death-watch.ts';
import { quantiles } from './quantiles.ts';
import { sampleRecords } from './sample-records.ts';

const seconds = Number(process.argv[2] ?? 60);
const backlog = Number(process.argv[3] ?? 100_000);
const PER_SECOND = 20;
/** Events of one message and messages under way of the bare loop: much as the uplink's. */
const BARE = { batch: 100, inFlight: 20 };
const PATIENCE_MS = 600_000;
/** How often the records are asked how far they are, ms: the figures are that coarse. */
const LOOK_MS = 2;

const machineMs = () => Number(process.hrtime.bigint()) / 1e6;

using watch = new DeathWatch();
await using folder = temporaryFolder('bench-delivery');
await using broker = await startMosquitto({
  config: ['allow_anonymous true', 'persistence false', 'max_queued_messages 0', 'set_tcp_nodelay true'],
});
watch.note();
say(`${PER_SECOND} events/s for ${seconds} s, then a backlog of ${backlog} events; all on this machine`);
await measureServer('sqlite', await benchServer(join(folder.path, 'sqlite'), broker.url, null));
{
  await using postgres = await startPostgres();
  watch.note();
  await measureServer('postgres', await benchServer(join(folder.path, 'postgres'), broker.url, postgres));
}
await measureBare(join(folder.path, 'sqlite'));

async function measureServer(name: string, server: BenchServer): Promise<void> {
  await using program = server.spawn('run');
  watch.note();
  await program.waitForLine(/dashboard server started/u, PATIENCE_MS);
  const records = await server.records();
  await steady(name, server, records);
  await drain(name, server, records);
  await records.destroy();
}

/** Event by event, each as it comes. */
async function steady(name: string, server: BenchServer, records: Records): Promise<void> {
  const edge = { dataDir: join(server.dataDir, 'steady'), line: 'steady' };
  const sentMs = new Map<number, number>();
  const stored: number[] = [];
  const acknowledged: number[] = [];
  let ackedUpTo = 0;
  const ledger = openBenchLedger(edge);
  const delivery = deliver(ledger, edge.line, broker.url, (upTo) => {
    for (const seq of sequence(ackedUpTo, upTo)) since(acknowledged, sentMs.get(seq));
    ackedUpTo = upTo;
  });
  await until('the first events', () => ackedUpTo === ledger.head.seq, PATIENCE_MS);
  const total = ledger.head.seq + seconds * PER_SECOND;
  const watching = watchStored(records, edge, total, (seq) => since(stored, sentMs.get(seq)));
  const startMs = machineMs();
  for (let index = 0; index < seconds * PER_SECOND; index += 1) {
    await sleep(Math.max(0, startMs + (index * 1000) / PER_SECOND - machineMs()));
    sentMs.set(ledger.head.seq + 1, machineMs());
    await appendAll(ledger, sampleRecords(index, 1));
    delivery.recorded();
  }
  await watching;
  await until('the last acknowledgement', () => ackedUpTo === total, PATIENCE_MS);
  await delivery.stop();
  ledger.close();
  say(`${name.padEnd(9)} append → stored in the server  ${quantiles(stored)}`);
  say(`${name.padEnd(9)} append → acknowledged to edge  ${quantiles(acknowledged)}`);
}

async function drain(name: string, server: BenchServer, records: Records): Promise<void> {
  const edge = { dataDir: join(server.dataDir, 'backlog'), line: 'backlog' };
  const ledger = openBenchLedger(edge);
  await fillLedger(ledger, backlog);
  const total = ledger.head.seq;
  const startMs = machineMs();
  let ackedUpTo = 0;
  const delivery = deliver(ledger, edge.line, broker.url, (upTo) => {
    ackedUpTo = upTo;
  });
  await until('the whole backlog', () => ackedUpTo === total, PATIENCE_MS);
  const ms = machineMs() - startMs;
  const upTo = await storedUpTo(records, edge);
  await delivery.stop();
  ledger.close();
  say(
    `${name.padEnd(9)} backlog  ${rate(total, ms)} events/s, connecting and the last acknowledgement included; ${upTo} stored`,
  );
}

/** @returns how far the records have this line, 0: they do not know it. */
async function storedUpTo(records: Records, { line }: EdgeFolder): Promise<number> {
  const row = await records
    .selectFrom('ledger_cursors')
    .select('upTo')
    .where('line', '=', line)
    .executeTakeFirst();
  return row?.upTo ?? 0;
}

async function watchStored(
  records: Records,
  edge: EdgeFolder,
  total: number,
  onStored: (seq: number) => void,
): Promise<void> {
  for (let seen = await storedUpTo(records, edge); seen < total;) {
    const upTo = await storedUpTo(records, edge);
    for (const seq of sequence(seen, upTo)) onStored(seq);
    seen = upTo;
    await sleep(LOOK_MS);
  }
}

/** Events of the ledgers above, sent by whoever keeps no ledger and awaits no acknowledgement but the broker's. */
async function measureBare(ledgers: string): Promise<void> {
  const client = await connectAsync(broker.url);
  if (client.stream instanceof Socket) client.stream.setNoDelay(true);
  const sink = fork(fileURLToPath(new URL('bare-sink.ts', import.meta.url)), [
    broker.url,
    join(folder.path, 'bare.sqlite'),
  ]);
  await once(sink, 'message');
  watch.note();
  const ledger = openBenchLedger({ dataDir: join(ledgers, 'dashboard/backlog'), line: 'backlog' });
  const publish = (events: readonly LedgerEvent[]) =>
    client.publishAsync('bare/tri-1', JSON.stringify(events), { qos: 1 });

  const steadyCount = Math.min(seconds * PER_SECOND, ledger.head.seq);
  const sentMs: number[] = [];
  const stored: number[] = [];
  const listen = ({ stored: count, atMs }: Said) => {
    stored.push(atMs - (sentMs[count - 1] ?? Number.NaN));
  };
  sink.on('message', listen);
  const startMs = machineMs();
  for (let index = 0; index < steadyCount; index += 1) {
    await sleep(Math.max(0, startMs + (index * 1000) / PER_SECOND - machineMs()));
    const [event] = ledger.read(index + 1, 1);
    sentMs.push(machineMs());
    if (event !== undefined) await publish([event]);
  }
  await until('the bare table', () => stored.length === steadyCount, PATIENCE_MS);
  sink.off('message', listen);
  say(`bare      publish → stored              ${quantiles(stored)}`);

  const { seq } = ledger.head;
  const done = storedBy(sink, seq);
  const drainMs = machineMs();
  const under = new Set<Promise<unknown>>();
  for (let from = steadyCount + 1; from <= seq; from += BARE.batch) {
    const sending: Promise<unknown> = publish(ledger.read(from, BARE.batch)).finally(() =>
      under.delete(sending),
    );
    under.add(sending);
    if (under.size >= BARE.inFlight) await Promise.race(under);
  }
  const ms = (await done) - drainMs;
  say(
    `bare      backlog  ${rate(seq - steadyCount, ms)} events/s, ${BARE.batch} in a message and in a commit`,
  );
  ledger.close();
  sink.disconnect();
  await once(sink, 'exit');
  await client.endAsync(true);
}

interface Said {
  readonly stored: number;
  readonly atMs: number;
}

/** @returns when the bare table had so many, by the machine's clock. */
function storedBy(sink: ChildProcess, total: number): Promise<number> {
  return new Promise((resolve) => {
    sink.on('message', ({ stored, atMs }: Said) => {
      if (stored === total) resolve(atMs);
    });
  });
}

/** Numbers after `from`, up to `to`. */
function sequence(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index + 1);
}

/** Leaves out what was not sent by the clock: the first event of a ledger. */
function since(latencies: number[], startMs: number | undefined): void {
  if (startMs !== undefined) latencies.push(machineMs() - startMs);
}

function rate(count: number, ms: number): string {
  return Math.round((count / ms) * 1000)
    .toLocaleString('en-US')
    .padStart(9);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
