import { decodeHeartbeat } from '@trame/protocol/heartbeat';
import { ackTopic } from '@trame/protocol/topics';
import { describe, expect, it } from 'vitest';
import { TestBroker, until } from '../sparkplug/test-broker.ts';
import { TestConsumer } from './test-consumer.ts';
import { TestLedger } from './test-ledger.ts';
import { TestStore } from './test-store.ts';
import { TestUplink } from './test-uplink.ts';

describe('the ledger on a broker', () => {
  it('brings 10 000 events to its consumer, in order, and keeps its cursor', async () => {
    await using broker = await TestBroker.start();
    await using consumer = await TestConsumer.start(broker.url);
    const ledger = new TestLedger();
    ledger.grow(10_000);
    await using edge = new TestUplink(ledger, broker.url);
    await until('all are stored', () => consumer.store.stored.length === 10_000);
    await until('the cursor is kept', () => ledger.loadCursor('trame')?.upTo === 10_000);
    expect(consumer.store.stored).toEqual(ledger.events);
    expect(consumer.store).toMatchObject({ again: 0, gaps: 0 });
    expect(edge.uplink.deliveryCounts).toMatchObject({ events: 10_000, eventsAgain: 0 });
    expect(edge.uplink.status).toEqual([
      { consumer: 'trame', state: 'following', upTo: 10_000, waiting: 0, reason: null },
    ]);
    expect(edge.serverTimes.length).toBeGreaterThan(0);
  });

  it('pushes a new event at once', async () => {
    await using broker = await TestBroker.start();
    await using consumer = await TestConsumer.start(broker.url);
    const ledger = new TestLedger();
    await using edge = new TestUplink(ledger, broker.url);
    await until('it is connected', () => edge.uplink.connection.state === 'up');
    ledger.grow(1);
    const before = performance.now();
    edge.uplink.recorded();
    await until('it is stored', () => consumer.store.stored.length === 1);
    expect(performance.now() - before).toBeLessThan(900);
  });

  it('says how it is as soon as it is connected, and every 2 s', async () => {
    await using broker = await TestBroker.start();
    await using consumer = await TestConsumer.start(broker.url);
    await using edge = new TestUplink(new TestLedger(), broker.url);
    await until('three heartbeats', () => consumer.heartbeats.length >= 3);
    expect(consumer.heartbeats.map((bytes) => decodeHeartbeat(bytes)?.tick).slice(0, 3)).toEqual([1, 2, 3]);
    expect(edge.uplink.counts.heartbeats).toBeGreaterThanOrEqual(3);
  });

  it('goes on from the kept cursor after a restart of the edge', async () => {
    await using broker = await TestBroker.start();
    await using consumer = await TestConsumer.start(broker.url);
    const ledger = new TestLedger();
    ledger.grow(3000);
    const first = new TestUplink(ledger, broker.url);
    await until('the cursor is kept', () => ledger.loadCursor('trame')?.upTo === 3000);
    await first.stop();
    ledger.grow(5);
    await using second = new TestUplink(ledger, broker.url);
    await until('the rest is stored', () => consumer.store.stored.length === 3005);
    expect(second.uplink.deliveryCounts.events).toBe(5);
  });

  it('hands over the last event before it disconnects', async () => {
    await using broker = await TestBroker.start();
    await using consumer = await TestConsumer.start(broker.url);
    const ledger = new TestLedger();
    const edge = new TestUplink(ledger, broker.url);
    ledger.grow(1);
    edge.uplink.recorded();
    await until('the first is stored', () => ledger.loadCursor('trame')?.upTo === 1);
    ledger.grow(1);
    const before = performance.now();
    await edge.stop();
    expect(performance.now() - before).toBeLessThan(2000);
    expect(consumer.store.stored).toHaveLength(2);
    expect(ledger.loadCursor('trame')?.upTo).toBe(2);
  });

  it('does not keep a stopping edge waiting for a consumer that is not there', async () => {
    await using broker = await TestBroker.start();
    const ledger = new TestLedger();
    ledger.grow(10);
    const edge = new TestUplink(ledger, broker.url);
    await until('it is sent', () => edge.uplink.deliveryCounts.events === 10);
    const before = performance.now();
    await edge.stop();
    expect(performance.now() - before).toBeLessThan(900);
  });

  it('starts without a broker and delivers once it comes', async () => {
    await using broker = await TestBroker.start();
    await broker.kill();
    const ledger = new TestLedger();
    ledger.grow(20);
    await using edge = new TestUplink(ledger, broker.url);
    await until('an attempt failed', () => edge.uplink.counts.failedConnects > 0);
    expect(edge.uplink.connection.reason).toMatch(/ECONNREFUSED/u);
    await broker.restart();
    await using consumer = await TestConsumer.start(broker.url);
    await until('all are stored', () => consumer.store.stored.length === 20);
  });

  it('serves two consumers with one sending, each with a cursor of its own', async () => {
    await using broker = await TestBroker.start();
    await using site = await TestConsumer.start(broker.url, new TestStore('trame'));
    await using region = await TestConsumer.start(broker.url, new TestStore('region'));
    const ledger = new TestLedger();
    ledger.grow(5000);
    await using edge = new TestUplink(ledger, broker.url, { consumers: ['trame', 'region'] });
    await until('both have all', () => edge.uplink.status.every(({ upTo }) => upTo === 5000));
    expect([site.store.stored.length, region.store.stored.length]).toEqual([5000, 5000]);
    expect(edge.uplink.deliveryCounts.eventsAgain).toBeLessThan(2000);
  });

  it('believes no acknowledgement of somebody else, and none that the broker kept', async () => {
    await using broker = await TestBroker.start();
    await using consumer = await TestConsumer.start(broker.url);
    const ledger = new TestLedger();
    ledger.grow(10);
    const topic = ackTopic('caux', 'tri-1', 'trame');
    const stale = { consumer: 'trame', epoch: ledger.epoch, upTo: 10, hash: ledger.hashOf(10), at: 1 };
    await broker.publish(topic, JSON.stringify(stale), ['-r']);
    await using edge = new TestUplink(ledger, broker.url);
    await until('all are stored', () => consumer.store.stored.length === 10);
    consumer.publish(topic, 'not JSON');
    consumer.publish(topic, JSON.stringify({ ...stale, consumer: 'region' }));
    consumer.publish(topic, Buffer.alloc(10 * 1024 * 1024, 0x20));
    await until('they were heard', () => edge.uplink.deliveryCounts.invalidAcks === 3);
    expect(edge.uplink.counts.retained).toBe(1);
    expect(edge.serverTimes).not.toContain(1);
    expect(edge.logged.filter(({ message }) => /not believed/u.test(message))).toHaveLength(2);
  });
});
