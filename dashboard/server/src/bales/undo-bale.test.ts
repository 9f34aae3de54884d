import { declareContainer } from '../containers/declare-container.ts';
import { describe, expect, it } from 'vitest';
import { shipped, declareClient } from '../shipments/test-shipments.ts';
import { loadShipment } from '../shipments/load-shipment.ts';
import { openShipment } from '../shipments/open-shipment.ts';
import { damageBale } from './damage-bale.ts';
import { findBale } from './find-bale.ts';
import { logBale } from './log-bale.ts';
import { loseBale } from './lose-bale.ts';
import { openBale } from './open-bale.ts';
import { placeBale } from './place-bale.ts';
import { reclassifyBale } from './reclassify-bale.ts';
import { repressBales } from './repress-bales.ts';
import { bale, BIN, DIFFERENCE, LINE, logged, ofNet, outputOf, put, siteAtWork } from './test-outputs.ts';
import { voidBale } from './void-bale.ts';
import { dispatchShipment } from '../shipments/dispatch-shipment.ts';
import { receiveShipment } from '../shipments/receive-shipment.ts';
import { unloadShipment } from '../shipments/unload-shipment.ts';
import { pressBale } from './press-bale.ts';
import { weighBale } from './weigh-bale.ts';

describe('an output that was voided', () => {
  it('gives everything back where it came from, whatever happened to it since', async () => {
    await using site = await siteAtWork();
    await put(site, BIN, [{ lot: 'L3', grams: 30_000 }]);
    const before = await site.standing();
    await logged(site, 900_000, { unusual: true });
    await site.act(weighBale, { weight: ofNet(880_000), unusual: true }, 'B1');
    await site.act(damageBale, { lostGrams: 5_000 }, 'B1');
    const { drafts } = await site.act(voidBale, { reason: 'mauvaise tuile' }, 'B1');
    expect(drafts[0]?.payload).toMatchObject({ corrects: (await outputOf(site, 'B1')).startEvent });
    expect((await outputOf(site, 'B1')).status).toBe('voided');
    expect(await site.standing()).toEqual(before);
    expect(await site.refusal(voidBale, {}, 'B1')).toEqual({
      code: 'wrong-state',
      params: { output: 'B1', number: 1, state: 'voided' },
    });
  });

  it('is refused on a truck and once it has left, in favour of what can be done', async () => {
    await using site = await siteAtWork();
    await declareClient(site);
    await shipped(site, 'frip-nord', [100_000]);
    const gone = await site.ask(voidBale, {}, 'B1');
    expect(gone).toMatchObject({ code: 'already-shipped', params: { output: 'B1', shipment: 'E1' } });
    expect(gone).toHaveProperty('detail', 'B1 left with shipment E1: return it, or correct its weight');
    await logged(site, 100_000);
    await site.act(openShipment, { partner: 'frip-nord' });
    await site.act(loadShipment, { code: 'B2' }, 'E2');
    expect(await site.refusal(voidBale, {}, 'B2')).toMatchObject({
      code: 'wrong-state',
      params: { state: 'loaded', shipment: 'E2' },
    });
  });
});

describe('an output that was not there yet', () => {
  it('cannot have been weighed, pressed, placed, loaded, sent or undone', async () => {
    await using site = await siteAtWork();
    await declareClient(site);
    await site.act(openShipment, { partner: 'frip-nord' });
    site.advance(40 * 24 * 3_600_000);
    const early = site.nowMs - 39 * 24 * 3_600_000;
    const { events } = await logged(site, 100_000);
    const clocks = site.nowMs - 8 * 60_000;
    await site.act(placeBale, { zone: 'stock' }, 'B1', clocks);
    const code = 'not-yet-there';
    const weigh = { weight: ofNet(99_000), corrects: events[2] ?? '' };
    expect(await site.refusal(weighBale, weigh, 'B1', early)).toMatchObject({
      code,
      params: { thing: 'B1' },
    });
    expect(await site.refusal(pressBale, {}, 'B1', early)).toMatchObject({ code: 'wrong-state' });
    expect(await site.refusal(placeBale, { zone: 'stock' }, 'B1', early)).toMatchObject({ code });
    expect(await site.refusal(voidBale, {}, 'B1', early)).toMatchObject({ code });
    expect(await site.refusal(loadShipment, { code: 'B1' }, 'E1', early)).toMatchObject({ code });
    await site.act(loadShipment, { code: 'B1' }, 'E1');
    expect(await site.refusal(dispatchShipment, {}, 'E1', early)).toMatchObject({ code });
    const before = early - 2 * 24 * 3_600_000;
    expect(await site.refusal(unloadShipment, { bale: 'B1' }, 'E1', before)).toMatchObject({
      code,
      params: { thing: 'E1' },
    });
    await site.act(dispatchShipment, {}, 'E1');
    expect(await site.refusal(receiveShipment, {}, 'E1', early)).toMatchObject({ code });
  });
});

