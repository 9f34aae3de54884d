import { spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { decodeHeartbeat, type Heartbeat } from '@trame/protocol/heartbeat';
import { encodeAck, decodeEvents } from '@trame/protocol/ledger-message';
import type { LedgerEvent } from '@trame/protocol/ledger-event';
import { ackTopic } from '@trame/protocol/topics';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseLineConfig } from './config/parse-line-config.ts';
import { startEdge, type Edge } from './edge.ts';
import type { Log } from './ports/log.ts';
import { TestBroker, until, type HeardMessage } from './sparkplug/test-broker.ts';
import { TestProxy } from './sparkplug/test-proxy.ts';
import { systemClock } from './system/clock.ts';
import { systemEntropy } from './system/entropy.ts';
import { TestModbusScale } from './test-modbus-scale.ts';
import { freePort } from './ports/test-free-port.ts';

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const LEDGER = 'trame/v1/caux/tri-1/ledger';
const HEARTBEAT = 'trame/v1/caux/tri-1/heartbeat';

let dataDir = '';
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'trame-edge-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const OUTLET = `
roles:
  outlets: [{ id: reuse, label: Réemploi, route: reuse, device: bins, total: total, baseline: zero }]`;

async function start(brokerUrl: string, bins: TestModbusScale, roles = OUTLET): Promise<Edge> {
  const text = `
site: caux
line: tri-1
uplink: { url: ${brokerUrl} }
ledger: { consumers: [trame], throughputEvery: 1s, reserve: 8MB }
alarms: { defaults: false }
devices:
  - id: bins
    driver: modbus
    url: tcp://127.0.0.1:${bins.port}
    unit: 1
    limits: { timeoutMs: 300 }
    groups:
      - every: 50ms
        tags: [{ name: total, register: holding, address: 0, type: uint64, unit: g }]${roles}
`;
  const parse = parseLineConfig(text, 'line.yaml', { dataDir });
  if (parse.kind === 'invalid') throw new Error(JSON.stringify(parse.issues));
  const { config } = parse;
  return startEdge({ config, dataDir, httpPort: 0, log: silent, clock: systemClock, entropy: systemEntropy });
}

async function health(edge: Edge): Promise<Heartbeat & { readonly status: string }> {
  const response = await fetch(`http://127.0.0.1:${edge.httpPort}/healthz`);
  return (await response.json()) as Heartbeat & { readonly status: string };
}

