import { describe, expect, it } from 'vitest';
import { openShipment } from '../shipments/open-shipment.ts';
import { loadShipment } from '../shipments/load-shipment.ts';
import { dispatchShipment } from '../shipments/dispatch-shipment.ts';
import { receiveShipment } from '../shipments/receive-shipment.ts';
import { returnShipment } from '../shipments/return-shipment.ts';
import { ALL_SHIPMENTS, declareClient } from '../shipments/test-shipments.ts';
import { shipmentsOf } from '../shipments/shipment-repository.ts';
import { damageBale } from './damage-bale.ts';
import { logBale } from './log-bale.ts';
import { bale, BIN, DIFFERENCE, LINE, logged, ofNet, outputOf, put, siteAtWork } from './test-outputs.ts';
import { reclassifyBale } from './reclassify-bale.ts';
import { weighBale } from './weigh-bale.ts';

describe('the first weight of an output', () => {
  it.each(['started', 'pressed', 'to-weigh'] as const)('that was %s puts it in stock', async (stage) => {
    await using site = await siteAtWork();
    await site.act(logBale, bale({ stage }));
    const done = await site.act(weighBale, { weight: { how: 'typed', grossGrams: 102_000 } }, 'B1');
    expect(done.warnings).toEqual(['typed']);
    const output = await outputOf(site, 'B1');
    expect(output).toMatchObject({ status: 'stock', netGrams: 100_000, packagingGrams: 2_000 });
    expect(output.code).not.toBeNull();
    expect(await site.held('output:B1')).toEqual({ L1: 75_000, L2: 25_000 });
    expect(await site.grams(LINE)).toBe(700_000);
  });
});

describe('an output weighed again', () => {
  it('shows the change as a difference of what is in it', async () => {
    await using site = await siteAtWork();
    await logged(site, 100_000);
    const less = await site.act(weighBale, { weight: ofNet(98_000) }, 'B1');
    expect(less.drafts[0]?.payload).toMatchObject({ changeGrams: -2_000, corrects: null });
    expect(await site.held('output:B1')).toEqual({ L1: 73_500, L2: 24_500 });
    expect((await site.standing())[DIFFERENCE]).toBe(2_000);
    await site.act(weighBale, { weight: ofNet(298_000) }, 'B1');
    expect(await site.held('output:B1')).toEqual({ L1: 223_500, L2: 74_500 });
    expect((await site.standing())[DIFFERENCE]).toBe(-198_000);
    expect(await site.grams(LINE)).toBe(700_000);
  });
});

