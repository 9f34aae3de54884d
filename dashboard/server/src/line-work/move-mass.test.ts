import { isHeld } from '@trame/protocol/material/accounts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { declareContainer } from '../containers/declare-container.ts';
import { emptyContainer, emptyLot } from '../containers/empty-place.ts';
import { COUNTED_LINE } from '../testing/material-reference.ts';
import { declareNeighbours, delivery, inside, loose, received } from '../lots/test-deliveries.ts';
import { refuseLot } from '../lots/refuse-lot.ts';
import type { Draft } from '../material/decision.ts';
import { materialSite, noEvent, type MaterialSite } from '../testing/test-material-site.ts';
import { moveMass } from './move-mass.ts';

const LINE = 'line:tri-1';
const BIN = 'bin:tri-1/creme';

/** 100 kg of L1 in C-1 and 50 kg of L2 loose. */
async function siteWithTwoLots(): Promise<MaterialSite> {
  const site = await materialSite();
  await declareNeighbours(site);
  await received(site, { loads: [inside('C-1', 122_000)] });
  await received(site, { collector: 'relais', loads: [loose(50_000)] });
  site.advance(60_000);
  return site;
}

const net = (netGrams: number) => ({ how: 'weighbridge', netGrams }) as const;
const gross = (grossGrams: number) => ({ how: 'weighbridge', grossGrams }) as const;

describe('mass moved by hand', () => {
  it('is all of it, a guess, or what the trolley weighs less its tare', async () => {
    await using site = await siteWithTwoLots();
    await site.act(moveMass, { from: 'container:C-1', to: LINE });
    const guess = await site.act(moveMass, { from: 'lot:L2', to: LINE, grams: 20_000 });
    expect(guess.drafts[0]?.payload).toMatchObject({ counted: 'estimated', grams: 20_000, weight: null });
    await site.act(moveMass, { from: LINE, to: 'container:C-2', weight: gross(52_000) });
    expect(await site.held('container:C-2')).toEqual({ L1: 25_000, L2: 5_000 });
    expect(await site.held(LINE)).toEqual({ L1: 75_000, L2: 15_000 });
    await site.act(moveMass, { from: 'container:C-2', to: BIN });
    expect(await site.held(BIN)).toEqual({ L1: 25_000, L2: 5_000 });
  });

  it('out of a bin that the book does not know to be so full comes from the line, then from the difference', async () => {
    await using site = await siteWithTwoLots();
    await site.act(moveMass, { from: 'lot:L2', to: LINE });
    await site.act(moveMass, { from: LINE, to: BIN, grams: 10_000 });
    const done = await site.act(moveMass, { from: BIN, to: 'container:C-2', weight: net(57_000) });
    expect(done.warnings).toEqual(['heavier-than-source']);
    expect(await site.held('container:C-2')).toEqual({ L2: 50_000, unknown: 7_000 });
    expect(await site.standing()).toMatchObject({ 'difference:tri-1': -7_000 });
    expect(await site.grams(LINE)).toBe(0);
  });

  it('into a line that is more than the book has brings the rest from the difference', async () => {
    await using site = await siteWithTwoLots();
    await site.act(moveMass, { from: 'container:C-1', to: LINE, weight: gross(123_000) });
    expect(await site.held(LINE)).toEqual({ L1: 100_000, unknown: 1_000 });
  });

  it('is never more than there is between places that are no line’s', async () => {
    await using site = await siteWithTwoLots();
    const more = { from: 'lot:L2', to: 'container:C-2', grams: 50_001 };
    expect(await site.refusal(moveMass, more)).toEqual({
      code: 'more-than-there-is',
      params: { from: 'lot:L2', grams: 50_001, thereGrams: 50_000 },
    });
    expect((await site.refusal(moveMass, { from: BIN, to: LINE })).code).toBe('nothing-there');
  });

  it.each([
    ['unknown-lot', 'lot:L9', LINE],
    ['unknown-container', 'container:C-9', LINE],
    ['unknown-line', 'line:none', 'lot:L1'],
    ['unknown-line', 'bin:none/creme', 'lot:L1'],
    ['unknown-outlet', 'lot:L1', 'bin:tri-1/none'],
    ['unknown-account', 'collector:emmaus', 'lot:L1'],
    ['unknown-account', 'lot:L1', 'missing:site'],
    ['wrong-state', 'output:B1', 'lot:L1'],
    ['wrong-state', 'subcontractor:x', 'lot:L1'],
    ['wrong-state', LINE, LINE],
  ])('is refused with %s from %s to %s', async (code, from, to) => {
    await using site = await siteWithTwoLots();
    expect((await site.refusal(moveMass, { from, to, grams: 1 })).code).toBe(code);
  });

  it('is not put into a lot that was refused, nor into a container out of use', async () => {
    await using site = await siteWithTwoLots();
    await site.act(refuseLot, { reason: 'wet' }, 'L2');
    await site.act(declareContainer, { container: 'C-2', kind: 'cage', tareGrams: 0, retired: true });
    const from = 'container:C-1';
    expect((await site.refusal(moveMass, { from, to: 'lot:L2' })).code).toBe('wrong-state');
    expect((await site.refusal(moveMass, { from, to: 'container:C-2' })).code).toBe('retired');
  });

  it('is not weighed twice in a minute, nor together with what lay there', async () => {
    await using site = await siteWithTwoLots();
    const fill = { from: 'lot:L2', to: 'container:C-2', weight: gross(42_000) };
    await site.act(moveMass, fill);
    expect((await site.refusal(moveMass, fill)).code).toBe('weighed-just-now');
    site.advance(60_000);
    expect(await site.refusal(moveMass, fill)).toEqual({
      code: 'not-empty',
      params: { container: 'C-2', grams: 20_000 },
    });
    await site.act(moveMass, { from: 'lot:L2', to: 'container:C-2', grams: 5_000 });
    expect(await site.grams('container:C-2')).toBe(25_000);
  });
});

