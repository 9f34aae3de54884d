import { describe, expect, it } from 'vitest';
import { declareContainer } from '../containers/declare-container.ts';
import { emptyLine } from '../line-work/empty-line.ts';
import { loadLine } from '../line-work/load-line.ts';
import { moveMass } from '../line-work/move-mass.ts';
import { materialSite } from '../testing/test-material-site.ts';
import { attributeLot } from './attribute-lot.ts';
import { dryLot } from './dry-lot.ts';
import { mergeLots } from './merge-lots.ts';
import { refuseLot } from './refuse-lot.ts';
import { returnLot } from './return-lot.ts';
import { splitLot } from './split-lot.ts';
import { declareNeighbours, inside, loose, received } from './test-deliveries.ts';

async function siteWithNeighbours() {
  const site = await materialSite();
  await declareNeighbours(site);
  return site;
}

const netWeight = (netGrams: number) => ({ how: 'weighbridge', netGrams }) as const;

describe('a refusal', () => {
  it('of all of it sends it back, and the lot is refused', async () => {
    await using site = await siteWithNeighbours();
    const lot = await received(site, { loads: [inside('C-1', 122_000), loose(5_000)] });
    const done = await site.act(refuseLot, { reason: 'soiled' }, lot);
    expect(done.drafts[0]?.payload).toMatchObject({ grams: 105_000, whole: true });
    expect(await site.standing()).toEqual({ 'collector:emmaus': -105_000, 'returned:emmaus': 105_000 });
    expect((await site.book.lot(lot))?.status).toBe('refused');
    expect(await site.refusal(refuseLot, { reason: 'soiled' }, lot)).toMatchObject({
      code: 'wrong-state',
      params: { state: 'refused' },
    });
  });

  it('of a part, of one container, of what is left when some has gone on', async () => {
    await using site = await siteWithNeighbours();
    const lot = await received(site, { loads: [inside('C-1', 122_000), inside('C-2', 72_000)] });
    await site.act(refuseLot, { reason: 'wet', container: 'C-2' }, lot);
    expect((await site.book.lot(lot))?.status).toBe('open');
    await site.act(refuseLot, { reason: 'wet', grams: 10_000 }, lot);
    await site.act(moveMass, { from: 'container:C-1', to: 'line:tri-1', grams: 50_000 });
    const rest = await site.act(refuseLot, { reason: 'wet' }, lot);
    expect(rest.drafts[0]?.payload).toMatchObject({ grams: 40_000, whole: false });
    expect(await site.book.lot(lot)).toMatchObject({ status: 'open', refusedGrams: 100_000 });
    expect(await site.standing()).toEqual({
      'collector:emmaus': -150_000,
      'line:tri-1': 50_000,
      'returned:emmaus': 100_000,
    });
  });

  it('takes only its own part out of a container that others share', async () => {
    await using site = await siteWithNeighbours();
    const lot = await received(site, { loads: [inside('C-1', 122_000)] });
    await received(site, { collector: 'relais', loads: [loose(30_000)] });
    await site.act(moveMass, { from: 'lot:L2', to: 'container:C-1' });
    await site.act(refuseLot, { reason: 'wet', container: 'C-1' }, lot);
    expect(await site.held('container:C-1')).toEqual({ L2: 30_000 });
  });

  it('of part of a lot whose ticket is still to come goes back with the truck', async () => {
    await using site = await siteWithNeighbours();
    const lot = await received(site);
    const done = await site.act(refuseLot, { reason: 'wet', grams: 5 }, lot);
    expect(done.drafts[0]?.payload).toMatchObject({ grams: 5, whole: false });
    expect(await site.standing()).toEqual({ 'collector:emmaus': -5, 'returned:emmaus': 5 });
    expect(await site.book.lot(lot)).toMatchObject({ status: 'open', refusedGrams: 5, receivedGrams: null });
  });

  it('of a lot that was never weighed says no weight', async () => {
    await using site = await siteWithNeighbours();
    const lot = await received(site);
    const done = await site.act(refuseLot, { reason: 'dangerous' }, lot);
    expect(done.drafts[0]?.payload).toMatchObject({ grams: null, whole: true, moves: [] });
    expect((await site.book.lot(lot))?.status).toBe('refused');
  });

  it.each([
    ['more-than-there-is', { grams: 100_001 }],
    ['unknown-container', { container: 'C-9' }],
    ['nothing-there', { container: 'C-2' }],
  ])('is refused itself with %s', async (code, changes) => {
    await using site = await siteWithNeighbours();
    const lot = await received(site, { loads: [inside('C-1', 122_000)] });
    expect((await site.refusal(refuseLot, { reason: 'wet', ...changes }, lot)).code).toBe(code);
  });
});

