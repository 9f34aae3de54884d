import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reopenLedger } from '../ledger/reopen-ledger.ts';
import type { SqliteLedger } from '../ledger/sqlite-ledger.ts';
import { countingEntropy, NAMES, TestLedgers } from '../ledger/test-line-ledger.ts';
import { TestBroker, until } from '../sparkplug/test-broker.ts';
import { TestConsumer } from './test-consumer.ts';
import { TestUplink } from './test-uplink.ts';

let dir: string;
let ledgers: TestLedgers;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'trame-kept-'));
  ledgers = new TestLedgers(join(dir, 'edge'));
});

afterEach(() => {
  ledgers.close();
  rmSync(dir, { recursive: true });
});

async function record(ledger: SqliteLedger, count: number, name: string): Promise<void> {
  const records = Array.from({ length: count }, (_, index) => ledgers.record(`${name}-${index}`));
  expect(await ledger.append(records)).toMatchObject({ kind: 'stored' });
}

describe('a ledger on disk', () => {
  it('is delivered while it grows, and goes on from the kept cursor after a restart', async () => {
    await using broker = await TestBroker.start();
    await using consumer = await TestConsumer.start(broker.url);
    let told: TestUplink | null = null;
    const onStored = (): void => told?.uplink.recorded();
    const first = ledgers.open({ onStored });
    told = new TestUplink(first, broker.url);
    for (let round = 0; round < 20; round += 1) await record(first, 100, `a${round}`);
    const whole = first.head.seq;
    await until('all are stored', () => consumer.store.stored.length === whole);
    await until('the cursor is kept', () => first.loadCursor('trame')?.upTo === whole);
    await told.stop();
    ledgers.close();
    const second = ledgers.open({ onStored });
    told = new TestUplink(second, broker.url);
    await record(second, 7, 'b');
    await until('the rest is stored', () => consumer.store.stored.length === whole + 7);
    expect(told.uplink.deliveryCounts).toMatchObject({ events: 7, eventsAgain: 0 });
    expect(consumer.store.stored.at(-1)?.hash).toBe(second.head.hash);
    await told.stop();
  });

  it('that was restored from a copy stops, is reopened, is accepted, and brings every event under its id', async () => {
    await using broker = await TestBroker.start();
    await using consumer = await TestConsumer.start(broker.url);
    const { store } = consumer;
    const lived = ledgers.open();
    await record(lived, 30, 'kept');
    const before = new TestUplink(lived, broker.url);
    await until('the cursor is kept', () => lived.loadCursor('trame')?.upTo === lived.head.seq);
    await before.stop();
    ledgers.close();
    const copy = join(dir, 'copy');
    cpSync(join(dir, 'edge'), copy, { recursive: true });

    const afterCopy = ledgers.open();
    await record(afterCopy, 20, 'lost');
    const later = new TestUplink(afterCopy, broker.url);
    await until('the cursor is kept', () => afterCopy.loadCursor('trame')?.upTo === afterCopy.head.seq);
    await later.stop();
    ledgers.close();

    // Ids of a machine that lives again are others.
    const entropy = countingEntropy(1_000_000);
    const restored = ledgers.open({ dataDir: copy, entropy });
    const contradicted = new TestUplink(restored, broker.url);
    const state = () => contradicted.uplink.status[0]?.state;
    await until('it learns that the consumer has more', () => state() === 'cursor-ahead');
    await record(restored, 25, 'new');
    contradicted.uplink.recorded();
    await until('it learns that the consumer has other events', () => state() === 'fork');
    await contradicted.stop();
    ledgers.close();
    const stored = store.stored.length;

    const now = { nowMs: ledgers.clock.nowMs(), entropy, isForReal: true, reason: 'restored' } as const;
    const { head } = reopenLedger({ dataDir: copy, names: NAMES, consumers: ['trame'], ...now });
    const reopened = ledgers.open({ dataDir: copy, entropy });
    await using edge = new TestUplink(reopened, broker.url);
    await until('it is refused', () => edge.uplink.status[0]?.state === 'refusing');
    expect(edge.uplink.status[0]?.reason).toMatch(/^unknown-epoch.*a person must accept/u);
    expect(store.stored).toHaveLength(stored);

    // A person accepts it: what was stored stays, the line goes on in the new epoch.
    const ids = new Set(store.stored.map(({ id }) => id));
    store.stored.length = 0;
    store.epoch = head.epoch;
    store.refused = undefined;
    await until('all is stored', () => edge.uplink.status[0]?.waiting === 0);
    expect(store.stored.map(({ hash }) => hash)).toEqual(reopened.read(1, 200).map(({ hash }) => hash));
    const carried = store.stored.filter(({ id }) => !ids.has(id));
    // What opens the epoch, and what was recorded after the copy; nothing of before comes under another id.
    expect(carried).toHaveLength(1 + 25);
    expect(edge.uplink.status).toMatchObject([{ state: 'following', upTo: reopened.head.seq }]);
  });
});
