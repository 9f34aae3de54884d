import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { BdSeqStore } from '../ports/bd-seq-store.ts';
import { TestBroker, until } from './test-broker.ts';
import { bdSeqOf, births, historical, Line, rebirth, silent, sparkplug, weights } from './test-line.ts';
import { TestProxy } from './test-proxy.ts';
import { UPKEEP_MS } from './uplink-options.ts';

describe('an edge node whose broker goes and comes', () => {
  it('leaves its will, with the number of its birth, when it is cut off', async () => {
    await using broker = await TestBroker.start();
    await using proxy = await TestProxy.to(broker.port);
    const heard = await broker.listen('spBv1.0/#');
    await using line = new Line({ url: proxy.url });
    await until('birth', () => heard.length >= 2);
    proxy.cut();
    await until('second birth', () => births(heard).length === 2);
    const nodes = sparkplug(heard).filter(({ message }) => message.startsWith('N'));
    expect(nodes.map(({ message }) => message)).toEqual(['NBIRTH', 'NDEATH', 'NBIRTH']);
    expect(nodes.map(bdSeqOf)).toEqual([0, 0, 1]);
    expect(nodes[1]?.payload.seq).toBeNull();
    expect(line.bdSeqs).toEqual([0, 1]);
    expect(line.uplink.counts.reconnects).toBe(1);
  });

  it('comes back by itself when the broker was killed and started again, and tells what was missed', async () => {
    await using broker = await TestBroker.start();
    await using line = new Line({ url: broker.url });
    await until('birth', () => line.uplink.status.state === 'born');
    line.weigh(1);
    await broker.kill();
    await until('loss', () => line.uplink.status.state === 'disconnected');
    line.weigh(2);
    line.weigh(3);
    await broker.restart();
    const heard = await broker.listen('spBv1.0/#');
    await until('historical values', () => historical(heard).length >= 3);
    // The listener may have missed the birth itself; a rebirth shows the number of this session.
    await broker.publish('spBv1.0/caux/NCMD/tri-1', rebirth());
    const [birth] = await until('birth', () => births(heard).length > 0 && births(heard).slice(-1));
    expect(bdSeqOf(birth)).toBe(line.bdSeqs.at(-1));
    expect(bdSeqOf(birth)).toBeGreaterThanOrEqual(1);
    expect(historical(heard)).toEqual([1, 2, 3]);
    const mixed = sparkplug(heard).filter(
      ({ payload }) => new Set(payload.metrics.map((metric) => metric.historical)).size > 1,
    );
    expect(mixed).toEqual([]);
  });

  it('keeps what it owes of a device that is away when it comes back, until that device is born', async () => {
    await using broker = await TestBroker.start();
    await using line = new Line({ url: broker.url });
    await until('birth', () => line.uplink.status.state === 'born');
    await broker.kill();
    await until('loss', () => line.uplink.status.state === 'disconnected');
    line.weigh(1);
    line.weigh(2);
    line.uplink.take([{ kind: 'offline', device: 'scale' }]);
    await broker.restart();
    const heard = await broker.listen('spBv1.0/+/DDATA/#');
    await until('second birth', () => line.uplink.status.state === 'born');
    // Several rounds of upkeep.
    await delay(5 * UPKEEP_MS);
    expect(line.uplink.status.owed).toBe(2);
    expect(line.uplink.counts).toMatchObject({ resent: 0, dropped: 0 });
    line.uplink.take([{ kind: 'online', device: 'scale' }]);
    await until('historical values', () => historical(heard).length >= 2);
    expect(historical(heard)).toEqual([1, 2]);
    expect(line.uplink.status.owed).toBe(0);
    expect(line.uplink.counts).toMatchObject({ resent: 2, dropped: 0 });
  });

  it('owes again what it sent again into a session that was lost as well', async () => {
    await using broker = await TestBroker.start();
    await using proxy = await TestProxy.to(broker.port);
    const heard = await broker.listen('spBv1.0/+/DDATA/#');
    await using line = new Line({ url: proxy.url });
    await until('birth', () => line.uplink.status.state === 'born');
    proxy.cut();
    await until('loss', () => line.uplink.status.state === 'disconnected');
    line.weigh(1);
    line.weigh(2);
    await until('second birth', () => line.uplink.status.state === 'born');
    proxy.swallow(true);
    await until('the samples are sent again', () => line.uplink.counts.resent === 2);
    proxy.cut();
    proxy.swallow(false);
    await until('historical values', () => historical(heard).length >= 2);
    expect(new Set(historical(heard))).toEqual(new Set([1, 2]));
    expect(line.uplink.counts.dropped).toBe(0);
  });

  it('starts without a broker or its password file, says why, and goes on when they come', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'trame-uplink-'));
    await using broker = await TestBroker.start();
    await broker.kill();
    const passwordFile = join(dir, 'broker.secret');
    await using line = new Line({ url: broker.url, username: 'edge', passwordFile });
    await until('missing file', () => line.uplink.status.reason?.includes('broker.secret'));
    writeFileSync(passwordFile, 'secret\n');
    await until('refused', () => line.uplink.status.reason?.includes('ECONNREFUSED'));
    await broker.restart();
    await until('birth', () => line.uplink.status.state === 'born');
    expect(line.uplink.status.reason).toBeNull();
    rmSync(dir, { recursive: true });
  });
});

