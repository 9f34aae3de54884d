import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DATA_TYPE } from '@trame/protocol/sparkplug/data-type';
import { decodePayload, valueOf } from '@trame/protocol/sparkplug/payload';
import { connectAsync } from 'mqtt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_SPOOL } from '../domain/line-config.ts';
import { declared, numbers } from '../spool/test-spool.ts';
import { TestBroker, until } from './test-broker.ts';
import { Line, weighing } from './test-line.ts';
import { DOUBT_MIN_MS } from './uplink-options.ts';
import { TestProxy } from './test-proxy.ts';

/** Values that a subscriber hears, in order, and when it heard the live ones. */
class Listener implements AsyncDisposable {
  readonly historical: number[] = [];
  readonly live = new Map<number, number>();
  readonly mixed: string[] = [];
  readonly #end: () => Promise<void>;

  private constructor(client: Awaited<ReturnType<typeof connectAsync>>) {
    this.#end = () => client.endAsync(true);
    client.on('message', (topic, bytes) => {
      const decoded = decodePayload(bytes);
      if (decoded.kind === 'invalid') return;
      const { metrics } = decoded.payload;
      if (new Set(metrics.map(({ historical }) => historical)).size > 1) this.mixed.push(topic);
      for (const metric of metrics) {
        const value = Number(valueOf(metric, DATA_TYPE.float));
        if (metric.historical) this.historical.push(value);
        else this.live.set(value, performance.now());
      }
    });
  }

  static async on(url: string): Promise<Listener> {
    const client = await connectAsync(url);
    const listener = new Listener(client);
    await client.subscribeAsync('spBv1.0/+/DDATA/#');
    return listener;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#end();
  }
}

/** Weighs so many in one go, numbered from `first` on. */
function weighMany(line: Line, first: number, count: number): void {
  for (let from = first; from < first + count; from += 1000) {
    const samples = Array.from({ length: Math.min(1000, first + count - from) }, (_, index) =>
      weighing(from + index),
    );
    line.uplink.take([{ kind: 'samples', device: 'scale', samples }]);
  }
}

let dataDir = '';
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'trame-uplink-spool-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

describe('an edge node whose broker is away for long', () => {
  it('sends all of it again, in order, beside live data that is as quick as ever', async () => {
    await using broker = await TestBroker.start();
    await broker.kill();
    await using line = new Line({ url: broker.url, keepAliveS: 60 }, null, { replayPerSecond: 20_000 });
    const total = 60_000;
    weighMany(line, 0, total);
    expect(line.uplink.status.owed).toBe(total);
    await broker.restart();
    await using listener = await Listener.on(broker.url);
    const weighedAt = new Map<number, number>();
    for (let live = 1_000_000; listener.historical.length < total && weighedAt.size < 3000; live += 1) {
      if (line.uplink.status.state === 'born') {
        weighedAt.set(live, performance.now());
        line.weigh(live);
      }
      await delay(5);
    }
    await until('the last live weight', () => listener.live.size >= weighedAt.size);
    expect(listener.historical).toEqual(numbers(0, total));
    const delays = [...weighedAt].map(([value, atMs]) => (listener.live.get(value) ?? Infinity) - atMs);
    const sorted = delays.toSorted((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length * 0.5)]).toBeLessThan(100);
    expect(sorted[Math.floor(sorted.length * 0.95)]).toBeLessThan(400);
    expect(listener.mixed).toEqual([]);
    expect(line.uplink.status.owed).toBe(0);
    // Until they are past doubt, they are not removed.
    expect(line.spool.health.samples).toBe(total);
  }, 70_000);

  it('sends no faster than it may', async () => {
    await using broker = await TestBroker.start();
    await broker.kill();
    await using line = new Line({ url: broker.url }, null, { replayPerSecond: 2000 });
    weighMany(line, 0, 20_000);
    await broker.restart();
    await until('birth', () => line.uplink.status.state === 'born');
    await delay(2000);
    expect(line.uplink.counts.resent).toBeGreaterThan(2000);
    expect(line.uplink.counts.resent).toBeLessThan(6000);
  });

  it('sends what waited when it was stopped, and tells exactly how many there was no room for', async () => {
    await using broker = await TestBroker.start();
    await broker.kill();
    const spoolOptions = { dataDir, config: { ...DEFAULT_SPOOL, maxBytes: 128 * 1024 } };
    const total = 40_000;
    const first = new Line({ url: broker.url }, null, { spoolOptions });
    {
      await using line = first;
      weighMany(line, 0, total);
    }
    const lost = declared(first.gaps);
    await broker.restart();
    await using listener = await Listener.on(broker.url);
    await using line = new Line({ url: broker.url }, null, { spoolOptions, replayPerSecond: 20_000 });
    await until('all', () => listener.historical.length >= total - lost);
    expect(lost).toBeGreaterThan(10_000);
    expect(listener.historical).toEqual(numbers(lost, total - lost));
    expect(first.gaps.map(({ reason }) => reason)).toEqual(['spool-full']);
    expect([line.gaps, line.uplink.counts.dropped]).toEqual([[], 0]);
  });

  it('declares once what no birth announces any more, and sends the rest', async () => {
    await using broker = await TestBroker.start();
    await using proxy = await TestProxy.to(broker.port);
    await using listener = await Listener.on(broker.url);
    await broker.kill();
    const line = new Line({ url: proxy.url, keepAliveS: 1 });
    const gone = { ...weighing(7), tag: 'gone' };
    const retyped = { ...weighing(8), value: 'eight', timeMs: gone.timeMs - 5000 };
    {
      await using running = line;
      running.uplink.take([{ kind: 'samples', device: 'scale', samples: [gone, weighing(1), retyped] }]);
      await broker.restart();
      await using again = await Listener.on(broker.url);
      await until('the rest', () => again.historical.length === 1);
      // In doubt still: it is sent again, and what is left out of it is not told twice.
      proxy.cut();
      await until('past doubt', () => running.spool.health.samples === 0, DOUBT_MIN_MS + 20_000);
      expect([running.uplink.counts.dropped, running.spool.health.dropped]).toEqual([2, 2]);
      expect(new Set(again.historical)).toEqual(new Set([1]));
    }
    expect(line.gaps).toEqual([{ from: retyped.timeMs, to: gone.timeMs, samples: 2, reason: 'tag-changed' }]);
    expect(listener.mixed).toEqual([]);
  }, 60_000);

  it('loses nothing when the link is lost again in the middle, and forgets what is past doubt', async () => {
    await using broker = await TestBroker.start();
    await using proxy = await TestProxy.to(broker.port);
    await using listener = await Listener.on(broker.url);
    await broker.kill();
    await using line = new Line({ url: proxy.url, keepAliveS: 1 }, null, { replayPerSecond: 10_000 });
    const total = 20_000;
    weighMany(line, 0, total);
    await broker.restart();
    await using again = await Listener.on(broker.url);
    await until('some', () => line.uplink.counts.resent > 5000);
    proxy.swallow(true);
    await until('more, into nothing', () => line.uplink.counts.resent > 8000);
    proxy.cut();
    proxy.swallow(false);
    await until('all', () => new Set(again.historical).size === total, 20_000);
    await until('past doubt', () => line.spool.health.samples === 0, DOUBT_MIN_MS + 10_000);
    expect(line.uplink.counts).toMatchObject({ dropped: 0 });
    expect(line.gaps).toEqual([]);
    expect(listener.mixed).toEqual([]);
  }, 70_000);
});