async function healthWhen(edge: Edge, isReached: (body: Heartbeat & { status: string }) => boolean) {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const body = await health(edge);
    if (isReached(body)) return body;
    if (performance.now() > deadline) throw new Error(`not reached: ${JSON.stringify(body)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

interface Row {
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** What lies in the ledger, read beside its writer. */
function recorded(): readonly Row[] {
  const db = new DatabaseSync(join(dataDir, 'ledger.sqlite'), { readOnly: true });
  const rows = db.prepare('SELECT type, payload FROM events ORDER BY position').all();
  db.close();
  return rows.map(({ type, payload }) => ({
    type: String(type),
    payload: JSON.parse(String(payload)) as Row['payload'],
  }));
}

function grams(rows: readonly Row[]): number {
  const counts = rows.flatMap(({ payload }) => (payload['counts'] ?? []) as readonly { grams: number }[]);
  return counts.reduce((sum, { grams: one }) => sum + one, 0);
}

/** Stores what it hears and says so, as a server does. */
class TestConsumer implements AsyncDisposable {
  readonly events: LedgerEvent[] = [];
  /** How far its clock is ahead, ms. */
  aheadMs = 0;
  readonly #client: MqttClient;

  private constructor(client: MqttClient) {
    this.#client = client;
    client.on('message', (_topic, payload) => this.#take(payload));
  }

  static async start(url: string): Promise<TestConsumer> {
    const consumer = new TestConsumer(await connectAsync(url));
    await consumer.#client.subscribeAsync(LEDGER, { qos: 1 });
    return consumer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.endAsync(true);
  }

  #take(payload: Uint8Array): void {
    const reading = decodeEvents(payload);
    if (reading.kind !== 'events') throw new Error(reading.detail);
    for (const event of reading.events) {
      if (event.seq === (this.events.at(-1)?.seq ?? 0) + 1) this.events.push(event);
    }
    const last = this.events.at(-1);
    const ack = encodeAck({
      consumer: 'trame',
      epoch: last?.epoch ?? null,
      upTo: last?.seq ?? 0,
      hash: last?.hash ?? null,
      at: Date.now() + this.aheadMs,
    });
    this.#client.publish(ackTopic('caux', 'tri-1', 'trame'), ack, { qos: 1 });
  }
}

/** Puts the data directory on a disk of 24 MB. */
function smallDisk(): Disposable & { readonly path: string } {
  const mounted = spawnSync('/usr/bin/mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', dataDir]);
  if (mounted.status !== 0) throw new Error(`a small disk cannot be mounted: ${String(mounted.stderr)}`);
  const path = dataDir;
  return { path, [Symbol.dispose]: () => spawnSync('/usr/bin/umount', ['-l', path]) };
}

/** Takes every byte that is left. */
function fillUp(file: string): void {
  const handle = openSync(file, 'w');
  try {
    for (;;) writeSync(handle, Buffer.alloc(4096, 1));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  } finally {
    closeSync(handle);
  }
}

function lastHeartbeat(heard: readonly HeardMessage[]): Heartbeat | null {
  const beat = heard.findLast(({ topic }) => topic === HEARTBEAT);
  return beat === undefined ? null : decodeHeartbeat(beat.payload);
}

describe('the ledger of an edge', () => {
  it('gets what happens to its consumer, its end included, and goes on after a restart in one chain', async () => {
    await using broker = await TestBroker.start();
    await using bins = await TestModbusScale.start();
    await using consumer = await TestConsumer.start(broker.url);
    const heard = await broker.listen('trame/#');
    bins.setTotalGrams(1_500_000_000n);
    const first = await start(broker.url, bins);
    await until('counted', () => grams(recorded()) === 1_500_000_000);
    await until('presence', () => recorded().some(({ type }) => type === 'device.state'));
    const whole = await healthWhen(first, ({ status }) => status === 'ok');
    expect(whole.ledger).toMatchObject({
      state: 'ok',
      consumers: [{ consumer: 'trame', state: 'following' }],
    });
    expect(whole).toMatchObject({
      spool: { state: 'ok' },
      disk: { state: 'ok' },
      clock: { state: 'checked' },
    });
    bins.setTotalGrams(1_500_000_077n);
    await until('read', () => heard.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await first.stop();
    // Handed over before the end.
    expect(consumer.events.map(({ type }) => type)).toEqual(recorded().map(({ type }) => type));
    expect(consumer.events.at(-1)?.type).toBe('edge.stopped');
    bins.setTotalGrams(1_500_000_100n);
    const second = await start(broker.url, bins);
    try {
      await until('difference', () => grams(recorded()) === 1_500_000_100);
      await until('delivered', () => consumer.events.length === recorded().length);
    } finally {
      await second.stop();
    }
    expect(new Set(consumer.events.map(({ epoch }) => epoch)).size).toBe(1);
    const chained = consumer.events.every(
      ({ prev }, index) => index === 0 || prev === consumer.events[index - 1]?.hash,
    );
    expect(chained).toBe(true);
    const started = recorded().filter(({ type }) => type === 'edge.started');
    expect(started.map(({ payload }) => payload['unclean'])).toEqual([false, false]);
    const beats = heard
      .filter(({ topic }) => topic === HEARTBEAT)
      .map(({ payload }) => decodeHeartbeat(payload));
    expect(beats.every((beat) => beat !== null)).toBe(true);
    expect(new Set(beats.map((beat) => beat?.boot)).size).toBe(2);
  }, 30_000);

  it('of a line of plain tags holds its states, and Sparkplug shows nothing of it', async () => {
    await using broker = await TestBroker.start();
    await using bins = await TestModbusScale.start();
    const heard = await broker.listen('spBv1.0/#');
    const edge = await start(broker.url, bins, '');
    await until('presence', () => recorded().some(({ type }) => type === 'device.state'));
    await edge.stop();
    expect(recorded().map(({ type }) => type)).toEqual([
      'ledger.opened',
      'edge.started',
      'device.state',
      'edge.stopped',
    ]);
    const births = heard.filter(({ topic }) => topic.includes('BIRTH')).map(({ topic }) => topic);
    expect(births).toEqual(['spBv1.0/caux/NBIRTH/tri-1', 'spBv1.0/caux/DBIRTH/tri-1/bins']);
  }, 30_000);

  it('learns from its consumer how far its clock is off', async () => {
    await using broker = await TestBroker.start();
    await using bins = await TestModbusScale.start();
    await using consumer = await TestConsumer.start(broker.url);
    consumer.aheadMs = 3_600_000;
    const edge = await start(broker.url, bins);
    try {
      const { clock } = await healthWhen(edge, (body) => body.clock.state === 'checked');
      expect(Math.abs((clock.offsetMs ?? 0) - 3_600_000)).toBeLessThan(2000);
      const metrics = await (await fetch(`http://127.0.0.1:${edge.httpPort}/metrics`)).text();
      expect(metrics).toMatch(/\ntrame_edge_clock_offset_seconds 3(?:600|599)/u);
      expect(metrics).toMatch(/\ntrame_edge_ledger_stored_total [1-9]/u);
    } finally {
      await edge.stop();
    }
  }, 30_000);
});