describe('what goes back', () => {
  it('goes to who brought it, or to another collector', async () => {
    await using site = await siteWithNeighbours();
    const lot = await received(site, { loads: [loose(100_000)] });
    await site.act(returnLot, { grams: 30_000 }, lot);
    await site.act(returnLot, { to: 'relais', grams: 20_000 }, lot);
    expect(await site.standing()).toEqual({
      'collector:emmaus': -100_000,
      'lot:L1': 50_000,
      'returned:emmaus': 30_000,
      'returned:relais': 20_000,
    });
    expect(await site.refusal(returnLot, { to: 'frip-nord' }, lot)).toMatchObject({
      code: 'unknown-partner',
    });
    expect(await site.refusal(returnLot, { grams: 50_001 }, lot)).toEqual({
      code: 'more-than-there-is',
      params: { from: lot, grams: 50_001, thereGrams: 50_000 },
    });
  });
});

describe('drying', () => {
  it('turns what the scale does not find any more into water', async () => {
    await using site = await siteWithNeighbours();
    const lot = await received(site, { condition: 'wet', loads: [inside('C-1', 122_000)] });
    const weight = { how: 'weighbridge', grossGrams: 112_000 } as const;
    await site.act(dryLot, { weight }, lot);
    expect(await site.standing()).toEqual({
      'collector:emmaus': -100_000,
      'container:C-1': 90_000,
      'water:site': 10_000,
    });
    expect(await site.refusal(dryLot, { weight }, lot)).toMatchObject({
      code: 'more-than-there-is',
      params: { grams: 90_000, thereGrams: 90_000 },
    });
  });

  it('asks where, when it lies in several places', async () => {
    await using site = await siteWithNeighbours();
    const lot = await received(site, { loads: [inside('C-1', 122_000), inside('C-2', 122_000)] });
    const weight = netWeight(70_000);
    expect((await site.refusal(dryLot, { weight }, lot)).code).toBe('nothing-there');
    await site.act(dryLot, { weight, from: 'container:C-2' }, lot);
    expect(await site.grams('container:C-2')).toBe(70_000);
  });
});

describe('an attribution', () => {
  it('of a lot that was split is one of its parts too, and of theirs', async () => {
    await using site = await siteWithNeighbours();
    const lot = await received(site, { collector: null, loads: [loose(100_000)] });
    const other = await received(site, { collector: null, loads: [loose(10_000)] });
    await site.act(splitLot, { grams: [5_000] }, other);
    const part = (await site.act(splitLot, { grams: [40_000] }, lot)).id;
    const small = (await site.act(splitLot, { grams: [10_000] }, part)).id;
    const done = await site.act(attributeLot, { collector: 'relais' }, lot);
    expect(done.drafts).toHaveLength(3);
    for (const one of [lot, part, small]) expect((await site.book.lot(one))?.collector).toBe('relais');
    expect((await site.book.lot(other))?.collector).toBeNull();
    await site.act(returnLot, {}, small);
    expect(await site.standing()).toMatchObject({ 'collector:relais': -100_000, 'returned:relais': 10_000 });
  });

  it('changes who brought it, and nothing in stock', async () => {
    await using site = await siteWithNeighbours();
    const lot = await received(site, { collector: null, loads: [loose(80_000)] });
    await site.act(refuseLot, { reason: 'wet', grams: 10_000 }, lot);
    await site.act(loadLine, { from: ['lot:L1'] }, 'tri-1');
    await site.act(attributeLot, { collector: 'emmaus' }, lot);
    expect(await site.standing()).toEqual({
      'collector:emmaus': -80_000,
      'line:tri-1': 70_000,
      'returned:emmaus': 10_000,
    });
    expect(await site.book.lot(lot)).toMatchObject({ collector: 'emmaus', allocation: 'population' });
    expect((await site.refusal(attributeLot, { collector: 'emmaus' }, lot)).code).toBe('already-done');
  });

  it('can be set right, and says what it corrects', async () => {
    await using site = await siteWithNeighbours();
    const lot = await received(site, { loads: [loose(80_000)] });
    const wasBy = (await site.book.lot(lot))?.event;
    const first = await site.act(attributeLot, { collector: 'relais' }, lot);
    const second = await site.act(attributeLot, { collector: null }, lot);
    expect(first.drafts[0]?.payload).toMatchObject({ corrects: wasBy });
    expect(second.drafts[0]?.payload).toMatchObject({ corrects: first.events[0] });
    expect(await site.standing()).toEqual({ 'collector:unknown': -80_000, 'lot:L1': 80_000 });
  });

  it('is of what was received, not of parts of it', async () => {
    await using site = await siteWithNeighbours();
    const lot = await received(site, { loads: [loose(80_000)] });
    const part = (await site.act(splitLot, { grams: [1] }, lot)).id;
    expect((await site.refusal(attributeLot, { collector: 'relais' }, part)).code).toBe('wrong-state');
    expect((await site.refusal(attributeLot, { collector: 'nobody' }, lot)).code).toBe('unknown-partner');
  });
});

