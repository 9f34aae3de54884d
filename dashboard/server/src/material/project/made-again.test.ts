/** What events leave hangs on their order alone: taken one by one, together, or all at once when it is made again. */
import { describe, expect, it } from 'vitest';
import { rebuildProjections } from '../../ledger/rebuild-projections.ts';
import { opaqueId, TestLedger } from '../../ledger/test-ledger.ts';
import type { Records } from '../../records/open-records.ts';
import { freshRecordsOf, RECORDS_ENGINES } from '../../testing/records-engines.ts';
import { localDayIn } from '../../tonnage/local-day.ts';
import { move, received, scaled } from './test-material.ts';
import { differing, NONE_DIFFER, rowsOf } from './test-rows.ts';
import { TestSite } from './test-site.ts';

async function expectSameAgain(records: Records): Promise<void> {
  const right = await rowsOf(records, 'caux');
  await rebuildProjections(records, localDayIn('Europe/Paris'));
  expect(differing(right, await rowsOf(records, 'caux'))).toEqual(NONE_DIFFER);
}

describe.each(RECORDS_ENGINES)('made again, on %s,', (engine) => {
  const fresh = freshRecordsOf(engine);
  const begun = async () => new TestSite(await fresh());

  it('a lot of which something was taken back was not all sent back', async () => {
    await using site = await begun();
    const { ledger, book, records } = site;
    const there = [move('returned:emmaus', 'lot:L1', { L1: 60_000 })];
    const part = [move('lot:L1', 'returned:emmaus', { L1: 50_000 })];
    ledger.add('lot.received', received(1, 100_000));
    await site.take();
    ledger.add('lot.refused', {
      lot: 'L1',
      grams: null,
      whole: false,
      reason: 'wet',
      note: '',
      attachments: [],
      moves: [move('lot:L1', 'returned:emmaus', { L1: 60_000 })],
    });
    await site.take();
    ledger.add('mass.moved', {
      from: 'returned:emmaus',
      to: 'lot:L1',
      counted: 'weighed',
      grams: 60_000,
      weight: null,
      entry: 'screen',
      corrects: null,
      moves: there,
    });
    await site.take();
    ledger.add('lot.returned', { lot: 'L1', to: null, grams: 50_000, note: '', moves: part });
    await site.take();
    expect(await book.lot('L1')).toMatchObject({ status: 'open' });
    await expectSameAgain(records);
    ledger.add('lot.returned', { lot: 'L1', to: null, grams: 50_000, note: '', moves: part });
    await site.take();
    expect(await book.lot('L1')).toMatchObject({ status: 'returned' });
    await expectSameAgain(records);
  });

  it('a weighing that another lot claims stays its own when a load that was told of it too is set right', async () => {
    await using site = await begun();
    const { ledger, records } = site;
    const [one, two] = [opaqueId('one'), opaqueId('two')];
    const load = { container: null, grossGrams: null, tareGrams: null, netGrams: 100, weight: scaled(one) };
    ledger.add('lot.received', received(1, 100, { loads: [load] }));
    const second = ledger.add('lot.received', received(2, 100, { loads: [load] }));
    await site.take();
    ledger.add('lot.weighed', {
      lot: 'L2',
      netGrams: 90,
      weight: scaled(two),
      reason: 'correction',
      corrects: second.id,
      load: { ...load, netGrams: 90, weight: scaled(two) },
      moves: [move('lot:L2', 'collector:emmaus', { L2: 10 })],
    });
    await site.take();
    const claims = records.selectFrom('weighing_claims').select(['about', 'weighing']).orderBy('about');
    expect(await claims.execute()).toEqual([
      { about: 'lot:L1', weighing: one },
      { about: 'lot:L2', weighing: two },
    ]);
    await expectSameAgain(records);
  });

  it('what two lines tell under one id, the first told', async () => {
    await using site = await begun();
    const { ledger, book, records } = site;
    const first = ledger.add('lot.received', received(1, 300));
    await site.take();
    const stranger = new TestLedger({ line: 'tri-2', name: 'second' });
    stranger.open();
    stranger.add('lot.received', received(2, 700), { id: first.id });
    stranger.add('note.written', { about: null, text: 'after' });
    await site.take(stranger);
    expect(await book.lot('L2')).toBeUndefined();
    await expectSameAgain(records);
    // A start leaves nothing that is told under its id.
    const start = { version: '1', boot: '00000000000000aa', unclean: false, lastAliveAt: null };
    const started = stranger.add('edge.started', start);
    await site.take(stranger);
    ledger.add('lot.received', received(3, 400), { id: started.id });
    await site.take();
    expect(await book.lot('L3')).toMatchObject({ receivedGrams: 400 });
    await expectSameAgain(records);
  });
});