describe('an edge that is stopped', () => {
  it('ends in time, with its end recorded, though its broker has fallen silent', async () => {
    await using broker = await TestBroker.start();
    await using bins = await TestModbusScale.start();
    await using proxy = await TestProxy.to(broker.port);
    const edge = await start(proxy.url, bins);
    await healthWhen(edge, ({ ledger }) => ledger.head > 2);
    proxy.swallow(true);
    const startedMs = performance.now();
    await edge.stop();
    // The process is cut off after 4.8 s.
    expect(performance.now() - startedMs).toBeLessThan(4500);
    expect(recorded().at(-1)?.type).toBe('edge.stopped');
  }, 30_000);
});

describe('a ledger that cannot be written', () => {
  it('is said, nothing of it is acknowledged, and it catches up in order', async () => {
    await using broker = await TestBroker.start();
    await using bins = await TestModbusScale.start();
    await using consumer = await TestConsumer.start(broker.url);
    const heard = await broker.listen('trame/#');
    bins.setTotalGrams(1000n);
    const edge = await start(broker.url, bins);
    const lock = new DatabaseSync(join(dataDir, 'ledger.sqlite'));
    try {
      await until('counted', () => grams(recorded()) === 1000);
      lock.exec('BEGIN IMMEDIATE');
      bins.setTotalGrams(1700n);
      const poor = await healthWhen(edge, ({ ledger }) => ledger.state === 'not-stored');
      expect([poor.status, poor.ledger.unstored > 0]).toEqual(['degraded', true]);
      await until('heartbeat', () => lastHeartbeat(heard)?.ledger.state === 'not-stored');
      expect(consumer.events.at(-1)?.seq).toBeLessThanOrEqual(poor.ledger.head);
      lock.exec('ROLLBACK');
      await healthWhen(edge, ({ ledger }) => ledger.state === 'ok' && ledger.unstored === 0);
      await until('caught up', () => grams(recorded()) === 1700);
      await until('delivered', () => consumer.events.length === recorded().length);
    } finally {
      lock.close();
      await edge.stop();
    }
  }, 40_000);

  it('from the start does not stop the line, and is used once it can be', async () => {
    await using broker = await TestBroker.start();
    await using bins = await TestModbusScale.start();
    await using consumer = await TestConsumer.start(broker.url);
    const heard = await broker.listen('#');
    bins.setTotalGrams(4000n);
    // A folder in the place of the file: it cannot be opened, whoever tries.
    mkdirSync(join(dataDir, 'ledger.sqlite'));
    const edge = await start(broker.url, bins);
    try {
      await until('telemetry', () => heard.some(({ topic }) => topic === 'spBv1.0/caux/DBIRTH/tri-1/bins'));
      await until('heartbeat', () => lastHeartbeat(heard)?.ledger.state === 'closed');
      const poor = await health(edge);
      expect([poor.status, poor.ledger.reason]).toEqual([
        'degraded',
        expect.stringContaining('cannot be opened'),
      ]);
      rmdirSync(join(dataDir, 'ledger.sqlite'));
      await healthWhen(edge, ({ ledger }) => ledger.state === 'ok');
      await until('counted', () => grams(recorded()) === 4000);
      await until('delivered', () => consumer.events.length === recorded().length);
    } finally {
      await edge.stop();
    }
  }, 40_000);

  it('and has counted more than an edge whose counts were lost waits for the next start', async () => {
    await using bins = await TestModbusScale.start();
    const broker = `mqtt://127.0.0.1:${await freePort()}`;
    bins.setTotalGrams(4000n);
    const first = await start(broker, bins);
    await until('counted', () => grams(recorded()) === 4000);
    await first.stop();
    const file = join(dataDir, 'ledger.sqlite');
    renameSync(file, `${file}.away`);
    mkdirSync(file);
    rmSync(join(dataDir, 'edge-state.sqlite'));
    bins.setTotalGrams(50n);
    const second = await start(broker, bins);
    await healthWhen(second, ({ ledger }) => ledger.state === 'closed');
    rmdirSync(file);
    renameSync(`${file}.away`, file);
    const poor = await healthWhen(
      second,
      ({ ledger }) => ledger.reason?.includes('start the edge again') === true,
    );
    expect(poor.status).toBe('degraded');
    await second.stop();
    const third = await start(broker, bins);
    try {
      // The total went back: what it grows from there is counted, on top of what the ledger has.
      await healthWhen(third, ({ ledger }) => ledger.state === 'ok');
      await new Promise((resolve) => setTimeout(resolve, 500));
      bins.setTotalGrams(550n);
      await until('growth', () => grams(recorded()) === 4500);
      expect(recorded().some(({ type }) => type === 'total.wentBack')).toBe(true);
    } finally {
      await third.stop();
    }
  }, 40_000);

  it('since the disk is full does not stop the line, and nothing is lost or doubled once there is room', async () => {
    await using broker = await TestBroker.start();
    await using bins = await TestModbusScale.start();
    const heard = await broker.listen('spBv1.0/#');
    using disk = smallDisk();
    bins.setTotalGrams(1000n);
    const edge = await start(broker.url, bins);
    try {
      await until('counted', () => grams(recorded()) === 1000);
      fillUp(join(disk.path, 'filler'));
      const told = heard.length;
      bins.setTotalGrams(1900n);
      const poor = await healthWhen(edge, ({ disk }) => disk.state === 'reserve');
      expect(poor.status).toBe('degraded');
      await until('telemetry', () => heard.slice(told).some(({ topic }) => topic.includes('DDATA')));
      rmSync(join(disk.path, 'filler'));
      await healthWhen(edge, ({ disk, ledger }) => disk.state === 'ok' && ledger.state === 'ok');
      await until('caught up', () => grams(recorded()) === 1900);
    } finally {
      await edge.stop();
    }
    expect(recorded().at(-1)?.type).toBe('edge.stopped');
  }, 60_000);

  it('since the disk is full when the edge starts has the room that was kept for it', async () => {
    await using bins = await TestModbusScale.start();
    const broker = `mqtt://127.0.0.1:${await freePort()}`;
    using disk = smallDisk();
    const first = await start(broker, bins);
    await until('begun', () => recorded().length > 1);
    await first.stop();
    fillUp(join(disk.path, 'filler'));
    const second = await start(broker, bins);
    try {
      await until('begun', () => recorded().filter(({ type }) => type === 'edge.started').length === 2);
      const { ledger, disk: room } = await health(second);
      expect([ledger.state, room.state]).toEqual(['ok', 'reserve']);
    } finally {
      await second.stop();
    }
    expect(recorded().at(-1)?.type).toBe('edge.stopped');
  }, 30_000);

  it('because it is damaged is left as it is', async () => {
    await using bins = await TestModbusScale.start();
    const broker = `mqtt://127.0.0.1:${await freePort()}`;
    const first = await start(broker, bins);
    await until('presence', () => recorded().some(({ type }) => type === 'device.state'));
    await first.stop();
    const db = new DatabaseSync(join(dataDir, 'ledger.sqlite'));
    db.exec(`UPDATE events SET payload = replace(payload, 'online', 'onlime') WHERE type = 'device.state'`);
    db.close();
    const before = recorded();
    const edge = await start(broker, bins);
    const poor = await health(edge);
    await edge.stop();
    expect([poor.status, poor.ledger.state]).toEqual(['degraded', 'closed']);
    expect(poor.ledger.reason).toContain('is damaged: event 3');
    expect(recorded()).toEqual(before);
  }, 30_000);
});