it('a weighing is of one filling of a trolley', async () => {
  await using site = await siteWithTwoLots();
  const weighing = await site.weighing({ scale: 'floor-scale', grossGrams: 42_000, tareKind: 'none' });
  const fill = { from: 'lot:L2', to: 'container:C-2', weight: { how: 'scale', weighing } } as const;
  await site.act(moveMass, fill);
  expect(await site.grams('container:C-2')).toBe(20_000);
  await site.act(moveMass, { from: 'container:C-2', to: LINE });
  site.advance(60_000);
  expect((await site.refusal(moveMass, fill)).code).toBe('weighing-claimed');
});

describe('a trolley that is emptied', () => {
  it('holds nothing more: what the scale did not find is a difference that is seen', async () => {
    await using site = await siteWithTwoLots();
    const done = await site.act(moveMass, { from: 'container:C-1', to: BIN, weight: gross(117_000) });
    expect(done.warnings).toEqual(['weight-differs']);
    expect(await site.held(BIN)).toEqual({ L1: 95_000 });
    expect(await site.standing()).toMatchObject({ 'difference:tri-1': 5_000 });
    expect(await site.grams('container:C-1')).toBe(0);
    site.advance(60_000);
    expect(await received(site, delivery({ loads: [inside('C-1', 90_000)] }))).toBe('L3');
  });

  it('keeps the rest where only a part of it was weighed', async () => {
    await using site = await siteWithTwoLots();
    await site.act(moveMass, { from: 'container:C-1', to: BIN, weight: net(60_000) });
    expect(await site.grams('container:C-1')).toBe(40_000);
    site.advance(60_000);
    await site.act(moveMass, { from: 'container:C-1', to: BIN, weight: net(30_000), emptied: true });
    expect(await site.grams('container:C-1')).toBe(0);
    expect(await site.standing()).toMatchObject({ [BIN]: 90_000, 'difference:tri-1': 10_000 });
  });

  it('may be said to be empty, or to hold less, without a scale', async () => {
    await using site = await siteWithTwoLots();
    await site.act(emptyContainer, { remainingGrams: 10_000 }, 'C-1');
    await site.act(emptyContainer, {}, 'C-1');
    await site.act(emptyLot, { remainingGrams: 49_000 }, 'L2');
    expect(await site.standing()).toMatchObject({ 'difference:site': 101_000, 'lot:L2': 49_000 });
    expect((await site.refusal(emptyContainer, {}, 'C-1')).code).toBe('nothing-there');
    expect((await site.refusal(emptyLot, { remainingGrams: 49_000 }, 'L2')).code).toBe('more-than-there-is');
  });
});

