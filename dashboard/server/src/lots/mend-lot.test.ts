import { expect, describe, it } from 'vitest';
import { loadLine } from '../line-work/load-line.ts';
import { materialSite } from '../testing/test-material-site.ts';
import { amendLot } from './amend-lot.ts';
import { refuseLot } from './refuse-lot.ts';
import { splitLot } from './split-lot.ts';
import { declareNeighbours, inside, loose, received } from './test-deliveries.ts';
import { voidLot } from './void-lot.ts';

async function siteWithNeighbours() {
  const site = await materialSite();
  await declareNeighbours(site);
  return site;
}

describe('a delivery that was entered twice', () => {
  it('is as if it had not been, and gives its weighing free', async () => {
    await using site = await siteWithNeighbours();
    const weighing = await site.weighing({ scale: 'floor-scale', use: 'reception' });
    const loads = [{ weight: { how: 'scale', weighing } as const }, inside('C-1', 122_000)];
    const lot = await received(site, { loads });
    const wasBy = (await site.book.lot(lot))?.event;
    const done = await site.act(voidLot, { reason: 'saisi deux fois' }, lot);
    expect(done.drafts[0]?.payload).toMatchObject({ corrects: wasBy, reason: 'saisi deux fois' });
    expect(await site.standing()).toEqual({});
    expect(await site.book.lot(lot)).toMatchObject({ status: 'voided', receivedGrams: 0 });
    site.advance(60_000);
    expect(await received(site, { loads })).toBe('L2');
    expect((await site.book.weighing(weighing))?.claimedBy).toBe('lot:L2');
    expect((await site.refusal(voidLot, {}, lot)).code).toBe('wrong-state');
  });

  it('stands when something of it was used, refused or split, and when it is no delivery', async () => {
    await using site = await siteWithNeighbours();
    const used = await received(site, { loads: [loose(100_000)] });
    await site.act(loadLine, { from: [`lot:${used}`], weight: { how: 'estimated', netGrams: 5 } }, 'tri-1');
    const sentBack = await received(site, { loads: [loose(100_000)] });
    await site.act(refuseLot, { reason: 'wet', grams: 1 }, sentBack);
    const whole = await received(site, { loads: [loose(100_000)] });
    const part = (await site.act(splitLot, { grams: [1] }, whole)).id;
    const waiting = await received(site, { loads: [loose(100_000)] });
    await site.act(loadLine, { from: [`lot:${waiting}`] }, 'tri-2');
    const states = ['used', 'used', 'used', 'split', 'at-infeed'];
    for (const [index, lot] of [used, sentBack, whole, part, waiting].entries()) {
      expect(await site.refusal(voidLot, {}, lot)).toMatchObject({
        code: 'wrong-state',
        params: { state: states[index] },
      });
    }
  });
});

describe('what was said of a lot', () => {
  it('is set right, and says what it corrects', async () => {
    await using site = await siteWithNeighbours();
    const lot = await received(site, { loads: [loose(100_000)] });
    const wasBy = (await site.book.lot(lot))?.event;
    const body = { condition: 'wet', legalStatus: 'donation', transporter: 'trans-76' } as const;
    const first = await site.act(amendLot, body, lot);
    expect(first.drafts[0]?.payload).toMatchObject({ corrects: wasBy, skimming: 'original', ...body });
    expect(await site.book.lot(lot)).toMatchObject(body);
    const second = await site.act(amendLot, { vehicle: 'AB-123-CD', note: 'plaque' }, lot);
    expect(second.drafts[0]?.payload).toMatchObject({ corrects: first.events[0], ...body });
    expect(await site.book.lot(lot)).toMatchObject({ ...body, vehicle: 'AB-123-CD', receivedGrams: 100_000 });
  });

  it('is not set right where nothing changes, nor to what is not known', async () => {
    await using site = await siteWithNeighbours();
    const lot = await received(site, { loads: [loose(100_000)] });
    expect((await site.refusal(amendLot, { skimming: 'original', note: 'x' }, lot)).code).toBe(
      'already-done',
    );
    expect((await site.refusal(amendLot, { transporter: 'nobody' }, lot)).code).toBe('unknown-partner');
    expect((await site.refusal(amendLot, { skimming: 'skimmed' }, 'L9')).code).toBe('unknown-lot');
    await site.act(voidLot, {}, lot);
    expect((await site.refusal(amendLot, { skimming: 'skimmed' }, lot)).code).toBe('wrong-state');
  });
});