describe('an output that was opened', () => {
  it('is in the bin of its outlet again, or where it is said', async () => {
    await using site = await siteAtWork();
    await site.act(declareContainer, { container: 'C-1', kind: 'cage', tareGrams: 22_000 });
    for (let n = 0; n < 3; n += 1) await logged(site, 100_000);
    await site.act(openBale, {}, 'B1');
    await site.act(openBale, { to: 'container:C-1' }, 'B2');
    await site.act(openBale, { to: LINE }, 'B3');
    expect(await site.held(BIN)).toEqual({ L1: 75_000, L2: 25_000 });
    expect(await site.grams('container:C-1')).toBe(100_000);
    expect(await site.grams(LINE)).toBe(600_000);
    expect(await site.refusal(openBale, {}, 'B1')).toMatchObject({ code: 'wrong-state' });
  });

  it.each([
    ['bin:tri-1/nowhere', 'unknown-account'],
    ['bin:tri-9/essuyage', 'unknown-account'],
    ['line:tri-9', 'unknown-account'],
    ['output:B1', 'unknown-account'],
    ['client:frip-nord', 'unknown-account'],
    ['container:C-9', 'unknown-container'],
    ['lot:L9', 'unknown-lot'],
  ])('is not put into %s', async (to, code) => {
    await using site = await siteAtWork();
    await logged(site, 100_000);
    expect(await site.refusal(openBale, { to }, 'B1')).toMatchObject({ code });
  });
});

describe('an output that is damaged, lost and found', () => {
  it('loses for good what was damaged, and comes back with the rest', async () => {
    await using site = await siteAtWork();
    await logged(site, 100_000);
    await site.act(damageBale, { lostGrams: 20_000, reason: 'déchirée' }, 'B1');
    expect(await outputOf(site, 'B1')).toMatchObject({ damaged: 1, netGrams: 80_000, status: 'stock' });
    const lost = await site.act(loseBale, { reason: 'volée' }, 'B1');
    expect(await site.grams('output:B1')).toBe(0);
    expect((await site.standing())['missing:site']).toBe(100_000);
    const { drafts } = await site.act(findBale, { zone: 'yard' }, 'B1');
    expect(drafts[0]?.payload).toMatchObject({ corrects: lost.events[0] });
    expect(await outputOf(site, 'B1')).toMatchObject({ status: 'stock', zone: 'yard' });
    expect(await site.held('output:B1')).toEqual({ L1: 60_000, L2: 20_000 });
    expect((await site.standing())['missing:site']).toBe(20_000);
    expect(await site.refusal(findBale, {}, 'B1')).toMatchObject({ code: 'wrong-state' });
  });

  it('cannot lose all it holds by damage', async () => {
    await using site = await siteAtWork();
    await logged(site, 100_000);
    expect(await site.refusal(damageBale, { lostGrams: 100_000 }, 'B1')).toEqual({
      code: 'more-than-there-is',
      params: { output: 'B1', number: 1, thereGrams: 100_000, grams: 100_000 },
    });
    const sha256 = 'a'.repeat(64);
    const photo = { sha256, name: 'p.jpg', media: 'image/jpeg', bytes: 1, kind: 'photo' } as const;
    expect(await site.refusal(damageBale, { attachments: [photo] }, 'B1')).toMatchObject({
      code: 'unknown-document',
    });
  });

  it('that was never weighed goes missing and comes back without a movement', async () => {
    await using site = await siteAtWork();
    await site.act(logBale, bale({ stage: 'to-weigh' }));
    await site.act(loseBale, {}, 'B1');
    await site.act(findBale, {}, 'B1');
    expect((await outputOf(site, 'B1')).status).toBe('to-weigh');
    expect(await site.grams(LINE)).toBe(800_000);
  });
});

