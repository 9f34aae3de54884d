import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodePayload, valueOf } from '@trame/protocol/sparkplug/payload';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseLineConfig } from './config/parse-line-config.ts';
import { startEdge, type Edge } from './edge.ts';
import type { Log } from './ports/log.ts';
import { TestBroker, until, type HeardMessage } from './sparkplug/test-broker.ts';
import { systemClock } from './system/clock.ts';
import { systemEntropy } from './system/entropy.ts';
import { TestModbusScale } from './test-modbus-scale.ts';
import { freePort } from './ports/test-free-port.ts';

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

let dataDir = '';
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'trame-edge-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

function device(id: string, port: number): string {
  return `
  - id: ${id}
    driver: modbus
    url: tcp://127.0.0.1:${port}
    unit: 1
    limits: { timeoutMs: 300 }
    groups:
      - every: 50ms
        tags: [{ name: total, register: holding, address: 0, type: uint64, unit: g }]`;
}

async function start(brokerUrl: string, bins: TestModbusScale, otherPort: number): Promise<Edge> {
  const text = `
site: caux
line: tri-1
uplink: { url: ${brokerUrl} }
devices:${device('bins', bins.port)}${device('press', otherPort)}
roles:
  outlets: [{ id: reuse, label: Réemploi, route: reuse, device: bins, total: total, baseline: zero }]
`;
  const parse = parseLineConfig(text, 'line.yaml', { dataDir });
  if (parse.kind === 'invalid') throw new Error(JSON.stringify(parse.issues));
  return startEdge({
    config: parse.config,
    dataDir,
    httpPort: 0,
    log: silent,
    clock: systemClock,
    entropy: systemEntropy,
  });
}

interface HealthBody {
  readonly status: string;
  readonly uplink: { readonly state: string };
  readonly devices: readonly {
    readonly id: string;
    readonly state: string;
    readonly reason: string | null;
  }[];
}

async function get(edge: Edge, path: string): Promise<{ status: number; text: string }> {
  const response = await fetch(`http://127.0.0.1:${edge.httpPort}${path}`);
  return { status: response.status, text: await response.text() };
}

async function health(edge: Edge): Promise<HealthBody> {
  return JSON.parse((await get(edge, '/healthz')).text) as HealthBody;
}

function topics(heard: readonly HeardMessage[]): readonly string[] {
  return heard.map(({ topic }) => topic.replace('spBv1.0/caux/', ''));
}

/** The last value of the line's outlet total that was published, with its quality. */
function outletTotal(heard: readonly HeardMessage[]): readonly [value: unknown, quality: unknown] {
  let last: readonly [unknown, unknown] = [null, null];
  let alias: number | null = null;
  for (const { topic, payload } of heard.filter((message) => message.topic.endsWith('/line'))) {
    const decoded = decodePayload(payload);
    if (decoded.kind === 'invalid') throw new Error(decoded.reason);
    for (const metric of decoded.payload.metrics) {
      if (topic.includes('DBIRTH') && metric.name === 'outlet.reuse.total') alias = metric.alias;
      if (metric.alias !== alias || metric.historical) continue;
      last = [valueOf(metric, 8), metric.properties.get('trameQuality') ?? last[1]];
    }
  }
  return last;
}

describe('an edge', () => {
  it('starts with one device away, publishes the other, and tells how each is doing', async () => {
    await using broker = await TestBroker.start();
    await using bins = await TestModbusScale.start();
    const heard = await broker.listen('spBv1.0/#');
    const edge = await start(broker.url, bins, await freePort());
    try {
      await until('birth', () => topics(heard).includes('DBIRTH/tri-1/bins'));
      await until('reason', () => heard.length > 2);
      const { status, devices, uplink } = await health(edge);
      expect([status, uplink.state]).toEqual(['degraded', 'born']);
      expect(devices.map(({ id }) => id)).toEqual(['bins', 'press']);
      expect(devices[1]?.state).not.toBe('online');
      expect(topics(heard)).not.toContain('DBIRTH/tri-1/press');
      const metrics = (await get(edge, '/metrics')).text;
      expect(metrics).toContain('trame_edge_device_online{device="bins"} 1');
      expect(metrics).toContain('trame_edge_device_online{device="press"} 0');
      expect(metrics).toMatch(/trame_edge_device_readings_total\{device="bins",quality="good"\} [1-9]/u);
      expect(metrics).toMatch(/trame_edge_uplink_messages_total [1-9]/u);
      expect(metrics).toMatch(/trame_edge_cycle_seconds_count [1-9]/u);
      expect([(await get(edge, '/')).status, (await get(edge, '/healthz?x')).status]).toEqual([404, 200]);
    } finally {
      await edge.stop();
    }
    await until('death', () => topics(heard).at(-1) === 'NDEATH/tri-1');
    // A stopping line dies in one message, not device by device.
    expect(topics(heard).filter((topic) => topic.startsWith('DDEATH'))).toEqual([]);
  });

  it('tells the death of a device that goes and its birth when it is back within ten seconds', async () => {
    await using broker = await TestBroker.start();
    await using bins = await TestModbusScale.start();
    const heard = await broker.listen('spBv1.0/#');
    const edge = await start(broker.url, bins, await freePort());
    try {
      await until('birth', () => topics(heard).includes('DBIRTH/tri-1/bins'));
      await bins.stop();
      await until('death', () => topics(heard).includes('DDEATH/tri-1/bins'));
      const gone = (await health(edge)).devices[0];
      expect([gone?.state, gone?.reason]).toEqual([
        'offline',
        expect.stringContaining(`127.0.0.1:${bins.port}`),
      ]);
      await bins.start();
      await until(
        'second birth',
        () => topics(heard).filter((topic) => topic === 'DBIRTH/tri-1/bins').length === 2,
      );
    } finally {
      await edge.stop();
    }
  });

  it('counts what fell while it was not running, and its total never goes back', async () => {
    await using broker = await TestBroker.start();
    await using bins = await TestModbusScale.start();
    const heard = await broker.listen('spBv1.0/#');
    bins.setTotalGrams(5_000_000_000n);
    const first = await start(broker.url, bins, await freePort());
    await until('count', () => outletTotal(heard)[0] === 5_000_000_000n);
    await first.stop();
    bins.setTotalGrams(5_000_012_345n);
    const second = await start(broker.url, bins, await freePort());
    try {
      await until('difference', () => outletTotal(heard)[0] === 5_000_012_345n);
      await until('good', () => outletTotal(heard)[1] === 'good');
    } finally {
      await second.stop();
    }
    expect(outletTotal(heard)).toEqual([5_000_012_345n, 'good']);
  });
});

describe('an edge that cannot start', () => {
  it('says in one line that its port or its data directory is taken, and leaves nothing behind', async () => {
    await using bins = await TestModbusScale.start();
    const edge = await start('mqtt://127.0.0.1:1', bins, bins.port);
    try {
      await expect(start('mqtt://127.0.0.1:1', bins, bins.port)).rejects.toThrow(
        `Another edge is running on the data directory ${dataDir}`,
      );
    } finally {
      await edge.stop();
    }
    const again = await start('mqtt://127.0.0.1:1', bins, bins.port);
    await again.stop();
  });
});
