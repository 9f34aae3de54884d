/** Bales from the press to the truck, and back: their states, and where their grams are. */
import { describe, expect, it } from 'vitest';
import { freshRecordsOf, RECORDS_ENGINES } from '../../testing/records-engines.ts';
import { move, received, started, TYPED, weighed } from './test-material.ts';
import { TestSite } from './test-site.ts';

async function statuses(site: TestSite): Promise<Record<string, string>> {
  await site.take();
  const rows = await site.records.selectFrom('outputs').select(['output', 'status']).execute();
  return Object.fromEntries(rows.map(({ output, status }) => [output, status]));
}

describe.each(RECORDS_ENGINES)('a bale, on %s,', (engine) => {
  const fresh = freshRecordsOf(engine);

  /** A site with so many bales of 100 g out of one lot of 1 kg on the line. */
  async function withBales(count: number): Promise<TestSite> {
    const site = new TestSite(await fresh());
    site.ledger.add(
      'lot.received',
      received(1, 1_000, { moves: [move('collector:emmaus', 'line:tri-1', { L1: 1_000 })] }),
    );
    for (let number = 1; number <= count; number += 1) {
      site.ledger.add('output.started', started(number));
      const moves = [move('line:tri-1', `output:B${number}`, { L1: 100 })];
      site.ledger.add('output.weighed', weighed(number, 100, moves));
    }
    await site.take();
    return site;
  }

  it('goes through press, scale, label, place and outlet', async () => {
    await using site = await withBales(0);
    const { ledger, book } = site;
    ledger.add('output.started', started(1, { sheet: 'F-12' }));
    expect(await statuses(site)).toEqual({ B1: 'started' });
    ledger.add('output.pressed', { output: 'B1', toWeigh: false });
    expect(await statuses(site)).toEqual({ B1: 'pressed' });
    ledger.add('output.pressed', { output: 'B1', toWeigh: true });
    expect(await statuses(site)).toEqual({ B1: 'to-weigh' });
    const first = ledger.add(
      'output.weighed',
      weighed(1, 400, [move('line:tri-1', 'output:B1', { L1: 400 })], { unusual: true, pieces: 12 }),
    );
    ledger.add('output.labelled', { output: 'B1', code: '376130321109103420', how: 'printed', printer: 'z' });
    ledger.add('output.labelled', {
      output: 'B1',
      code: '376130321109103420',
      how: 'reprinted',
      printer: 'z',
    });
    ledger.add('output.placed', { output: 'B1', zone: 'a' });
    ledger.add('output.reclassified', { output: 'B1', from: 'creme', outlet: 'csr', reason: 'dirty' });
    expect(await statuses(site)).toEqual({ B1: 'stock' });
    const bale = {
      outlet: 'csr',
      code: '376130321109103420',
      labels: 2,
      zone: 'a',
      sheet: 'F-12',
      netGrams: 400,
      unusual: 1,
      pieces: 12,
      weightEvent: first.id,
    };
    expect(await book.output('B1')).toMatchObject(bale);
    expect(await book.outputBySheet('F-12')).toMatchObject({ output: 'B1' });
    // The day after, weighed again: it stays a bale of its day.
    const day = 24 * 3_600_000;
    const again = ledger.add(
      'output.weighed',
      weighed(1, 390, [move('output:B1', 'difference:tri-1', { L1: 10 })], {
        corrects: first.id,
        changeGrams: -10,
      }),
      { occurredAt: first.occurredAt + day, recordedAt: first.recordedAt + day },
    );
    await site.take();
    expect(await book.output('B1')).toMatchObject({
      ...bale,
      unusual: 0,
      pieces: null,
      netGrams: 390,
      day: '2026-11-20',
      weighedAt: again.occurredAt,
      weightEvent: again.id,
    });
    expect(await site.holdings()).toMatchObject({ 'output:B1 L1': 390, 'difference:tri-1 L1': 10 });
  });

  it('is opened, pressed into another, voided, damaged, lost and found', async () => {
    await using site = await withBales(6);
    const { ledger, book } = site;
    const bin = 'bin:tri-1/creme';
    ledger.add('output.opened', {
      output: 'B1',
      to: bin,
      reason: '',
      moves: [move('output:B1', bin, null)],
    });
    ledger.add('output.repressed', {
      outputs: ['B2', 'B3'],
      into: 'B4',
      moves: [move('output:B2', 'output:B4', null), move('output:B3', 'output:B4', null)],
    });
    const voided = ledger.events.at(-1)?.id ?? '';
    ledger.add('output.voided', {
      output: 'B5',
      reason: '',
      corrects: voided,
      moves: [move('output:B5', 'line:tri-1', null)],
    });
    ledger.add('output.damaged', {
      output: 'B6',
      lostGrams: 30,
      reason: 'rain',
      attachments: [],
      moves: [move('output:B6', 'difference:tri-1', { L1: 30 })],
    });
    ledger.add('output.missing', {
      output: 'B6',
      reason: 'stolen',
      moves: [move('output:B6', 'missing:site', null)],
    });
    expect(await statuses(site)).toEqual({
      B1: 'opened',
      B2: 'repressed',
      B3: 'repressed',
      B4: 'stock',
      B5: 'voided',
      B6: 'missing',
    });
    expect(await book.output('B6')).toMatchObject({ damaged: 1, netGrams: 70 });
    expect(await site.holdings()).toEqual({
      'collector:emmaus L1': -1_000,
      'line:tri-1 L1': 500,
      [`${bin} L1`]: 100,
      'output:B4 L1': 300,
      'difference:tri-1 L1': 30,
      'missing:site L1': 70,
    });
    ledger.add('output.found', {
      output: 'B6',
      zone: 'b',
      corrects: null,
      moves: [move('missing:site', 'output:B6', { L1: 70 })],
    });
    expect((await statuses(site))['B6']).toBe('stock');
    expect(await book.outputsIn('b')).toMatchObject([{ output: 'B6' }]);
  });

  it('is loaded, shipped, refused in part by the client, and comes back', async () => {
    await using site = await withBales(4);
    const { ledger, book } = site;
    const opened = { partner: 'frip', purpose: 'delivery', transporter: null, vehicle: 'AB-1' } as const;
    const more = { operation: 'R3', wasteCode: null, note: '' } as const;
    ledger.add('shipment.opened', { ...opened, ...more, shipment: 'E1', number: 1 });
    for (const output of ['B1', 'B2', 'B3', 'B4']) {
      const weight = output === 'B1' ? TYPED : null;
      const checkGrams = output === 'B1' ? 101 : null;
      ledger.add('shipment.loaded', { shipment: 'E1', output, checkGrams, differenceGrams: null, weight });
    }
    ledger.add('shipment.unloaded', { shipment: 'E1', output: 'B4', reason: '' });
    expect(await statuses(site)).toEqual({ B1: 'loaded', B2: 'loaded', B3: 'loaded', B4: 'stock' });
    const out = ['B1', 'B2', 'B3'];
    const left = ledger.add('shipment.dispatched', {
      shipment: 'E1',
      outputs: 3,
      netGrams: 300,
      vehicle: null,
      annexVii: null,
      attachments: [],
      moves: out.map((output) => move(`output:${output}`, 'client:frip', null)),
    });
    expect(await statuses(site)).toEqual({ B1: 'shipped', B2: 'shipped', B3: 'shipped', B4: 'stock' });
    ledger.add('shipment.received', {
      shipment: 'E1',
      clientGrams: 297,
      differenceGrams: -3,
      refused: ['B2'],
      reason: 'wet',
      attachments: [],
    });
    ledger.add('shipment.returned', {
      shipment: 'E1',
      outputs: ['B2'],
      zone: 'a',
      reason: 'wet',
      moves: [move('client:frip', 'output:B2', { L1: 100 })],
    });
    expect(await statuses(site)).toEqual({ B1: 'shipped', B2: 'stock', B3: 'shipped', B4: 'stock' });
    expect(await book.shipment('E1')).toMatchObject({
      status: 'received',
      dispatchedAt: left.occurredAt,
      vehicle: 'AB-1',
      netGrams: 300,
      clientGrams: 297,
    });
    expect(await book.shipmentOutputs('E1')).toMatchObject([
      { output: 'B1', state: 'dispatched', checkGrams: 101, netGrams: 100 },
      { output: 'B2', state: 'returned', checkGrams: null, netGrams: 100 },
      { output: 'B3', state: 'dispatched' },
    ]);
    expect(await book.output('B2')).toMatchObject({ zone: 'a', shipment: null });
    expect(await book.output('B1')).toMatchObject({ zone: null, shipment: 'E1' });
    expect(await site.holdings()).toMatchObject({ 'client:frip L1': 200, 'output:B2 L1': 100 });
    const history = site.records.selectFrom('journal').select('type').where('about', '=', 'output:B2');
    expect((await history.orderBy('seq').execute()).map(({ type }) => type)).toEqual([
      'output.started',
      'output.weighed',
      'shipment.loaded',
      'shipment.dispatched',
      'shipment.received',
      'shipment.returned',
    ]);
  });

  it('stays in stock when its shipment is cancelled, and comes back sorted from a subcontractor', async () => {
    await using site = await withBales(2);
    const { ledger, book } = site;
    const opened = { partner: 'essor', purpose: 'subcontract', transporter: null, vehicle: null } as const;
    const more = { operation: 'R12', wasteCode: '19 12 12', note: '' } as const;
    const load = { checkGrams: null, differenceGrams: null, weight: null };
    ledger.add('shipment.opened', { ...opened, ...more, shipment: 'E1', number: 1 });
    ledger.add('shipment.loaded', { ...load, shipment: 'E1', output: 'B1' });
    ledger.add('shipment.cancelled', { shipment: 'E1', reason: '' });
    expect(await statuses(site)).toEqual({ B1: 'stock', B2: 'stock' });
    expect(await book.shipmentOutputs('E1')).toEqual([]);
    ledger.add('shipment.opened', { ...opened, ...more, shipment: 'E2', number: 2 });
    ledger.add('shipment.loaded', { ...load, shipment: 'E2', output: 'B2' });
    ledger.add('shipment.dispatched', {
      shipment: 'E2',
      outputs: 1,
      netGrams: 100,
      vehicle: null,
      annexVii: null,
      attachments: [],
      moves: [move('output:B2', 'subcontractor:essor', null)],
    });
    ledger.add('subcontract.returned', {
      shipment: 'E2',
      lot: 'L2',
      number: 2,
      outlet: 'essuyage',
      netGrams: 80,
      weight: TYPED,
      zone: 'a',
      moves: [move('subcontractor:essor', 'lot:L2', { L1: 80 })],
    });
    await site.take();
    expect(await book.lot('L2')).toMatchObject({
      kind: 'subcontracted',
      wasteCode: '19 12 12',
      usualName: 'essuyage',
      receivedGrams: 80,
      estimated: 1,
    });
    expect(await site.holdings()).toMatchObject({ 'subcontractor:essor L1': 20, 'lot:L2 L1': 80 });
  });

  it('is missing or found where it is counted', async () => {
    await using site = await withBales(3);
    const { ledger, book } = site;
    const counted = { outlet: null, bookedCount: 2, countedCount: 2, bookedGrams: 200, countedGrams: null };
    const rest = { differenceGrams: null, reason: '' };
    ledger.add('stock.counted', {
      ...counted,
      ...rest,
      zone: 'a',
      missing: ['B1'],
      found: ['B2'],
      moves: [move('output:B1', 'missing:site', null)],
    });
    expect(await statuses(site)).toEqual({ B1: 'missing', B2: 'stock', B3: 'stock' });
    expect(await book.outputsIn('a')).toMatchObject([{ output: 'B2' }]);
    ledger.add('stock.counted', {
      ...counted,
      ...rest,
      zone: 'b',
      missing: [],
      found: ['B1'],
      moves: [move('missing:site', 'output:B1', { L1: 100 })],
    });
    expect((await statuses(site))['B1']).toBe('stock');
    expect(await site.holdings()).toMatchObject({ 'output:B1 L1': 100 });
  });
});