describe('outputs pressed again into one', () => {
  it('hold together what they held, and the new weight shows what differs', async () => {
    await using site = await siteAtWork();
    await logged(site, 60_000, { unusual: true });
    await logged(site, 40_000, { unusual: true });
    const body = { bales: ['B1', 'B2'], weight: ofNet(99_500), press: 'presse-1' };
    const done = await site.act(repressBales, body);
    expect(done).toMatchObject({ id: 'B3', number: 3 });
    expect(await outputOf(site, 'B3')).toMatchObject({ status: 'stock', netGrams: 99_500 });
    for (const id of ['B1', 'B2']) expect((await outputOf(site, id)).status).toBe('repressed');
    expect(await site.standing()).toEqual({
      'collector:emmaus': -800_000,
      [DIFFERENCE]: 500,
      'output:B3': 99_500,
      [LINE]: 700_000,
    });
  });

  it('cannot weigh more than all of them, unless more was put in', async () => {
    await using site = await siteAtWork();
    await logged(site, 100_000);
    const body = { bales: ['B1'], weight: ofNet(130_000) };
    expect(await site.refusal(repressBales, body)).toEqual({
      code: 'more-than-there-is',
      params: { grams: 130_000, thereGrams: 100_000, limitGrams: 1_000 },
    });
    await site.act(repressBales, { ...body, unusual: true });
    expect(await site.grams('output:B2')).toBe(130_000);
    expect(await site.grams(LINE)).toBe(670_000);
  });

  it('may be weighed later, and of what was never weighed the bin gives its part', async () => {
    await using site = await siteAtWork();
    await logged(site, 100_000);
    await site.act(logBale, bale({ stage: 'to-weigh' }));
    await site.act(repressBales, { bales: ['B1', 'B2'], weight: ofNet(180_000) });
    expect(await site.grams(LINE)).toBe(620_000);
    await site.act(repressBales, { bales: ['B3'] });
    expect(await outputOf(site, 'B4')).toMatchObject({ status: 'pressed', netGrams: null });
    expect(await site.grams('output:B4')).toBe(180_000);
    await site.act(weighBale, { weight: ofNet(179_000) }, 'B4');
    expect((await site.standing())[DIFFERENCE]).toBe(1_000);
  });

  it('are of one outlet, or the new one is named; none may be gone', async () => {
    await using site = await siteAtWork();
    await logged(site, 100_000);
    await logged(site, 100_000, { outlet: 'essuyage' });
    const body = { bales: ['B1', 'B2'], weight: ofNet(200_000) };
    expect(await site.refusal(repressBales, body)).toMatchObject({ code: 'unknown-outlet' });
    await site.act(repressBales, { ...body, outlet: 'essuyage' });
    expect(await site.refusal(repressBales, { bales: ['B1'] })).toMatchObject({
      code: 'wrong-state',
      params: { state: 'repressed' },
    });
    expect(await site.refusal(repressBales, { bales: ['B3', 'B8'] })).toMatchObject({
      code: 'unknown-output',
      params: { output: 'B8' },
    });
  });

  it('cannot be voided: there would be nothing to put it back into', async () => {
    await using site = await siteAtWork();
    await logged(site, 100_000);
    await site.act(repressBales, { bales: ['B1'], weight: ofNet(100_000) });
    expect(await site.refusal(voidBale, {}, 'B2')).toEqual({
      code: 'wrong-state',
      params: { output: 'B2', number: 2, state: 'stock', sources: 1 },
    });
  });
});

describe('an output that was said to be another', () => {
  it('changes its outlet, and keeps code, place and content', async () => {
    await using site = await siteAtWork();
    await logged(site, 100_000);
    const { code } = await outputOf(site, 'B1');
    await site.act(reclassifyBale, { outlet: 'essuyage' }, 'B1');
    expect(await outputOf(site, 'B1')).toMatchObject({ outlet: 'essuyage', code, zone: 'stock' });
    expect(await site.grams('output:B1')).toBe(100_000);
    expect(await site.refusal(reclassifyBale, { outlet: 'essuyage' }, 'B1')).toMatchObject({
      code: 'already-done',
    });
    expect(await site.refusal(reclassifyBale, { outlet: 'nowhere' }, 'B1')).toMatchObject({
      code: 'unknown-outlet',
    });
  });

  it('may be so once it has left, and is told that it left as another', async () => {
    await using site = await siteAtWork();
    await declareClient(site);
    await shipped(site, 'frip-nord', [100_000]);
    const done = await site.act(reclassifyBale, { outlet: 'essuyage', reason: 'mal lu' }, 'B1');
    expect(done.warnings).toEqual(['left-as-another']);
    expect(await outputOf(site, 'B1')).toMatchObject({ outlet: 'essuyage', status: 'shipped' });
    expect((await site.standing())['client:frip-nord']).toBe(100_000);
  });

  it('is put into another zone, and not into one that is not there', async () => {
    await using site = await siteAtWork();
    await logged(site, 100_000);
    await site.act(placeBale, { zone: 'yard' }, 'B1');
    expect((await outputOf(site, 'B1')).zone).toBe('yard');
    expect(await site.refusal(placeBale, { zone: 'nowhere' }, 'B1')).toEqual({
      code: 'unknown-zone',
      params: { zone: 'nowhere' },
    });
  });
});