describe('a weight set right', () => {
  it('gives back what the wrong one took, and takes anew', async () => {
    await using site = await siteAtWork();
    await put(site, BIN, [{ lot: 'L3', grams: 60_000 }]);
    const { events } = await logged(site, 100_000);
    const corrects = events[2] ?? '';
    await site.act(weighBale, { weight: ofNet(40_000), corrects }, 'B1');
    expect(await site.held('output:B1')).toEqual({ L3: 40_000 });
    expect(await site.held(BIN)).toEqual({ L3: 20_000 });
    expect(await site.held(LINE)).toEqual({ L1: 600_000, L2: 200_000 });
    expect((await site.standing())[DIFFERENCE]).toBeUndefined();
  });

  it('can be set right itself: only the last of them stays', async () => {
    await using site = await siteAtWork();
    const { events } = await logged(site, 100_000);
    const first = await site.act(weighBale, { weight: ofNet(500_000), corrects: events[2] ?? '' }, 'B1');
    await site.act(weighBale, { weight: ofNet(120_000), corrects: first.events[0] ?? '' }, 'B1');
    expect(await site.held('output:B1')).toEqual({ L1: 90_000, L2: 30_000 });
    expect(await site.standing()).toEqual({
      'collector:emmaus': -800_000,
      'output:B1': 120_000,
      [LINE]: 680_000,
    });
  });

  it('of an output that was weighed again changes the difference only', async () => {
    await using site = await siteAtWork();
    await logged(site, 100_000);
    const again = await site.act(weighBale, { weight: ofNet(90_000) }, 'B1');
    await site.act(weighBale, { weight: ofNet(99_000), corrects: again.events[0] ?? '' }, 'B1');
    expect((await site.standing())[DIFFERENCE]).toBe(1_000);
    expect(await site.grams(LINE)).toBe(700_000);
  });

  it('is what it was before a part was lost: that stays lost', async () => {
    await using site = await siteAtWork();
    const { events } = await logged(site, 100_000);
    await site.act(damageBale, { lostGrams: 10_000 }, 'B1');
    const right = await site.act(weighBale, { weight: ofNet(99_000), corrects: events[2] ?? '' }, 'B1');
    expect(right.drafts[0]?.payload).toMatchObject({ netGrams: 99_000, changeGrams: -1_000 });
    expect(await outputOf(site, 'B1')).toMatchObject({ netGrams: 89_000 });
    await site.act(weighBale, { weight: ofNet(120_000), corrects: right.events[0] ?? '' }, 'B1');
    expect(await outputOf(site, 'B1')).toMatchObject({ netGrams: 110_000 });
    expect(await site.standing()).toEqual({
      'collector:emmaus': -800_000,
      'missing:site': 10_000,
      'output:B1': 110_000,
      [LINE]: 680_000,
    });
    const corrects = (await outputOf(site, 'B1')).weightEvent ?? '';
    expect(await site.refusal(weighBale, { weight: ofNet(10_000), corrects }, 'B1')).toEqual({
      code: 'more-than-there-is',
      params: { output: 'B1', grams: 10_000, lostGrams: 10_000 },
    });
  });

  it('takes from where it had been taken, whatever outlet the output is of since', async () => {
    await using site = await siteAtWork();
    await put(site, BIN, [{ lot: 'L3', grams: 100_000 }]);
    const { events } = await logged(site, 100_000);
    await site.act(reclassifyBale, { outlet: 'essuyage' }, 'B1');
    await put(site, 'bin:tri-1/essuyage', [{ lot: 'L4', grams: 30_000 }]);
    await put(site, BIN, [{ lot: 'L5', grams: 50_000 }]);
    const less = await site.act(weighBale, { weight: ofNet(99_000), corrects: events[2] ?? '' }, 'B1');
    expect(await site.held('output:B1')).toEqual({ L3: 99_000 });
    expect(await site.held(BIN)).toEqual({ L5: 50_000, L3: 1_000 });
    await site.act(weighBale, { weight: ofNet(102_000), corrects: less.events[0] ?? '' }, 'B1');
    expect((await site.held('output:B1'))['L3']).toBeGreaterThanOrEqual(99_000);
    expect(await site.grams('output:B1')).toBe(102_000);
    expect(await site.grams(BIN)).toBe(48_000);
    expect(await site.held('bin:tri-1/essuyage')).toEqual({ L4: 30_000 });
    expect(await site.grams(LINE)).toBe(800_000);
  });

  it('may claim the same weighing again: the packaging was forgotten', async () => {
    await using site = await siteAtWork();
    const said = { tareKind: 'none', tareGrams: null, grossGrams: 102_000, netGrams: 102_000 } as const;
    const weight = { how: 'scale', weighing: await site.weighing(said) } as const;
    const { events } = await site.act(logBale, bale({ weight, packagingGrams: 0 }));
    const corrects = events[2] ?? '';
    await site.act(weighBale, { weight, packagingGrams: 3_000, corrects }, 'B1');
    expect(await outputOf(site, 'B1')).toMatchObject({ netGrams: 99_000, packagingGrams: 3_000 });
    expect((await site.book.weighing(weight.weighing))?.claimedBy).toBe('output:B1');
  });

  it('of two outputs that got each other’s weighing gives each its own', async () => {
    await using site = await siteAtWork();
    const said = { tareKind: 'none', tareGrams: null } as const;
    const heavy = await site.weighing({ ...said, grossGrams: 102_000, netGrams: 102_000 });
    const light = await site.weighing({ ...said, grossGrams: 92_000, netGrams: 92_000 });
    await put(site, BIN, [{ lot: 'L3', grams: 190_000 }]);
    const one = await site.act(logBale, bale({ weight: { how: 'scale', weighing: light } }));
    await site.act(logBale, bale({ weight: { how: 'scale', weighing: heavy } }));
    const before = await site.standing();
    const body = { weight: { how: 'scale', weighing: heavy }, corrects: one.events[2] ?? '' } as const;
    const done = await site.act(weighBale, body, 'B1');
    expect(done.warnings).toEqual(['weighings-swapped']);
    expect(await outputOf(site, 'B1')).toMatchObject({ netGrams: 100_000, weightEvent: done.events[1] });
    expect(await outputOf(site, 'B2')).toMatchObject({ netGrams: 90_000, weightEvent: done.events[0] });
    expect((await site.book.weighing(heavy))?.claimedBy).toBe('output:B1');
    expect((await site.book.weighing(light))?.claimedBy).toBe('output:B2');
    expect(await site.held('output:B1')).toEqual({ L3: 100_000 });
    expect({ ...(await site.standing()), 'output:B1': 0, 'output:B2': 0 }).toEqual({
      ...before,
      'output:B1': 0,
      'output:B2': 0,
    });
    const back = { weight: { how: 'scale', weighing: light }, corrects: done.events[1] ?? '' } as const;
    await site.act(weighBale, back, 'B1');
    expect(await site.standing()).toEqual(before);
    const typed = await site.act(weighBale, { weight: ofNet(95_000) }, 'B1');
    const mine = { weight: { how: 'scale', weighing: heavy }, corrects: typed.events[0] ?? '' } as const;
    expect(await site.refusal(weighBale, mine, 'B1')).toMatchObject({ code: 'weighing-claimed' });
  });

  it('is refused for another weight than the one that holds', async () => {
    await using site = await siteAtWork();
    const { events } = await logged(site, 100_000);
    await site.act(weighBale, { weight: ofNet(90_000) }, 'B1');
    const holds = (await outputOf(site, 'B1')).weightEvent;
    const body = { weight: ofNet(80_000), corrects: events[2] ?? '' };
    expect(await site.refusal(weighBale, body, 'B1')).toEqual({
      code: 'wrong-state',
      params: { output: 'B1', holds },
    });
  });

  it('of an output that has left is right at the client too, and when it comes back', async () => {
    await using site = await siteAtWork();
    await declareClient(site);
    const { events } = await logged(site, 100_000);
    await site.act(openShipment, { partner: 'frip-nord' });
    await site.act(loadShipment, { code: '1' }, 'E1');
    await site.act(dispatchShipment, {}, 'E1');
    expect(await site.refusal(weighBale, { weight: ofNet(90_000) }, 'B1')).toMatchObject({
      code: 'already-shipped',
      params: { output: 'B1', shipment: 'E1' },
    });
    await site.act(weighBale, { weight: ofNet(120_000), corrects: events[2] ?? '' }, 'B1');
    expect(await outputOf(site, 'B1')).toMatchObject({ status: 'shipped', netGrams: 120_000 });
    expect(await site.standing()).toEqual({
      'client:frip-nord': 120_000,
      'collector:emmaus': -800_000,
      [LINE]: 680_000,
    });
    const { weightEvent } = await outputOf(site, 'B1');
    await site.act(weighBale, { weight: ofNet(80_000), corrects: weightEvent ?? '' }, 'B1');
    expect((await site.standing())['client:frip-nord']).toBe(80_000);
    expect(await site.book.shipment('E1')).toMatchObject({ netGrams: 80_000 });
    expect(await site.book.shipmentOutputs('E1')).toMatchObject([{ output: 'B1', netGrams: 80_000 }]);
    await site.act(receiveShipment, { clientGrams: 80_000 }, 'E1');
    const [said] = await shipmentsOf(site.records, ALL_SHIPMENTS);
    expect(said).toMatchObject({ netGrams: 80_000, clientGrams: 80_000, differenceGrams: 0 });
    await site.act(returnShipment, { bales: ['B1'] }, 'E1');
    expect(await site.held('output:B1')).toEqual({ L1: 60_000, L2: 20_000 });
    expect(await site.grams(LINE)).toBe(720_000);
    const holds = (await outputOf(site, 'B1')).weightEvent ?? '';
    await site.act(weighBale, { weight: ofNet(100_000), corrects: holds }, 'B1');
    expect(await site.standing()).toEqual({
      'collector:emmaus': -800_000,
      'output:B1': 100_000,
      [LINE]: 700_000,
    });
  });
});
