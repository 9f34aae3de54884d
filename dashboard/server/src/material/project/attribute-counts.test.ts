/** Whose material the scales of a line count. */
import { describe, expect, it } from 'vitest';
import { TEST_NOW_MS, TestLedger } from '../../ledger/test-ledger.ts';
import { freshRecordsOf, RECORDS_ENGINES } from '../../testing/records-engines.ts';
import { loaded, move, received, started, weighed } from './test-material.ts';
import { TestSite } from './test-site.ts';

describe.each(RECORDS_ENGINES)('what a line counts, on %s,', (engine) => {
  const fresh = freshRecordsOf(engine);
  const begun = async () => new TestSite(await fresh());

  it('comes from the lots at the infeed by what is left of them, and falls mixed into the bins', async () => {
    await using site = await begun();
    const { ledger, book } = site;
    ledger.add('lot.received', received(1, 3_000));
    ledger.add('lot.received', received(2, 1_000));
    ledger.add('line.loaded', loaded(['lot:L1', 'lot:L2'], 'by-infeed'));
    const counted = site.count({ 'outlet.creme': 400, input: 2_000 });
    await site.take();
    expect(await site.holdings()).toEqual({
      'collector:emmaus L1': -3_000,
      'collector:emmaus L2': -1_000,
      'lot:L1 L1': 1_500,
      'lot:L2 L2': 500,
      'line:tri-1 L1': 1_200,
      'line:tri-1 L2': 400,
      'bin:tri-1/creme L1': 300,
      'bin:tri-1/creme L2': 100,
    });
    expect(await book.postings(counted.id)).toMatchObject([
      { n: 0, at: TEST_NOW_MS, day: '2026-11-20', type: 'throughput.counted', fromAccount: 'lot:L1' },
      { n: 1, fromAccount: 'lot:L2', toAccount: 'line:tri-1', lot: 'L2', grams: 500 },
      { n: 2, fromAccount: 'line:tri-1', toAccount: 'bin:tri-1/creme', lot: 'L1', grams: 300 },
      { n: 3, fromAccount: 'line:tri-1', toAccount: 'bin:tri-1/creme', lot: 'L2', grams: 100 },
    ]);
  });

  it('is the line’s difference where nothing there accounts for it', async () => {
    await using site = await begun();
    const { ledger } = site;
    site.count({ input: 50, 'outlet.creme': 80 });
    ledger.add('lot.received', received(1, 100));
    ledger.add('line.loaded', loaded(['lot:L1'], 'by-infeed'));
    site.count({ input: 130 });
    await site.take();
    expect(await site.holdings()).toEqual({
      'collector:emmaus L1': -100,
      'difference:tri-1 unknown': -110,
      'line:tri-1 L1': 100,
      'line:tri-1 unknown': 30,
      'bin:tri-1/creme unknown': 80,
    });
  });

  it('is taken of what is on when it is counted, between acts of people', async () => {
    await using site = await begun();
    const { ledger } = site;
    ledger.add('lot.received', received(1, 1_000));
    ledger.add('lot.received', received(2, 1_000));
    ledger.add('line.loaded', loaded(['lot:L1'], 'by-infeed'));
    site.count({ input: 100 });
    ledger.add('line.unloaded', { line: 'tri-1', from: 'lot:L1', grams: 0, note: '', moves: [] });
    ledger.add('line.loaded', loaded(['lot:L2'], 'by-infeed'));
    site.count({ input: 200, 'outlet.creme': 300 });
    ledger.add('output.started', started(1));
    const moves = [move('bin:tri-1/creme', 'output:B1', { L1: 100, L2: 200 })];
    ledger.add('output.weighed', weighed(1, 300, moves));
    await site.take();
    expect(await site.holdings()).toEqual({
      'collector:emmaus L1': -1_000,
      'collector:emmaus L2': -1_000,
      'lot:L1 L1': 900,
      'lot:L2 L2': 800,
      'output:B1 L1': 100,
      'output:B1 L2': 200,
    });
  });

  it('leaves a lot at the infeed until it is used up and another is on', async () => {
    await using site = await begun();
    const { ledger, book } = site;
    ledger.add('lot.received', received(1, 100));
    ledger.add('line.loaded', loaded(['lot:L1'], 'by-infeed'));
    site.count({ input: 100 });
    await site.take();
    expect(await book.infeed('tri-1')).toEqual(['lot:L1']);
    ledger.add('lot.received', received(2, 100));
    ledger.add('lot.received', received(3, 100, { loads: [], moves: [] }));
    ledger.add('line.loaded', loaded(['lot:L2'], 'by-infeed'));
    await site.take();
    expect(await book.infeed('tri-1')).toEqual(['lot:L2']);
    ledger.add('line.loaded', loaded(['lot:L3'], 'all'));
    await site.take();
    expect(await book.infeed('tri-1')).toEqual(['lot:L2']);
    ledger.add('line.unloaded', { line: 'tri-1', from: 'lot:L2', grams: 0, note: '', moves: [] });
    await site.take();
    expect(await book.infeed('tri-1')).toEqual([]);
  });

  it('takes of all lots in a container, and of more lots than one movement tells apart', async () => {
    await using site = await begun();
    const { ledger, book } = site;
    for (let number = 1; number <= 230; number += 1) {
      const lot = { [`L${number}`]: number };
      ledger.add(
        'lot.received',
        received(number, number, { moves: [move('collector:a', 'container:C', lot)] }),
      );
    }
    ledger.add('line.loaded', loaded(['container:C'], 'by-infeed'));
    const all = (230 * 231) / 2;
    site.count({ input: all - 10, 'outlet.creme': all - 20 });
    await site.take();
    const sum = async (account: string) =>
      (await book.contents(account)).reduce((total, { grams }) => total + grams, 0);
    expect([await sum('container:C'), await sum('line:tri-1'), await sum('bin:tri-1/creme')]).toEqual([
      10,
      10,
      all - 20,
    ]);
    expect(await site.holdings()).not.toHaveProperty('difference:tri-1 unknown');
  });

  it('counts once what a restored edge counts again, as the tonnage does', async () => {
    await using site = await begun();
    const { ledger } = site;
    const source = { device: 'scale', tag: 't', generation: 0 };
    const count = (grams: number, sourceGrams: number) =>
      ledger.add('throughput.counted', {
        from: TEST_NOW_MS,
        to: TEST_NOW_MS + 1,
        counts: [{ counter: 'outlet.creme', grams, totalGrams: sourceGrams, source, sourceGrams }],
      });
    count(500, 500);
    count(400, 600);
    count(400, 600);
    await site.take();
    const sorted = await site.records.selectFrom('sorted').select('grams').execute();
    expect(sorted).toEqual([{ grams: 600 }]);
    expect(await site.holdings()).toMatchObject({ 'bin:tri-1/creme unknown': 600 });
  });

  it('is another line’s own', async () => {
    await using site = await begun();
    const { ledger, book } = site;
    ledger.add('lot.received', received(1, 1_000));
    ledger.add('line.loaded', { ...loaded(['lot:L1'], 'by-infeed'), line: 'tri-2' });
    site.count({ input: 10 });
    await site.take();
    const other = new TestLedger({ line: 'tri-2', name: 'second' });
    other.open();
    site.count({ input: 100, 'outlet.creme': 60 }, other);
    await site.take(other);
    expect(await site.holdings()).toEqual({
      'collector:emmaus L1': -1_000,
      'difference:tri-1 unknown': -10,
      'line:tri-1 unknown': 10,
      'lot:L1 L1': 900,
      'line:tri-2 L1': 40,
      'bin:tri-2/creme L1': 60,
    });
    expect(await book.infeed('tri-2')).toEqual(['lot:L1']);
  });
});