it('what the infeed scale of a line counts is not moved there by hand too', async () => {
  await using site = await siteWithTwoLots();
  for (const from of ['lot:L2', 'container:C-1']) {
    expect(await site.refusal(moveMass, { from, to: `line:${COUNTED_LINE}` })).toMatchObject({
      code: 'wrong-state',
      params: { state: 'counted-infeed' },
    });
  }
});

describe('a correction of what was moved', () => {
  it('may say that the trolley went into another bin, by the same weighing', async () => {
    await using site = await siteWithTwoLots();
    const weighing = await site.weighing({ scale: 'floor-scale', grossGrams: 122_000, tareKind: 'none' });
    const weight = { how: 'scale', weighing } as const;
    const from = 'container:C-1';
    const [corrects = ''] = (await site.act(moveMass, { from, to: BIN, weight })).events;
    const to = 'bin:tri-1/essuyage';
    await site.act(moveMass, { from, to, weight, corrects });
    expect(await site.held(to)).toEqual({ L1: 100_000 });
    expect(await site.grams(BIN)).toBe(0);
    expect((await site.book.weighing(weighing))?.claimedBy).toBe(to);
    const other = await site.act(moveMass, { from: 'lot:L2', to: BIN, grams: 1_000 });
    const wrong = { from: 'lot:L2', to: BIN, weight, corrects: other.events[0] ?? '' };
    expect((await site.refusal(moveMass, wrong)).code).toBe('weighing-claimed');
  });

  it('takes the old movement back by its own shares and makes the right one', async () => {
    await using site = await siteWithTwoLots();
    const fill = { from: 'lot:L2', to: 'container:C-2' };
    const [wrong] = (await site.act(moveMass, { ...fill, weight: gross(62_000) })).events;
    const corrects = wrong ?? '';
    await site.act(moveMass, { ...fill, weight: gross(52_000), corrects });
    expect(await site.held('container:C-2')).toEqual({ L2: 30_000 });
    expect(await site.held('lot:L2')).toEqual({ L2: 20_000 });
    expect((await site.refusal(moveMass, { ...fill, corrects })).code).toBe('already-done');
  });

  it('can be set right itself, as often as need be', async () => {
    await using site = await siteWithTwoLots();
    const fill = { from: 'lot:L2', to: 'container:C-2' };
    let [last = ''] = (await site.act(moveMass, { ...fill, grams: 40_000 })).events;
    for (const grams of [30_000, 20_000, 25_000]) {
      [last = ''] = (await site.act(moveMass, { ...fill, grams, corrects: last })).events;
      expect(await site.grams('container:C-2')).toBe(grams);
      expect(await site.grams('lot:L2')).toBe(50_000 - grams);
    }
    await site.act(moveMass, { from: 'lot:L2', to: LINE, grams: 1_000, corrects: last });
    expect(await site.standing()).toMatchObject({ 'lot:L2': 49_000, [LINE]: 1_000 });
    expect(await site.grams('container:C-2')).toBe(0);
  });

  it('can be set right itself when what it moved was used on meanwhile', async () => {
    await using site = await siteWithTwoLots();
    const load = { from: 'lot:L2', to: LINE };
    const [first = ''] = (await site.act(moveMass, load)).events;
    await site.act(moveMass, { from: LINE, to: BIN, grams: 40_000 });
    const [second = ''] = (await site.act(moveMass, { ...load, grams: 30_000, corrects: first })).events;
    await site.act(moveMass, { ...load, grams: 45_000, corrects: second });
    // What lies in the bin came from somewhere all the same.
    expect(await site.standing()).toMatchObject({
      'lot:L2': 5_000,
      [LINE]: 45_000,
      [BIN]: 40_000,
      'difference:tri-1': -40_000,
    });
  });

  it('may name other places, and can be of a movement that was more than there is', async () => {
    await using site = await siteWithTwoLots();
    const [wrong = ''] = (await site.act(moveMass, { from: 'lot:L2', to: LINE, grams: 80_000 })).events;
    await site.act(moveMass, { from: 'lot:L2', to: BIN, corrects: wrong });
    expect(await site.standing()).toEqual({
      'collector:emmaus': -100_000,
      'collector:relais': -50_000,
      'container:C-1': 100_000,
      'bin:tri-1/creme': 50_000,
    });
  });

  it('takes out of a line what was used on meanwhile as a difference that is seen', async () => {
    await using site = await siteWithTwoLots();
    const [wrong = ''] = (await site.act(moveMass, { from: 'lot:L2', to: LINE })).events;
    await site.act(moveMass, { from: LINE, to: BIN, grams: 40_000 });
    await site.act(moveMass, { from: 'lot:L2', to: LINE, grams: 45_000, corrects: wrong });
    expect(await site.standing()).toEqual({
      'collector:emmaus': -100_000,
      'collector:relais': -50_000,
      'container:C-1': 100_000,
      'bin:tri-1/creme': 40_000,
      'difference:tri-1': -40_000,
      'line:tri-1': 45_000,
      'lot:L2': 5_000,
    });
  });

  it('does not take out of a container what is gone', async () => {
    await using site = await siteWithTwoLots();
    const [wrong = ''] = (await site.act(moveMass, { from: 'lot:L2', to: 'container:C-2' })).events;
    await site.act(moveMass, { from: 'container:C-2', to: LINE, grams: 1 });
    const again = { from: 'lot:L2', to: 'container:C-3', corrects: wrong };
    expect(await site.refusal(moveMass, again)).toMatchObject({
      code: 'more-than-there-is',
      params: { thereGrams: 49_999 },
    });
  });

  it('is of a movement by hand, and of nothing else', async () => {
    await using site = await siteWithTwoLots();
    const lotEvent = (await site.book.lot('L1'))?.event ?? '';
    for (const corrects of [noEvent(), lotEvent]) {
      const move = { from: 'lot:L2', to: LINE, corrects };
      expect((await site.refusal(moveMass, move)).code).toBe('wrong-state');
    }
  });
});

