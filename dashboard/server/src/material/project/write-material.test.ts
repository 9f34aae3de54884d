/** What events about material leave in the records, on both engines. */
import { describe, expect, it } from 'vitest';
import { opaqueId, TEST_NOW_MS, TestLedger } from '../../ledger/test-ledger.ts';
import { freshRecordsOf, RECORDS_ENGINES } from '../../testing/records-engines.ts';
import { loaded, move, received, scaled, started, TYPED, weighed } from './test-material.ts';
import { TestSite } from './test-site.ts';

describe.each(RECORDS_ENGINES)('what events say about material, on %s,', (engine) => {
  const fresh = freshRecordsOf(engine);
  const begun = async () => new TestSite(await fresh());

  it('follows a lot from its reception into a bale', async () => {
    await using site = await begun();
    const { ledger, book, records } = site;
    const reception = ledger.add('lot.received', received(1, 300_000));
    ledger.add('line.loaded', loaded(['lot:L1'], 'all', [move('lot:L1', 'line:tri-1', null)]));
    ledger.add('output.started', started(1));
    await site.take();
    const weighing = opaqueId('weighing');
    const weight = ledger.add(
      'output.weighed',
      weighed(1, 120_000, [move('line:tri-1', 'output:B1', { L1: 120_000 })], { weight: scaled(weighing) }),
    );
    await site.take();
    expect(await site.holdings()).toEqual({
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
    const claims = await records.selectFrom('weighing_claims').selectAll().execute();
    expect(claims).toEqual([{ site: 'caux', weighing, about: 'output:B1', event: weight.id }]);
    const journal = records.selectFrom('journal').select(['about', 'type']).orderBy('seq').orderBy('about');
    expect(await journal.execute()).toEqual([
      { about: 'lot:L1', type: 'lot.received' },
      { about: 'line:tri-1', type: 'line.loaded' },
      { about: 'lot:L1', type: 'line.loaded' },
      { about: 'output:B1', type: 'output.started' },
      { about: 'output:B1', type: 'output.weighed' },
    ]);
  });

  it('keeps what a lot was weighed and refused, and where it came from when that is known', async () => {
    await using site = await begun();
    const { ledger, book } = site;
    const reception = ledger.add('lot.received', received(1, 1, { loads: [], moves: [], collector: null }));
    await site.take();
    expect(await book.lot('L1')).toMatchObject({ receivedGrams: null, weightEvent: null, collector: null });
    const bridge = { how: 'weighbridge', weighing: null, scale: null, intervalGrams: 20_000 } as const;
    const late = ledger.add('lot.weighed', {
      lot: 'L1',
      netGrams: 800_000,
      weight: bridge,
      reason: 'late',
      corrects: null,
      moves: [move('collector:unknown', 'lot:L1', { L1: 800_000 })],
    });
    ledger.add('lot.refused', {
      lot: 'L1',
      grams: 50_000,
      whole: false,
      reason: 'soiled',
      note: '',
      attachments: [],
      moves: [move('lot:L1', 'returned:unknown', { L1: 50_000 })],
    });
    ledger.add('lot.attributed', {
      lot: 'L1',
      collector: 'emmaus',
      points: [{ point: 'p', fillPercent: 80 }],
      communes: [{ insee: '76540', name: 'Rouen', permille: 1000 }],
      allocation: 'fill-level',
      corrects: reception.id,
      note: '',
      moves: [move('collector:emmaus', 'collector:unknown', { L1: 800_000 })],
    });
    await site.take();
    expect(await book.lot('L1')).toMatchObject({
      receivedGrams: 800_000,
      refusedGrams: 50_000,
      estimated: 0,
      weightEvent: late.id,
      status: 'open',
      collector: 'emmaus',
      allocation: 'fill-level',
      communes: '[{"insee":"76540","name":"Rouen","permille":1000}]',
    });
    expect(await site.holdings()).toEqual({
      'collector:emmaus L1': -800_000,
      'lot:L1 L1': 750_000,
      'returned:unknown L1': 50_000,
    });
    const back = { lot: 'L1', to: null, note: '' };
    const part = [move('lot:L1', 'returned:emmaus', { L1: 250_000 })];
    ledger.add('lot.returned', { ...back, grams: 250_000, moves: part });
    await site.take();
    expect((await book.lot('L1'))?.status).toBe('open');
    const rest = [move('lot:L1', 'returned:emmaus', null)];
    ledger.add('lot.returned', { ...back, grams: 500_000, moves: rest });
    await site.take();
    expect((await book.lot('L1'))?.status).toBe('returned');
    const corrected = site.records.selectFrom('journal').selectAll().where('corrects', 'is not', null);
    expect(await corrected.execute()).toMatchObject([
      { about: 'lot:L1', type: 'lot.attributed', corrects: reception.id },
    ]);
  });

  it('splits and merges lots, which keep what came in with each', async () => {
    await using site = await begun();
    const { ledger, book } = site;
    ledger.add('lot.received', received(1, 300));
    ledger.add('lot.received', received(2, 100, { collector: 'other', condition: 'wet' }));
    ledger.add('lot.split', {
      lot: 'L1',
      into: [{ lot: 'L3', number: 3, grams: 120 }],
      moves: [move('lot:L1', 'lot:L3', { L1: 120 })],
    });
    ledger.add('lot.merged', {
      lots: ['L2', 'L3'],
      into: 'L4',
      number: 4,
      moves: [move('lot:L2', 'lot:L4', null), move('lot:L3', 'lot:L4', null)],
    });
    await site.take();
    expect(await book.lot('L3')).toMatchObject({ kind: 'split', collector: 'emmaus', receivedGrams: 120 });
    expect(await book.lot('L3')).toMatchObject({ status: 'merged' });
    expect(await book.lot('L4')).toMatchObject({
      kind: 'merged',
      collector: null,
      condition: 'wet',
      receivedGrams: 220,
      status: 'open',
      usualName: 'TLC',
    });
    expect(await book.contents('lot:L4')).toEqual([
      { lot: 'L1', grams: 120 },
      { lot: 'L2', grams: 100 },
    ]);
  });

  it('gives a weighing to who claims it first, and free when it was another’s', async () => {
    await using site = await begun();
    const { ledger } = site;
    const [one, two] = [opaqueId('one'), opaqueId('two')];
    for (const number of [1, 2, 3]) ledger.add('output.started', started(number));
    const first = ledger.add('output.weighed', weighed(1, 5, [], { weight: scaled(one) }));
    ledger.add('output.weighed', weighed(2, 5, [], { weight: scaled(one) }));
    const claims = async () => {
      await site.take();
      const rows = await site.records.selectFrom('weighing_claims').selectAll().orderBy('about').execute();
      return rows.map(({ about, weighing }) => [about, weighing === one ? 'one' : 'two']);
    };
    expect(await claims()).toEqual([['output:B1', 'one']]);
    ledger.add('output.weighed', weighed(1, 6, [], { weight: scaled(two), corrects: first.id }));
    ledger.add('output.weighed', weighed(3, 5, [], { weight: scaled(one) }));
    expect(await claims()).toEqual([
      ['output:B1', 'two'],
      ['output:B3', 'one'],
    ]);
    ledger.add('output.voided', { output: 'B3', reason: 'twice', corrects: first.id, moves: [] });
    expect(await claims()).toEqual([['output:B1', 'two']]);
    ledger.add('output.weighed', weighed(2, 5, [], { weight: scaled(one) }));
    expect(await claims()).toEqual([
      ['output:B1', 'two'],
      ['output:B2', 'one'],
    ]);
  });

  it('tells starts of an edge and what people answered, whichever comes first', async () => {
    await using site = await begun();
    const { ledger } = site;
    const answer = { line: 'tri-1', presses: [], bins: [], clockRight: true, note: '' };
    const [boot, other] = ['00000000000000aa', '00000000000000bb'];
    const start = { version: '1', unclean: true, lastAliveAt: TEST_NOW_MS - 60_000 };
    const began = ledger.add('edge.started', { ...start, boot });
    const early = ledger.add('restart.answered', { ...answer, boot: other });
    await site.take();
    const answered = ledger.add('restart.answered', { ...answer, boot });
    ledger.add('restart.answered', { ...answer, boot });
    const late = ledger.add('edge.started', { ...start, boot: other, unclean: false, lastAliveAt: null });
    await site.take();
    const line = { site: 'caux', line: 'tri-1' };
    const lastAliveAt = start.lastAliveAt;
    expect(await site.records.selectFrom('restarts').selectAll().orderBy('boot').execute()).toEqual([
      {
        ...line,
        boot,
        startedAt: began.occurredAt,
        unclean: 1,
        lastAliveAt,
        answeredAt: answered.occurredAt,
      },
      {
        ...line,
        boot: other,
        startedAt: late.occurredAt,
        unclean: 0,
        lastAliveAt: null,
        answeredAt: early.occurredAt,
      },
    ]);
  });

  it('keeps the log book of scales, audits, teams, campaigns, closed months and documents', async () => {
    await using site = await begun();
    const { ledger, records, book } = site;
    const verified = { scale: 'floor', on: '2026-11-19', request: opaqueId('request') };
    ledger.add('scale.verified', { ...verified, outcome: 'accepted', due: '2027-11-19' });
    ledger.add('scale.verified', { ...verified, outcome: 'refused', due: null });
    ledger.add('scale.logged', { scale: 'floor', entry: 'repair', on: '2026-11-20', text: 'cell\0changed' });
    const misplaced = [
      { outlet: 'csr', grams: 300 },
      { outlet: 'essuyage', grams: 50 },
    ];
    ledger.add('outlet.audited', {
      line: 'tri-1',
      outlet: 'creme',
      sampledGrams: 5_000,
      misplaced,
      note: '',
    });
    ledger.add('shift.opened', { shift: 'S1', line: 'tri-1', team: 'A', posts: [{ post: 'p', heads: 4 }] });
    ledger.add('campaign.opened', { campaign: 'C1', line: 'tri-1', name: 'Hiver' });
    const closing = ledger.add('shift.closed', { shift: 'S1', unclaimed: 0, note: '' });
    ledger.add('campaign.closed', { campaign: 'C9', note: '' });
    ledger.add('month.closed', { month: '2026-10', note: '' });
    const attachment = {
      sha256: 'a'.repeat(64),
      name: 'bon\0.jpg',
      media: 'image/jpeg',
      bytes: 9,
      kind: 'photo',
    } as const;
    ledger.add('document.attached', { about: 'lot:L1', attachment });
    await site.take();
    const log = records.selectFrom('scale_log').select(['entry', 'onDay', 'due', 'text']).orderBy('at');
    expect(await log.execute()).toEqual([
      { entry: 'verification', onDay: '2026-11-19', due: '2027-11-19', text: '' },
      { entry: 'refusal', onDay: '2026-11-19', due: null, text: '' },
      { entry: 'repair', onDay: '2026-11-20', due: null, text: 'cell\uFFFDchanged' },
    ]);
    expect(await records.selectFrom('audits').selectAll().execute()).toMatchObject([
      { outlet: 'creme', sampledGrams: 5_000, misplacedGrams: 350 },
    ]);
    expect(await book.shift('S1')).toMatchObject({
      closedAt: closing.occurredAt,
      posts: '[{"heads":4,"post":"p"}]',
    });
    expect(await book.campaign('C1')).toMatchObject({ name: 'Hiver', closedAt: null });
    expect(await book.campaign('C9')).toBeUndefined();
    expect([await book.isMonthClosed('2026-10-31'), await book.isMonthClosed('2026-11-01')]).toEqual([
      true,
      false,
    ]);
    expect(await records.selectFrom('documents').selectAll().execute()).toMatchObject([
      { about: 'lot:L1', sha256: attachment.sha256, name: 'bon\uFFFD.jpg', bytes: 9 },
    ]);
  });

  it('goes on when it is told of what it never heard of', async () => {
    await using site = await begun();
    const { ledger, book } = site;
    ledger.add('output.weighed', weighed(77, 900, [move('bin:tri-1/creme', 'output:B77', { L5: 900 })]));
    ledger.add('lot.refused', {
      lot: 'L66',
      grams: 5,
      whole: true,
      reason: 'wet',
      note: '',
      attachments: [],
      moves: [move('lot:L66', 'returned:emmaus', null)],
    });
    ledger.add('shipment.dispatched', {
      shipment: 'E5',
      outputs: 1,
      netGrams: 5,
      vehicle: null,
      annexVii: null,
      attachments: [],
      moves: [move('output:B78', 'client:frip', null)],
    });
    ledger.add('container.placed', { container: 'C-9', zone: 'a' });
    ledger.addAny('lot.dreamt', { lot: 'L1' });
    const withheld = ledger.add('lot.received', received(1, 400));
    ledger.events[ledger.events.length - 1] = { ...withheld, payload: null };
    await site.take();
    expect(await book.output('B77')).toMatchObject({ number: 77, outlet: 'unknown', netGrams: 900 });
    expect(await book.lot('L66')).toMatchObject({ number: 66, status: 'refused', refusedGrams: 5 });
    expect(await book.shipment('E5')).toMatchObject({ number: 5, status: 'dispatched', partner: '' });
    expect(await book.nextNumber('outputs')).toBe(78);
    // What was never there comes out of the line's difference, and no place holds less than nothing.
    expect(await site.holdings()).toEqual({ 'difference:tri-1 L5': -900, 'output:B77 L5': 900 });
  });

  it('takes the first of what is told twice under one name, or under one id by two lines', async () => {
    await using site = await begun();
    const { ledger, book } = site;
    const first = ledger.add('lot.received', received(1, 300));
    ledger.add('lot.received', received(1, 500, { collector: 'other' }));
    await site.take();
    const stranger = new TestLedger({ line: 'tri-2', name: 'second' });
    stranger.open();
    stranger.add('lot.received', received(2, 700), { id: first.id });
    stranger.add('note.written', { about: null, text: 'after' });
    await site.take(stranger);
    expect(await book.lot('L1')).toMatchObject({ collector: 'emmaus', receivedGrams: 300 });
    expect(await book.lot('L2')).toBeUndefined();
    expect(await site.holdings()).toEqual({ 'collector:emmaus L1': -800, 'lot:L1 L1': 800 });
    const notes = site.records.selectFrom('journal').select(['about', 'line']).where('line', '=', 'tri-2');
    expect(await notes.execute()).toEqual([{ about: 'line:tri-2', line: 'tri-2' }]);
  });

  it('weighs a container where it is received or moved, if it was ever declared', async () => {
    await using site = await begun();
    const { ledger, book } = site;
    const container = { kind: 'cage', tareGrams: 48_000, volumeLitres: null, retired: false } as const;
    ledger.add('container.declared', { ...container, container: 'C-1' });
    const load = { grossGrams: null, tareGrams: null, netGrams: 100, weight: TYPED };
    const reception = ledger.add(
      'lot.received',
      received(1, 200, {
        loads: [
          { ...load, container: 'C-1' },
          { ...load, container: 'C-2' },
        ],
        zone: 'quai',
        moves: [
          move('collector:emmaus', 'container:C-1', { L1: 100 }),
          move('collector:emmaus', 'container:C-2', { L1: 100 }),
        ],
      }),
    );
    ledger.add('container.declared', { ...container, container: 'C-1', tareGrams: 50_000 });
    await site.take();
    expect(await book.container('C-1')).toMatchObject({
      tareGrams: 50_000,
      zone: 'quai',
      weighedAt: reception.occurredAt,
    });
    expect(await book.container('C-2')).toBeUndefined();
    expect(await book.contents('container:C-2')).toEqual([{ lot: 'L1', grams: 100 }]);
  });
});
