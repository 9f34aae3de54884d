import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadLine } from '../line-work/load-line.ts';
import { moveMass } from '../line-work/move-mass.ts';
import { materialSite, noEvent, type MaterialSite } from '../testing/test-material-site.ts';
import { logged } from '../bales/test-outputs.ts';
import { mergeLots } from './merge-lots.ts';
import { refuseLot } from './refuse-lot.ts';
import { splitLot } from './split-lot.ts';
import { declareNeighbours, inside, loose, received } from './test-deliveries.ts';
import { weighLot } from './weigh-lot.ts';

async function siteWithNeighbours() {
  const site = await materialSite();
  await declareNeighbours(site);
  return site;
}

const scale = (weighing: string) => ({ how: 'scale', weighing }) as const;
const netWeight = (netGrams: number) => ({ how: 'weighbridge', netGrams }) as const;

async function weightEventOf(site: MaterialSite, lot: string): Promise<string> {
  return (await site.book.lot(lot))?.weightEvent ?? '';
}

describe('the weight of a lot', () => {
  it('comes late, once', async () => {
    await using site = await siteWithNeighbours();
    const lot = await received(site);
    const [late] = (await site.act(weighLot, { weight: netWeight(900_000) }, lot)).drafts;
    expect(late?.payload).toMatchObject({ reason: 'late', corrects: null });
    expect(await site.standing()).toEqual({ 'collector:emmaus': -900_000, 'lot:L1': 900_000 });
    expect(await site.refusal(weighLot, { weight: netWeight(900_000) }, lot)).toEqual({
      code: 'already-done',
      params: { lot, grams: 900_000 },
    });
  });

  it('is set right where it lies, in proportion to what is left there', async () => {
    await using site = await siteWithNeighbours();
    const lot = await received(site, { loads: [inside('C-1', 322_000), inside('C-2', 122_000)] });
    const corrects = await weightEventOf(site, lot);
    await site.act(weighLot, { weight: netWeight(440_000), corrects }, lot);
    expect(await site.standing()).toEqual({
      'collector:emmaus': -440_000,
      'container:C-1': 330_000,
      'container:C-2': 110_000,
    });
    const again = await weightEventOf(site, lot);
    await site.act(weighLot, { weight: netWeight(360_000), corrects: again }, lot);
    expect(await site.standing()).toEqual({
      'collector:emmaus': -360_000,
      'container:C-1': 270_000,
      'container:C-2': 90_000,
    });
    expect(await site.refusal(weighLot, { weight: netWeight(1), corrects: again }, lot)).toMatchObject({
      code: 'wrong-state',
    });
  });

  it('that was too much does not take back what has gone on: the rest is a difference that is seen', async () => {
    await using site = await siteWithNeighbours();
    const lot = await received(site, { loads: [loose(100_000)] });
    await site.act(moveMass, { from: 'lot:L1', to: 'line:tri-1', grams: 95_000 });
    const corrects = await weightEventOf(site, lot);
    await site.act(weighLot, { weight: netWeight(80_000), corrects }, lot);
    expect(await site.standing()).toEqual({
      'collector:emmaus': -80_000,
      'difference:site': -15_000,
      'line:tri-1': 95_000,
    });
  });

  it('that was too little of a lot that is used up is a difference too, and no phantom in stock', async () => {
    await using site = await siteWithNeighbours();
    const lot = await received(site, { loads: [loose(100_000)] });
    await site.act(loadLine, { from: ['lot:L1'] }, 'tri-1');
    const corrects = await weightEventOf(site, lot);
    await site.act(weighLot, { weight: netWeight(130_000), corrects }, lot);
    expect(await site.standing()).toEqual({
      'collector:emmaus': -130_000,
      'difference:site': 30_000,
      'line:tri-1': 100_000,
    });
  });

  it('of a part is set right against what no movement explains, not against who brought the whole', async () => {
    await using site = await siteWithNeighbours();
    const lot = await received(site, { loads: [loose(100_000)] });
    const part = (await site.act(splitLot, { grams: [40_000] }, lot)).id;
    const corrects = await weightEventOf(site, part);
    await site.act(weighLot, { weight: netWeight(44_000), corrects }, part);
    expect(await site.standing()).toEqual({
      'collector:emmaus': -100_000,
      'difference:site': -4_000,
      'lot:L1': 60_000,
      'lot:L2': 44_000,
    });
    expect(await site.held('lot:L2')).toEqual({ L1: 44_000 });
  });

  it('may be told again of its own weighing, and never of that of another lot', async () => {
    await using site = await siteWithNeighbours();
    const weighing = await site.weighing({ scale: 'floor-scale', use: 'reception' });
    const weight = { how: 'scale', weighing } as const;
    const lot = await received(site, { loads: [{ weight }] });
    const other = await received(site);
    expect((await site.refusal(weighLot, { weight }, other)).code).toBe('weighing-claimed');
    const corrects = await weightEventOf(site, lot);
    await site.act(weighLot, { weight, corrects }, lot);
    expect(await site.grams('lot:L1')).toBe(400_000);
    expect((await site.book.weighing(weighing))?.claimedBy).toBe('lot:L1');
  });

  it('cannot correct what there is none of, and not a lot that is not there', async () => {
    await using site = await siteWithNeighbours();
    const lot = await received(site);
    const weight = netWeight(1_000);
    expect((await site.refusal(weighLot, { weight, corrects: noEvent() }, lot)).code).toBe('wrong-state');
    expect((await site.refusal(weighLot, { weight }, 'L9')).code).toBe('unknown-lot');
  });

  it('of one load that was typed wrong leaves the others as they are', async () => {
    await using site = await siteWithNeighbours();
    const lot = await received(site, {
      loads: [inside('C-1', 522_000), inside('C-2', 472_000), loose(10_000)],
    });
    const corrects = await weightEventOf(site, lot);
    const weight = { how: 'weighbridge', grossGrams: 72_000 } as const;
    const [draft] = (await site.act(weighLot, { weight, container: 'C-1', corrects }, lot)).drafts;
    expect(draft?.payload).toMatchObject({ netGrams: 510_000, load: { container: 'C-1', netGrams: 50_000 } });
    expect(await site.standing()).toEqual({
      'collector:emmaus': -510_000,
      'container:C-1': 50_000,
      'container:C-2': 450_000,
      'lot:L1': 10_000,
    });
    const again = await weightEventOf(site, lot);
    await site.act(weighLot, { weight: netWeight(12_000), container: null, corrects: again }, lot);
    const row = await site.book.lot(lot);
    expect(row?.receivedGrams).toBe(512_000);
    expect((JSON.parse(row?.loads ?? '') as { netGrams: number }[]).map(({ netGrams }) => netGrams)).toEqual([
      50_000, 450_000, 12_000,
    ]);
    const third = await weightEventOf(site, lot);
    expect(
      await site.refusal(weighLot, { weight: netWeight(1), container: 'C-3', corrects: third }, lot),
    ).toMatchObject({ code: 'nothing-there' });
  });

  it('of one load gives its weighing free, and takes none of another load', async () => {
    await using site = await siteWithNeighbours();
    const first = await site.weighing({ scale: 'floor-scale', use: 'reception' });
    const second = await site.weighing({ scale: 'floor-scale', use: 'reception' });
    const third = await site.weighing({ scale: 'floor-scale', use: 'reception' });
    const lot = await received(site, {
      loads: [
        { container: 'C-1', weight: scale(first) },
        { container: 'C-2', weight: scale(second) },
      ],
    });
    const corrects = await weightEventOf(site, lot);
    const body = { container: 'C-1', corrects };
    expect((await site.refusal(weighLot, { ...body, weight: scale(second) }, lot)).code).toBe(
      'weighing-claimed',
    );
    await site.act(weighLot, { ...body, weight: scale(third) }, lot);
    const claimants = [first, second, third].map(async (one) => (await site.book.weighing(one))?.claimedBy);
    expect(await Promise.all(claimants)).toEqual([null, 'lot:L1', 'lot:L1']);
  });

  it('comes late after wet bags went back off the truck', async () => {
    await using site = await siteWithNeighbours();
    const lot = await received(site);
    await site.act(refuseLot, { reason: 'wet', grams: 20_000 }, lot);
    expect(await site.book.lot(lot)).toMatchObject({ status: 'open', refusedGrams: 20_000 });
    expect((await site.refusal(weighLot, { weight: netWeight(10_000) }, lot)).code).toBe(
      'more-than-there-is',
    );
    await site.act(weighLot, { weight: netWeight(900_000), withoutRefused: true }, lot);
    expect(await site.book.lot(lot)).toMatchObject({ receivedGrams: 920_000, refusedGrams: 20_000 });
    expect(await site.standing()).toEqual({
      'collector:emmaus': -920_000,
      'lot:L1': 900_000,
      'returned:emmaus': 20_000,
    });
  });

  it('comes late for what was refused, sent back or merged before', async () => {
    await using site = await siteWithNeighbours();
    const gone = await received(site);
    await site.act(refuseLot, { reason: 'soiled' }, gone);
    await site.act(weighLot, { weight: netWeight(70_000) }, gone);
    expect(await site.book.lot(gone)).toMatchObject({ status: 'refused', refusedGrams: 70_000 });
    const corrects = await weightEventOf(site, gone);
    await site.act(weighLot, { weight: netWeight(60_000), corrects }, gone);
    expect(await site.book.lot(gone)).toMatchObject({ receivedGrams: 60_000, refusedGrams: 60_000 });
    expect(await site.standing()).toEqual({ 'collector:emmaus': -60_000, 'returned:emmaus': 60_000 });
    const one = await received(site, { loads: [loose(100_000)] });
    const two = await received(site, { loads: [loose(50_000)] });
    const { id: whole } = await site.act(mergeLots, { lots: [one, two] });
    const ticket = await weightEventOf(site, one);
    await site.act(weighLot, { weight: netWeight(110_000), corrects: ticket }, one);
    expect(await site.held(`lot:${whole}`)).toEqual({ [one]: 110_000, [two]: 50_000 });
    expect(await site.book.lot(whole)).toMatchObject({ receivedGrams: 160_000 });
  });

  it('that comes late tells of what was baled of it and nobody knew', async () => {
    await using site = await siteWithNeighbours();
    const weight = { how: 'estimated', netGrams: 500_000 } as const;
    const lot = await received(site, { loads: [{ weight }] });
    await site.act(loadLine, { from: ['lot:L1'] }, 'tri-1');
    const { id: baled } = await logged(site, 550_000, { unusual: true });
    expect(await site.held(`output:${baled}`)).toEqual({ L1: 500_000, unknown: 50_000 });
    const corrects = await weightEventOf(site, lot);
    await site.act(weighLot, { weight: netWeight(560_000), corrects }, lot);
    expect(await site.held(`output:${baled}`)).toEqual({ L1: 550_000 });
    expect(await site.standing()).toEqual({
      'collector:emmaus': -560_000,
      'difference:site': 10_000,
      [`output:${baled}`]: 550_000,
    });
  });

  it('whatever it is corrected to and however much has gone on, nothing is negative and nothing is lost', async () => {
    const grams = fc.integer({ min: 1, max: 200_000 });
    await fc.assert(
      fc.asyncProperty(grams, grams, fc.integer({ min: 0, max: 1_000 }), grams, async (a, b, gone, now) => {
        await using site = await siteWithNeighbours();
        const lot = await received(site, { loads: [inside('C-1', 22_000 + a), loose(b)] });
        const used = Math.floor((a * gone) / 1_000);
        if (used > 0) await site.act(moveMass, { from: 'container:C-1', to: 'line:tri-1', grams: used });
        const corrects = await weightEventOf(site, lot);
        await site.act(weighLot, { weight: netWeight(now), corrects }, lot);
        const standing = await site.standing();
        expect(Object.values(standing).reduce((total, one) => total + one, 0)).toBe(0);
        expect(standing['collector:emmaus']).toBe(-now);
        const held = Object.entries(standing).filter(([name]) => /^(?:lot|container|line):/u.test(name));
        expect(held.every(([, one]) => one > 0)).toBe(true);
      }),
      { numRuns: 15 },
    );
  });
});
