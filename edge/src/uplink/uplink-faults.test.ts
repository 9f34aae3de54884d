import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { TestBroker, until } from '../sparkplug/test-broker.ts';
import { TestProxy } from '../sparkplug/test-proxy.ts';
import { STUCK_AFTER_MS } from './delivery-bounds.ts';
import { TestAedes } from './test-aedes.ts';
import { TestConsumer } from './test-consumer.ts';
import { TestLedger } from './test-ledger.ts';
import { quickClock } from './test-quick-clock.ts';
import type { TestStore } from './test-store.ts';
import { TestUplink } from './test-uplink.ts';

/** So much faster than the network do time-outs run where a test only waits for them; the consumer's acknowledgements then come as in production. */
const TIMES = 10;
const QUICK = { clock: quickClock(TIMES) };
/** By that clock too. */
const KEEP_ALIVE_S = 5 * TIMES;

function expectWhole(store: TestStore, ledger: TestLedger): void {
  expect(store.stored.map(({ hash }) => hash)).toEqual(ledger.events.map(({ hash }) => hash));
}

describe('a ledger whose broker fails', () => {
  it('loses nothing when the broker is killed again and again while it drains', async () => {
    await using broker = await TestBroker.start();
    await using consumer = await TestConsumer.start(broker.url);
    const ledger = new TestLedger();
    await using edge = new TestUplink(ledger, broker.url);
    for (let round = 0; round < 4; round += 1) {
      ledger.grow(3000);
      edge.uplink.recorded();
      const { length } = consumer.store.stored;
      await until('some arrived', () => consumer.store.stored.length > length);
      await broker.kill();
      ledger.grow(500);
      edge.uplink.recorded();
      await broker.restart();
    }
    await until('all are stored', () => consumer.store.stored.length === 14_000, 15_000);
    expectWhole(consumer.store, ledger);
    await until('the cursor is kept', () => ledger.loadCursor('trame')?.upTo === 14_000);
    expect(edge.uplink.counts.reconnects).toBeGreaterThanOrEqual(4);
  });

  it('notices a link that swallows everything, and loses nothing', async () => {
    await using broker = await TestBroker.start();
    await using proxy = await TestProxy.to(broker.port);
    await using consumer = await TestConsumer.start(broker.url);
    const ledger = new TestLedger();
    await using edge = new TestUplink(ledger, proxy.url, {}, { keepAliveS: 1 });
    ledger.grow(100);
    edge.uplink.recorded();
    await until('all are acknowledged', () => ledger.loadCursor('trame')?.upTo === 100);
    proxy.swallow(true);
    for (let event = 0; event < 200; event += 1) {
      ledger.grow(1);
      edge.uplink.recorded();
    }
    await until('it gives the link up', () => edge.uplink.connection.state !== 'up');
    expect(edge.uplink.connection.reason).toMatch(/keepalive|not heard/iu);
    expect(ledger.loadCursor('trame')?.upTo).toBe(100);
    proxy.swallow(false);
    proxy.cut();
    await until('all are stored', () => consumer.store.stored.length === 300);
    expectWhole(consumer.store, ledger);
  });

  it('does not pile up behind a link that takes nothing', async () => {
    await using broker = await TestBroker.start();
    await using proxy = await TestProxy.to(broker.port);
    const ledger = new TestLedger();
    await using edge = new TestUplink(ledger, proxy.url);
    await until('it is connected', () => edge.uplink.connection.state === 'up');
    proxy.hold(true);
    ledger.grow(100_000);
    for (let round = 0; round < 20; round += 1) {
      edge.uplink.recorded();
      await delay(20);
    }
    // One window, whatever the size of the ledger.
    expect(edge.uplink.deliveryCounts.bytes).toBeLessThanOrEqual(1024 * 1024);
    proxy.hold(false);
    await using consumer = await TestConsumer.start(broker.url);
    await until('it drains', () => consumer.store.stored.length > 5000, 15_000);
  });

  it('brings everything through the broker of a single PC too', async () => {
    await using broker = await TestAedes.start();
    await using consumer = await TestConsumer.start(broker.url);
    const ledger = new TestLedger();
    ledger.grow(5000);
    await using edge = new TestUplink(ledger, broker.url);
    await until('all are stored', () => edge.uplink.status[0]?.waiting === 0);
    expectWhole(consumer.store, ledger);
  });

  it('speaks MQTT 5 too', async () => {
    await using broker = await TestBroker.start();
    await using consumer = await TestConsumer.start(broker.url);
    const ledger = new TestLedger();
    ledger.grow(500);
    const edge = new TestUplink(ledger, broker.url, {}, { protocolVersion: 5 });
    await until('all are stored', () => consumer.store.stored.length === 500);
    await edge.stop();
  });

  it('is silent about nothing when another client uses its id', async () => {
    await using broker = await TestBroker.start();
    const [first, second] = [new TestLedger(), new TestLedger('second')];
    await using one = new TestUplink(first, broker.url, QUICK, { keepAliveS: KEEP_ALIVE_S });
    await using other = new TestUplink(second, broker.url, QUICK, { keepAliveS: KEEP_ALIVE_S });
    const words = () =>
      [...one.logged, ...other.logged].map(({ fields }) => String(Reflect.get(fields, 'reason')));
    await until(
      'the cause is named',
      () => words().some((reason) => /may use the same id/u.test(reason)),
      15_000,
    );
  });
});

