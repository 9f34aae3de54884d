/**
 * How long each end of the ledger's way takes to be back with a million events: the edge opens its ledger, the server
 * starts on SQLite until it acknowledges, and `trame-dashboard rebuild` makes everything again that follows from them.
 * Usage: npm run bench -- recovery [events]
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { RecordsLedgerStore } from '@trame/dashboard-server/ledger/records-ledger-store';
import { localDayIn } from '@trame/dashboard-server/tonnage/local-day';
import { decodeAck } from '@trame/protocol/ledger-message';
import { ackTopic } from '@trame/protocol/topics';
import { connectAsync } from 'mqtt';
import { startMosquitto } from '../helpers/mosquitto.ts';
import type { SpawnedProcess } from '../helpers/process.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { until } from '../helpers/until.ts';
import { CONSUMER, fillLedger, openBenchLedger, SITE, type Ledger } from './bench-edge.ts';
import { benchServer, type BenchServer } from './bench-server.ts';
import { DeathWatch } from './death-watch.ts';
import { peakRssMb } from './process-cost.ts';

const events = Number(process.argv[2] ?? 1_000_000);
const LINE = 'tri-1';
const PATIENCE_MS = 3_600_000;
/** Events of one message, and messages of one transaction: as the consumer takes a backlog. */
const MESSAGE_EVENTS = 200;
const MESSAGES = 10;

const machineMs = () => Number(process.hrtime.bigint()) / 1e6;

using watch = new DeathWatch();
await using folder = temporaryFolder('bench-recovery');
await using broker = await startMosquitto();
watch.note();
const edge = { dataDir: join(folder.path, 'edge'), line: LINE };
const server = await benchServer(folder.path, broker.url, null);

const filling = openBenchLedger(edge);
await fillLedger(filling, events);
filling.close();
const openMs = machineMs();
const ledger = openBenchLedger(edge);
say(
  `edge     ledger open after ${inMs(machineMs() - openMs)}, ${ledger.head.seq} events, ${size(join(edge.dataDir, 'ledger.sqlite'))}`,
);

const storeMs = machineMs();
await storeAll(server, ledger);
say(
  `server   stored in ${inMs(machineMs() - storeMs)} without a broker, ${size(join(server.dataDir, 'records.sqlite'))}`,
);
const { seq } = ledger.head;
ledger.close();

await measureStart();
await measureRebuild();

/** Through the server's own store: what it would have after a year, without a year. */
async function storeAll({ records: open }: BenchServer, from: Ledger): Promise<void> {
  const records = await open();
  const store = new RecordsLedgerStore(records, localDayIn('Europe/Paris'));
  const address = { site: SITE, line: LINE };
  for (let next = 1; next <= from.head.seq;) {
    const messages = [];
    for (let count = 0; count < MESSAGES && next <= from.head.seq; count += 1) {
      const some = from.read(next, MESSAGE_EVENTS);
      messages.push({ kind: 'bytes' as const, bytes: Buffer.from(JSON.stringify(some)) });
      next += some.length;
    }
    const { cursor } = await store.take(address, messages, Date.now());
    if (cursor?.upTo !== next - 1) throw new Error(`stored up to ${cursor?.upTo} only`);
  }
  await records.destroy();
}

async function measureStart(): Promise<void> {
  const client = await connectAsync(broker.url);
  const topic = ackTopic(SITE, LINE, CONSUMER);
  let ackedMs: number | null = null;
  client.on('message', (_topic, bytes) => {
    if (decodeAck(bytes)?.upTo === seq) ackedMs ??= machineMs();
  });
  await client.subscribeAsync(topic, { qos: 1 });
  const startMs = machineMs();
  {
    await using program = server.spawn('run');
    watch.note();
    const atMs = await until('an acknowledgement', () => ackedMs, PATIENCE_MS);
    say(`server   acknowledges ${inMs(atMs - startMs)} after its start, with ${seq} events stored`);
    await program.stop();
  }
  await client.endAsync(true);
}

async function measureRebuild(): Promise<void> {
  const startMs = machineMs();
  await using program = server.spawn('rebuild');
  watch.note();
  const rssMb = await largest(program);
  const { code } = await program.exited;
  if (code !== 0) throw new Error(`rebuild: ${program.stderr()}`);
  const ms = machineMs() - startMs;
  say(`rebuild  ${inMs(ms)}, ${Math.round((seq / ms) * 1000)} events/s, RSS ${rssMb.toFixed(0)} MB at most`);
}

/** @returns the largest resident set until it ends, MB. */
async function largest(program: SpawnedProcess): Promise<number> {
  let rssMb = 0;
  const timer = setInterval(() => {
    rssMb = Math.max(rssMb, peakRssMb(program.pid) ?? 0);
  }, 200);
  await program.exited;
  clearInterval(timer);
  return rssMb;
}

function size(file: string): string {
  return `${(statSync(file).size / 1e6).toFixed(0)} MB`;
}

function inMs(ms: number): string {
  return ms < 10_000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
