/** What events about material leave in the records, on both engines. */
import { describe, expect, it } from 'vitest';
import { messageOf, opaqueId, TEST_NOW_MS, TestLedger } from '../../ledger/test-ledger.ts';
import { RecordsLedgerStore } from '../../ledger/records-ledger-store.ts';
import { freshRecordsOf, RECORDS_ENGINES } from '../../testing/records-engines.ts';
import { localDayIn } from '../../tonnage/local-day.ts';
import { MaterialBook } from '../material-book.ts';
import { loaded, move, received, scaled, started, weighed } from './test-material.ts';

const LATER_MS = TEST_NOW_MS + 3_600_000;

describe.each(RECORDS_ENGINES)('what events say about material, on %s,', (engine) => {
  const fresh = freshRecordsOf(engine);

  async function begun() {
    const opened = await fresh();
    const { records } = opened;
    const store = new RecordsLedgerStore(records, localDayIn('Europe/Paris'));
    const ledger = new TestLedger();
    ledger.open();
    return {
      records,
      ledger,
      book: new MaterialBook(records, 'caux'),
      /** Stores what was not stored yet. */
      take: async (from: TestLedger = ledger) => {
        const taken = await store.take(from, [{ kind: 'bytes', bytes: messageOf(from.events) }], LATER_MS);
        expect(taken.lastRefused).toBeNull();
      },
      holdings: async () => {
        const rows = await records.selectFrom('holdings').selectAll().execute();
        return Object.fromEntries(rows.map(({ account, lot, grams }) => [`${account} ${lot}`, grams]));
      },
      [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
    };
  }

  it('follows a lot from its reception into a bale', async () => {
    await using it = await begun();
    const { ledger, book, take, holdings } = it;
    const reception = ledger.add('lot.received', received(1, 300_000));
    ledger.add('line.loaded', loaded(['lot:L1'], 'all', [move('lot:L1', 'line:tri-1', null)]));
    ledger.add('output.started', started(1));
    await take();
    const weighing = opaqueId('weighing');
    const weight = ledger.add(
      'output.weighed',
      weighed(1, 120_000, [move('line:tri-1', 'output:B1', { L1: 120_000 })], { weight: scaled(weighing) }),
    );
    await take();
    expect(await holdings()).toEqual({
      'collector:emmaus L1': -300_000,
      'line:tri-1 L1': 180_000,
      'output:B1 L1': 120_000,
    });
    expect(await book.lot('L1')).toMatchObject({
      number: 1,
      receivedGrams: 300_000,
      estimated: 1,
      status: 'open',
      day: '2026-11-20',
      event: reception.id,
      weightEvent: reception.id,
    });
    expect(await book.output('B1')).toMatchObject({
      status: 'stock',
      outlet: 'creme',
      netGrams: 120_000,
      weightHow: 'scale',
      weightEvent: weight.id,
    });
    expect(await book.contents('output:B1')).toEqual([{ lot: 'L1', grams: 120_000 }]);
    const claims = await it.records.selectFrom('weighing_claims').selectAll().execute();
    expect(claims).toEqual([{ site: 'caux', weighing, about: 'output:B1', event: weight.id }]);
    const journal = await it.records
      .selectFrom('journal')
      .select(['about', 'type'])
      .orderBy('seq')
      .orderBy('about')
      .execute();
    expect(journal).toEqual([
      { about: 'lot:L1', type: 'lot.received' },
      { about: 'line:tri-1', type: 'line.loaded' },
      { about: 'lot:L1', type: 'line.loaded' },
      { about: 'output:B1', type: 'output.started' },
      { about: 'output:B1', type: 'output.weighed' },
    ]);
  });
});