/** Nothing had to be made up for what was not there: the book moved what was decided, and nothing else. */
async function expectMovedAsDecided(
  site: MaterialSite,
  drafts: readonly Draft[],
  event: string,
): Promise<void> {
  const moves = drafts.flatMap(({ payload }) => ('moves' in payload ? payload.moves : []));
  const decided = (from: string, to: string) => moves.some((move) => move.from === from && move.to === to);
  const postings = await site.book.postings(event);
  expect(postings.filter(({ fromAccount, toAccount }) => !decided(fromAccount, toAccount))).toEqual([]);
}

describe('whatever is moved where', () => {
  const places = ['lot:L1', 'lot:L2', 'container:C-1', 'container:C-2', LINE, BIN, 'bin:tri-1/essuyage'];
  const step = fc.record({
    from: fc.constantFrom(...places),
    to: fc.constantFrom(...places),
    grams: fc.option(fc.integer({ min: 1, max: 120_000 })),
    corrects: fc.boolean(),
  });

  it('all accounts together stay at zero and no place holds less than nothing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 30 }), async (steps) => {
        await using site = await siteWithTwoLots();
        let last: string | undefined;
        for (const { corrects, ...body } of steps) {
          const asked = corrects && last !== undefined ? { ...body, corrects: last } : body;
          const decision = await site.ask(moveMass, asked);
          if (decision.kind === 'refused') continue;
          [last] = await site.record(decision.drafts);
          await expectMovedAsDecided(site, decision.drafts, last ?? '');
        }
        const rows = await site.records.selectFrom('holdings').selectAll().execute();
        const byLot = new Map<string, number>();
        for (const { lot, grams } of rows) byLot.set(lot, (byLot.get(lot) ?? 0) + grams);
        expect(rows.filter(({ account, grams }) => isHeld(account) && grams <= 0)).toEqual([]);
        expect([...byLot.values()].every((grams) => grams === 0)).toBe(true);
      }),
      { numRuns: 8 },
    );
  });
});

it('a delivery can be put into a trolley that was emptied by hand', async () => {
  await using site = await siteWithTwoLots();
  await site.act(moveMass, { from: 'container:C-1', to: LINE });
  expect(await received(site, delivery({ loads: [inside('C-1', 90_000)] }))).toBe('L3');
});
