import { describe, expect, it } from 'vitest';
import { LINE, ofNet, put, siteAtWork } from '../bales/test-outputs.ts';
import { materialSite } from '../testing/test-material-site.ts';
import { bringBack } from './bring-back.ts';
import { finishSubcontract } from './finish-subcontract.ts';
import { openShipment } from './open-shipment.ts';
import { returnShipment } from './return-shipment.ts';
import { declareClient, declareSubcontractor, shipped } from './test-shipments.ts';

const AWAY = 'subcontractor:essuyage-76';

async function siteWithSubcontractor() {
  const site = await siteAtWork();
  await declareSubcontractor(site);
  return site;
}

describe('sorting by a subcontractor', () => {
  it('keeps its material in the books until it is brought back, as a lot of the same source lots', async () => {
    await using site = await siteWithSubcontractor();
    await shipped(site, 'essuyage-76', [100_000, 200_000]);
    expect(await site.held(AWAY)).toEqual({ L1: 225_000, L2: 75_000 });
    const body = { weight: ofNet(120_000), outlet: 'essuyage', zone: 'reception' };
    const done = await site.act(bringBack, body, 'E1');
    expect(done).toMatchObject({ id: 'L1', number: 1 });
    expect(await site.book.lot('L1')).toMatchObject({ kind: 'subcontracted', receivedGrams: 120_000 });
    expect(await site.held('lot:L1')).toEqual({ L1: 90_000, L2: 30_000 });
    expect(await site.grams(AWAY)).toBe(180_000);
  });

  it('weighs no more than was there; what scales may err by is a difference', async () => {
    await using site = await siteWithSubcontractor();
    await shipped(site, 'essuyage-76', [100_000]);
    expect(await site.refusal(bringBack, { weight: ofNet(101_001) }, 'E1')).toEqual({
      code: 'more-than-there-is',
      params: { grams: 101_001, thereGrams: 100_000, limitGrams: 1_000 },
    });
    await site.act(bringBack, { weight: ofNet(100_800) }, 'E1');
    expect(await site.held('lot:L1')).toEqual({ L1: 75_000, L2: 25_000, unknown: 800 });
    expect((await site.standing())['difference:site']).toBe(-800);
    expect(await site.grams(AWAY)).toBe(0);
  });

  it('cannot send back as it was what it has sent back sorted', async () => {
    await using site = await siteWithSubcontractor();
    await shipped(site, 'essuyage-76', [100_000, 200_000]);
    await site.act(bringBack, { weight: ofNet(120_000) }, 'E1');
    expect(await site.refusal(returnShipment, { bales: ['B2'] }, 'E1')).toEqual({
      code: 'more-than-there-is',
      params: { missingGrams: 20_000, thereGrams: 180_000, grams: 200_000 },
    });
    await site.act(returnShipment, { bales: ['B1'] }, 'E1');
    expect(await site.held('output:B1')).toEqual({ L1: 75_000, L2: 25_000 });
  });

  it('brings back of a shipment what left with it, and says at the end what was lost', async () => {
    await using site = await materialSite();
    await declareSubcontractor(site);
    await put(site, LINE, [{ lot: 'L8', grams: 100_000 }]);
    await shipped(site, 'essuyage-76', [100_000]);
    await put(site, LINE, [{ lot: 'L9', grams: 100_000 }]);
    await shipped(site, 'essuyage-76', [100_000]);
    await site.act(bringBack, { weight: ofNet(60_000) }, 'E1');
    expect(await site.held('lot:L1')).toEqual({ L8: 60_000 });
    expect(await site.refusal(bringBack, { weight: ofNet(60_000) }, 'E1')).toMatchObject({
      code: 'more-than-there-is',
      params: { thereGrams: 40_000 },
    });
    const done = await site.act(finishSubcontract, { note: 'perte' }, 'E1');
    expect(done).toMatchObject({ id: 'E1', warnings: ['weight-differs'] });
    expect(await site.held('difference:site')).toEqual({ L8: 40_000 });
    expect(await site.held(AWAY)).toEqual({ L9: 100_000 });
    expect(await site.refusal(finishSubcontract, {}, 'E1')).toMatchObject({ code: 'nothing-there' });
    expect(await site.refusal(returnShipment, { bales: ['B1'] }, 'E1')).toMatchObject({
      code: 'more-than-there-is',
      params: { missingGrams: 100_000 },
    });
    await site.act(returnShipment, { bales: ['B2'] }, 'E2');
    expect(await site.held('output:B2')).toEqual({ L9: 100_000 });
    expect(await site.grams(AWAY)).toBe(0);
  });

  it('is something else than a delivery to a client', async () => {
    await using site = await siteWithSubcontractor();
    await declareClient(site);
    await shipped(site, 'frip-nord', [100_000]);
    expect(await site.refusal(bringBack, { weight: ofNet(1_000) }, 'E1')).toEqual({
      code: 'wrong-state',
      params: { shipment: 'E1', purpose: 'delivery' },
    });
    await site.act(openShipment, { partner: 'essuyage-76' });
    expect(await site.refusal(bringBack, { weight: ofNet(1_000) }, 'E2')).toMatchObject({
      code: 'wrong-state',
      params: { state: 'open' },
    });
  });
});