describe('an edge node on a full disk', () => {
  it('goes on publishing through a reconnect, with the next session number kept in memory', async () => {
    await using broker = await TestBroker.start();
    await using proxy = await TestProxy.to(broker.port);
    const heard = await broker.listen('spBv1.0/#');
    const kept: number[] = [];
    const errors: string[] = [];
    let isFull = false;
    const bdSeqs: BdSeqStore = {
      lastBdSeq: () => 6,
      keepBdSeq: (bdSeq) => {
        if (isFull) throw new Error('database or disk is full');
        kept.push(bdSeq);
      },
    };
    const log = { ...silent, error: (_: object, message: string) => errors.push(message) };
    await using line = new Line({ url: proxy.url }, null, { bdSeqs, log });
    for (const session of [1, 2, 3]) {
      await until('birth', () => births(heard).length === session);
      await until('born', () => line.uplink.status.state === 'born');
      isFull = true;
      if (session < 3) proxy.cut();
    }
    line.weigh(5);
    await until('data', () => weights(heard).includes(5));
    expect(births(heard).map(bdSeqOf)).toEqual([7, 8, 9]);
    expect(
      sparkplug(heard)
        .filter(({ message }) => message === 'NDEATH')
        .map(bdSeqOf),
    ).toEqual([7, 8]);
    expect([kept, errors]).toEqual([[7], ['the session number cannot be kept on disk; publishing goes on']]);
  });
});

describe('an edge node on a link that takes and gives nothing', () => {
  it('notices a broker that swallows everything, even while it publishes all the time', async () => {
    await using broker = await TestBroker.start();
    await using proxy = await TestProxy.to(broker.port);
    await using line = new Line({ url: proxy.url, keepAliveS: 1 });
    await until('birth', () => line.uplink.status.state === 'born');
    const publishing = setInterval(() => line.weigh(1), 20);
    try {
      // A busy link with a healthy broker is left alone.
      await delay(2500);
      expect(line.uplink.counts.reconnects).toBe(0);
      proxy.swallow(true);
      await until('loss', () => line.uplink.status.state !== 'born', 4000);
    } finally {
      clearInterval(publishing);
    }
    proxy.swallow(false);
    proxy.cut();
    await until('birth', () => line.uplink.status.state === 'born');
  });

  it('sends the latest of each value as soon as the socket drains, and the others as historical', async () => {
    await using broker = await TestBroker.start();
    await using proxy = await TestProxy.to(broker.port);
    const heard = await broker.listen('spBv1.0/+/DDATA/#');
    await using line = new Line({ url: proxy.url, keepAliveS: 60 }, null, { replayPerSecond: 20_000 });
    await until('birth', () => line.uplink.status.state === 'born');
    proxy.hold(true);
    let weighings = 0;
    while (line.spool.health.samples < 3000 && weighings < 2_000_000) {
      for (let index = 0; index < 1000; index += 1) line.weigh((weighings += 1));
      await new Promise(setImmediate);
    }
    expect(line.spool.health.samples).toBeGreaterThanOrEqual(3000);
    proxy.hold(false);
    await until('the latest weight', () => weights(heard).at(-1) === weighings);
    await until('the others', () => new Set([...weights(heard), ...historical(heard)]).size === weighings);
    expect(line.uplink.counts.dropped).toBe(0);
  });
});
