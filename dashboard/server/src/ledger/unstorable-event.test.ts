/** Events that are well made and cannot be stored: refused by name, on both engines, never sent again for ever. */
import { CLOCK_OFFSET_MAX_MS } from '@trame/protocol/ledger-event';
import { describe, expect, test } from 'vitest';
import { RecordsClosed } from '../records/records-away.ts';
import { freshRecordsOf, RECORDS_ENGINES } from '../testing/records-engines.ts';
import { acceptEpoch } from './epoch-decision.ts';
import { RecordsLedgerStore } from './records-ledger-store.ts';
import { messageOf, TEST_NOW_MS, TestLedger } from './test-ledger.ts';
import type { LedgerEvent } from '@trame/protocol/ledger-event';

const DAY_MS = 24 * 3_600_000;
const message = (events: readonly LedgerEvent[]) => [{ kind: 'bytes' as const, bytes: messageOf(events) }];

describe.each(RECORDS_ENGINES)('an event that cannot be stored, on %s,', (engine) => {
  const fresh = freshRecordsOf(engine);

  async function ledgerOn(dayOf: (atMs: number) => string = () => '2026-11-20') {
    const opened = await fresh();
    const { records } = opened;
    const store = new RecordsLedgerStore(records, dayOf);
    const ledger = new TestLedger();
    ledger.open();
    const take = (events: readonly LedgerEvent[] = ledger.events) =>
      store.take(ledger, message(events), TEST_NOW_MS);
    return { records, ledger, take, [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]() };
  }

  test.each([9e15, -9e15, CLOCK_OFFSET_MAX_MS + 1, -CLOCK_OFFSET_MAX_MS - 1])(
    'is one of a clock that is off by %d ms',
    async (offsetMs) => {
      await using it = await ledgerOn();
      const { ledger, take } = it;
      ledger.addAny('future.happened', {}, { clock: { state: 'checked', offsetMs } });
      ledger.fill(1);
      const taken = await take();
      expect(taken.cursor?.upTo).toBe(1);
      expect(taken.lastRefused).toMatchObject({ code: 'invalid-event', seq: 2, blocking: true });
    },
  );

  test('is one that by the best clock known happens days ahead, or before there was anything', async () => {
    await using it = await ledgerOn();
    const { ledger, take } = it;
    const ahead = ledger.addAny('a.b', {}, { clock: { state: 'checked', offsetMs: 3 * DAY_MS } });
    expect((await take()).lastRefused).toMatchObject({ code: 'impossible-date', blocking: true });
    expect(ledger.events.pop()).toBe(ahead);
    ledger.addAny(
      'a.b',
      {},
      { occurredAt: Date.UTC(2020, 5, 1), clock: { state: 'checked', offsetMs: -300 * DAY_MS } },
    );
    expect((await take()).lastRefused).toMatchObject({ code: 'impossible-date', detail: 'before 2020' });
  });

  test('is refused by name when the server fails on it, and all before it is stored', async () => {
    await using it = await ledgerOn((atMs) => {
      if (atMs === TEST_NOW_MS - 5_000) throw new RangeError('Invalid time value');
      return '2026-11-20';
    });
    const { records, ledger, take } = it;
    ledger.fill(4);
    ledger.count('creme', 10, 10);
    const poison = ledger.count('creme', 10, 20, { to: TEST_NOW_MS - 5_000 });
    ledger.fill(3);
    for (let times = 1; times <= 2; times += 1) {
      const taken = await take();
      expect(taken.cursor?.upTo).toBe(poison.seq - 1);
      expect(taken.missing).toBe(false);
      expect(taken.stored.length).toBe(times === 1 ? poison.seq - 1 : 0);
      expect(taken.failure).toBeInstanceOf(RangeError);
      expect(taken.lastRefused).toMatchObject({ code: 'invalid-payload', seq: poison.seq, blocking: true });
      expect(taken.lastRefused?.detail).toContain('Invalid time value');
    }
    const rows = await records.selectFrom('ledger_refusals').selectAll().execute();
    expect(rows).toMatchObject([{ code: 'invalid-payload', seq: poison.seq, count: 2, blocking: 1 }]);
  });

  test('is not refused when it is the records that fail: that stays an outage', async () => {
    const outages = [new RecordsClosed('away'), Object.assign(new Error('x'), { code: '57P01' })];
    for (const failure of outages) {
      await using it = await ledgerOn(() => {
        throw failure;
      });
      const { records, ledger, take } = it;
      ledger.count('creme', 10, 10);
      await expect(take()).rejects.toBe(failure);
      expect(await records.selectFrom('ledger_events').selectAll().execute()).toEqual([]);
      expect(await records.selectFrom('ledger_refusals').selectAll().execute()).toEqual([]);
    }
  });

  test('is one whose id is that of another: in its message, in its epoch, and in the next', async () => {
    await using it = await ledgerOn();
    const { records, ledger, take } = it;
    const first = ledger.count('creme', 1000, 1000);
    const again = ledger.count('creme', 2000, 3000, { id: first.id });
    const refusal = { code: 'fork', seq: again.seq, blocking: true };
    expect((await take()).lastRefused).toMatchObject(refusal);
    expect((await take([again])).lastRefused).toMatchObject(refusal);
    const next = new TestLedger({ name: 'next' });
    next.open();
    next.addAny('future.happened', { ...first.payload }, { id: first.id });
    const store = new RecordsLedgerStore(records, () => '2026-11-20');
    await store.take(next, message(next.events), TEST_NOW_MS);
    await acceptEpoch(records, 'tri-1', next.epoch, null, TEST_NOW_MS);
    const taken = await store.take(next, message(next.events), TEST_NOW_MS);
    expect(taken.lastRefused).toMatchObject({ code: 'fork', seq: 2, epoch: next.epoch });
    expect(taken.lastRefused?.detail).toContain(ledger.epoch);
  });

  test('is none that was carried over as it was', async () => {
    await using it = await ledgerOn();
    const { records, ledger, take } = it;
    const first = ledger.count('creme', 1000, 1000);
    await take();
    const next = new TestLedger({ name: 'next' });
    next.open();
    next.addAny(first.type, first.payload ?? {}, { id: first.id });
    const store = new RecordsLedgerStore(records, () => '2026-11-20');
    await store.take(next, message(next.events), TEST_NOW_MS);
    await acceptEpoch(records, 'tri-1', next.epoch, null, TEST_NOW_MS);
    const taken = await store.take(next, message(next.events), TEST_NOW_MS);
    expect([taken.lastRefused, taken.cursor?.upTo]).toEqual([null, 2]);
    const sorted = await records.selectFrom('sorted').select('grams').execute();
    expect(sorted).toEqual([{ grams: 1000 }]);
  });
});