describe('parts and mixtures', () => {
  it('keep the lots that they are made of', async () => {
    await using site = await siteWithNeighbours();
    const first = await received(site, { loads: [loose(60_000), inside('C-1', 62_000)] });
    const second = await received(site, { collector: 'relais', loads: [loose(100_000)] });
    const merged = (await site.act(mergeLots, { lots: [first, second] })).id;
    expect(await site.held(`lot:${merged}`)).toEqual({ L1: 100_000, L2: 100_000 });
    expect((await site.book.lot(first))?.status).toBe('merged');

    const split = await site.act(splitLot, { grams: [50_000, 30_001] }, merged);
    expect(split).toMatchObject({ id: 'L4', number: 4 });
    expect(await site.held('lot:L4')).toEqual({ L1: 25_000, L2: 25_000 });
    expect(await site.held('lot:L5')).toEqual({ L1: 15_001, L2: 15_000 });
    expect(await site.held('lot:L3')).toEqual({ L1: 59_999, L2: 60_000 });
    expect((await site.act(mergeLots, { lots: ['L4', 'L5'] })).id).toBe('L6');
    expect(await site.held('lot:L6')).toEqual({ L1: 40_001, L2: 40_000 });
  });

  it('take what lies loose first, then container after container', async () => {
    await using site = await siteWithNeighbours();
    const lot = await received(site, {
      loads: [loose(10_000), inside('C-1', 42_000), inside('C-2', 42_000)],
    });
    await site.act(splitLot, { grams: [15_000, 20_000] }, lot);
    expect(await site.standing()).toEqual({
      'collector:emmaus': -50_000,
      'container:C-2': 15_000,
      'lot:L2': 15_000,
      'lot:L3': 20_000,
    });
  });

  it('are not made of what is not there', async () => {
    await using site = await siteWithNeighbours();
    const lot = await received(site, { loads: [loose(10_000)] });
    const waiting = await received(site);
    expect((await site.refusal(splitLot, { grams: [9_000, 1_001] }, lot)).code).toBe('more-than-there-is');
    expect((await site.refusal(splitLot, { grams: [1] }, waiting)).code).toBe('not-weighed');
    expect((await site.refusal(mergeLots, { lots: [lot, waiting] })).code).toBe('not-weighed');
    expect((await site.refusal(mergeLots, { lots: [lot, lot] })).code).toBe('already-done');
    expect((await site.refusal(mergeLots, { lots: [lot, 'L9'] })).code).toBe('unknown-lot');
    await site.act(loadLine, { from: ['lot:L1'] }, 'tri-1');
    await site.act(emptyLine, {}, 'tri-1');
    expect((await site.refusal(splitLot, { grams: [1] }, lot)).code).toBe('nothing-there');
  });

  it('of more lots than one movement tells apart are moved whole', async () => {
    await using site = await siteWithNeighbours();
    await site.act(declareContainer, { container: 'K', kind: 'skip', tareGrams: 0 });
    for (let index = 0; index < 210; index += 1) await received(site, { loads: [loose(100 + index)] });
    for (let first = 1; first <= 210; first += 20) {
      const lots = Array.from({ length: Math.min(20, 211 - first) }, (_, index) => `L${first + index}`);
      const merged = (await site.act(mergeLots, { lots })).id;
      await site.act(moveMass, { from: `lot:${merged}`, to: 'line:tri-1' });
    }
    await site.act(moveMass, { from: 'line:tri-1', to: 'container:K', grams: 42_944 });
    expect(await site.grams('container:K')).toBe(42_944);
    expect(await site.grams('line:tri-1')).toBe(1);
  });
});

it('a lot that has dried and then goes back is sent back, though it weighs less than it came with', async () => {
  await using site = await siteWithNeighbours();
  const lot = await received(site, { condition: 'wet', loads: [loose(500_000)] });
  await site.act(dryLot, { weight: netWeight(450_000) }, lot);
  await site.act(returnLot, { grams: 50_000 }, lot);
  expect((await site.book.lot(lot))?.status).toBe('open');
  await site.act(returnLot, {}, lot);
  expect((await site.book.lot(lot))?.status).toBe('returned');
});