describe('a broker that does not let the ledger publish', () => {
  it('which denies in silence, is an alarm within half a minute, and sending slows down', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'trame-acl-'));
    try {
      const acl = join(dir, 'acl');
      writeFileSync(
        acl,
        'topic readwrite trame/v1/caux/tri-1/heartbeat\ntopic readwrite trame/v1/+/+/ledger/ack/+\n',
      );
      await using broker = await TestBroker.start(['allow_anonymous true', `acl_file ${acl}`]);
      await using consumer = await TestConsumer.start(broker.url);
      const ledger = new TestLedger();
      ledger.grow(1000);
      const startMs = QUICK.clock.monotonicMs();
      await using edge = new TestUplink(ledger, broker.url, QUICK, { keepAliveS: KEEP_ALIVE_S });
      const stuck = () => edge.logged.find(({ fields }) => Reflect.get(fields, 'state') === 'stuck');
      await until('it is an alarm', stuck, STUCK_AFTER_MS + 10_000);
      expect(QUICK.clock.monotonicMs() - startMs).toBeGreaterThan(STUCK_AFTER_MS);
      expect(QUICK.clock.monotonicMs() - startMs).toBeLessThan(STUCK_AFTER_MS + 10_000);
      expect(stuck()).toMatchObject({
        level: 'warn',
        fields: { reason: expect.stringMatching(/the broker does not let it have the events/u) },
      });
      expect(edge.uplink.status).toMatchObject([{ state: 'stuck', upTo: 0, waiting: 1000 }]);
      expect(consumer.store.stored).toEqual([]);
      // A window, and then a few small probes: not a loop.
      expect(edge.uplink.deliveryCounts.eventsAgain).toBeLessThanOrEqual(5 * 50);
      expect(edge.uplink.connection.state).toBe('up');
    } finally {
      rmSync(dir, { recursive: true });
    }
  }, 60_000);

  it('which says so over MQTT 5, is told in the log once', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'trame-acl-'));
    try {
      const acl = join(dir, 'acl');
      writeFileSync(acl, 'topic read #\n');
      await using broker = await TestBroker.start(['allow_anonymous true', `acl_file ${acl}`]);
      const ledger = new TestLedger();
      ledger.grow(1000);
      await using edge = new TestUplink(ledger, broker.url, {}, { protocolVersion: 5 });
      await until('it was denied', () => edge.uplink.counts.denied > 3);
      const told = edge.logged.filter(({ message }) => message === 'the broker does not take a message');
      expect(told).toMatchObject([{ fields: { reason: expect.stringMatching(/not authorized/iu) } }]);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

  it('which cuts it off each time, is not hammered', async () => {
    await using broker = await TestAedes.start();
    broker.deniesLedger = true;
    const ledger = new TestLedger();
    ledger.grow(10);
    await using edge = new TestUplink(ledger, broker.url, QUICK, { keepAliveS: KEEP_ALIVE_S });
    await delay(10_000 / TIMES);
    const attempts = broker.accepted.filter((id) => id === 'trame-ledger:caux:tri-1').length;
    expect(attempts).toBeGreaterThanOrEqual(3);
    // Half of 0.5, 1, 2, 4, 5 s between them with the randomness of this test.
    expect(attempts).toBeLessThanOrEqual(7);
    expect(edge.uplink.connection.reason).toMatch(/again and again/u);
    broker.deniesLedger = false;
    await using consumer = await TestConsumer.start(broker.url);
    await until('it delivers when it may', () => consumer.store.stored.length === 10);
  }, 40_000);
});
