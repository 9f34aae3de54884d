import { describe, expect, it } from 'vitest';
import { logBale } from '../bales/log-bale.ts';
import type { ShipmentRow } from '@trame/protocol/material/material-answers';
import { weighBale } from '../bales/weigh-bale.ts';
import type { MaterialSite } from '../testing/test-material-site.ts';
import { shipmentsOf } from './shipment-repository.ts';
import { bale, BIN, logged, ofNet, outputOf, put, siteAtWork } from '../bales/test-outputs.ts';
import { declarePartner } from '../partners/declare-partner.ts';
import { amendShipment } from './amend-shipment.ts';
import { cancelShipment } from './cancel-shipment.ts';
import { dispatchShipment } from './dispatch-shipment.ts';
import { loadShipment } from './load-shipment.ts';
import { openShipment } from './open-shipment.ts';
import { receiveShipment } from './receive-shipment.ts';
import { returnShipment } from './return-shipment.ts';
import { ALL_SHIPMENTS, declareClient, declareSubcontractor, shipped } from './test-shipments.ts';
import { unloadShipment } from './unload-shipment.ts';

async function siteWithClient() {
  const site = await siteAtWork();
  await declareClient(site);
  return site;
}

async function siteWithOpenShipment() {
  const site = await siteWithClient();
  await site.act(openShipment, { partner: 'frip-nord', vehicle: 'AB-123-CD' });
  return site;
}

/** As pages show it. */
async function told(site: MaterialSite, shipment: string): Promise<ShipmentRow | undefined> {
  return (await shipmentsOf(site.records, ALL_SHIPMENTS)).find(({ id }) => id === shipment);
}

/** Read off the bale scale, of an output with 2 kg of packaging. */
function typed(grossGrams: number) {
  return { how: 'typed', scale: 'bale-scale', grossGrams, tareGrams: 2_000 } as const;
}

describe('a shipment', () => {
  it('goes to a client that is known and still one', async () => {
    await using site = await siteWithClient();
    await declareSubcontractor(site);
    await site.act(declarePartner, { partner: 'emmaus', role: 'collector', name: 'Emmaüs' });
    const gone = { partner: 'gone', role: 'client', name: 'Gone', retired: true } as const;
    await site.act(declarePartner, gone);
    expect(await site.refusal(openShipment, { partner: 'nobody' })).toEqual({
      code: 'unknown-partner',
      params: { partner: 'nobody' },
    });
    expect(await site.refusal(openShipment, { partner: 'emmaus' })).toMatchObject({
      code: 'unknown-partner',
      params: { role: 'collector' },
    });
    expect(await site.refusal(openShipment, { partner: 'gone' })).toMatchObject({ code: 'retired' });
    expect(await site.refusal(openShipment, { partner: 'frip-nord', purpose: 'subcontract' })).toMatchObject({
      code: 'unknown-partner',
      params: { role: 'client' },
    });
    expect(await site.refusal(openShipment, { partner: 'frip-nord', transporter: 'emmaus' })).toMatchObject({
      code: 'unknown-partner',
      params: { partner: 'emmaus' },
    });
    const out = await site.act(openShipment, { partner: 'essuyage-76' });
    expect(out).toMatchObject({ id: 'E1', number: 1 });
    expect(await site.book.shipment('E1')).toMatchObject({ purpose: 'subcontract', status: 'open' });
  });

  it('is loaded by the label, its address, its number or its name', async () => {
    await using site = await siteWithOpenShipment();
    for (let n = 0; n < 4; n += 1) await logged(site, 100_000);
    const { code } = await outputOf(site, 'B1');
    for (const scanned of [`]C100${code}`, 'https://trame.invalid/b/B2', ' n° 3 ', 'B4'])
      await site.act(loadShipment, { code: scanned }, 'E1');
    const rows = await site.book.shipmentOutputs('E1');
    expect(rows.map(({ output, state }) => [output, state])).toEqual(
      ['B1', 'B2', 'B3', 'B4'].map((id) => [id, 'loaded']),
    );
    expect(await outputOf(site, 'B4')).toMatchObject({ status: 'loaded', shipment: 'E1' });
  });

  it.each([
    ['4006381333931', 'foreign-code', { what: 'trade-item' }],
    ['https://example.org/b/B1', 'foreign-code', { what: 'other-web-address' }],
    ['157035381410375177', 'foreign-code', { what: 'other-prefix' }],
    ['037613030000000990', 'foreign-code', { what: 'sscc-misread' }],
    ['bonjour', 'foreign-code', { what: 'unknown' }],
    ['77', 'unknown-output', { output: '77' }],
    ['https://trame.invalid/b/B77', 'unknown-output', { output: 'B77' }],
  ])('does not take «%s»', async (code, refusal, params) => {
    await using site = await siteWithOpenShipment();
    await logged(site, 100_000);
    expect(await site.refusal(loadShipment, { code }, 'E1')).toEqual({ code: refusal, params });
  });

  it('takes only what is weighed, in stock, and on no other truck', async () => {
    await using site = await siteWithOpenShipment();
    await site.act(openShipment, { partner: 'frip-nord' });
    await site.act(logBale, bale({ stage: 'to-weigh' }));
    await logged(site, 100_000);
    expect(await site.refusal(loadShipment, { code: '1' }, 'E1')).toMatchObject({ code: 'not-weighed' });
    await site.act(loadShipment, { code: '2' }, 'E1');
    expect(await site.refusal(loadShipment, { code: '2' }, 'E1')).toMatchObject({ code: 'already-done' });
    expect(await site.refusal(loadShipment, { code: '2' }, 'E2')).toMatchObject({
      code: 'wrong-state',
      params: { state: 'loaded', shipment: 'E1' },
    });
    await site.act(dispatchShipment, {}, 'E1');
    expect(await site.refusal(loadShipment, { code: '2' }, 'E2')).toMatchObject({ code: 'already-shipped' });
    expect(await site.refusal(loadShipment, { code: '2' }, 'E1')).toMatchObject({ code: 'already-shipped' });
    expect(await site.refusal(loadShipment, { code: '2' }, 'E9')).toMatchObject({ code: 'unknown-shipment' });
  });

  it('checks a weight against what both scales may err by: 3 intervals or 1 %, the larger', async () => {
    await using site = await siteWithOpenShipment();
    await logged(site, 100_000);
    const body = { code: '1', weight: typed(103_001) };
    expect(await site.refusal(loadShipment, body, 'E1')).toEqual({
      code: 'weight-differs',
      params: {
        output: 'B1',
        checkGrams: 101_001,
        bookedGrams: 100_000,
        differenceGrams: 1_001,
        limitGrams: 1_000,
      },
    });
    const seen = await site.act(loadShipment, { ...body, accept: true }, 'E1');
    expect(seen.warnings).toEqual(['typed', 'weight-differs']);
    expect((await site.book.shipmentOutputs('E1'))[0]?.checkGrams).toBe(101_001);
    await logged(site, 40_000, { outlet: 'creme' });
    const close = await site.act(loadShipment, { code: '2', weight: typed(42_600) }, 'E1');
    expect(close).toMatchObject({ warnings: ['typed'] });
    expect(close.drafts[0]?.payload).toMatchObject({ checkGrams: 40_600, differenceGrams: 600 });
  });

  it('is unloaded, or cancelled: what was on it is in stock', async () => {
    await using site = await siteWithOpenShipment();
    for (let n = 0; n < 2; n += 1) {
      await logged(site, 100_000);
      await site.act(loadShipment, { code: `B${n + 1}` }, 'E1');
    }
    await site.act(unloadShipment, { bale: 'B1' }, 'E1');
    expect(await outputOf(site, 'B1')).toMatchObject({ status: 'stock', shipment: null });
    expect(await site.refusal(unloadShipment, { bale: 'B1' }, 'E1')).toMatchObject({ code: 'wrong-state' });
    await site.act(cancelShipment, { reason: 'camion en panne' }, 'E1');
    expect(await outputOf(site, 'B2')).toMatchObject({ status: 'stock', shipment: null });
    expect(await site.refusal(dispatchShipment, {}, 'E1')).toEqual({
      code: 'wrong-state',
      params: { shipment: 'E1', number: 1, state: 'cancelled' },
    });
  });

  it('leaves with what is on it, and with something on it only', async () => {
    await using site = await siteWithOpenShipment();
    expect(await site.refusal(dispatchShipment, {}, 'E1')).toEqual({
      code: 'nothing-there',
      params: { shipment: 'E1' },
    });
    await logged(site, 100_000);
    await site.act(loadShipment, { code: '1' }, 'E1');
    const { drafts } = await site.act(dispatchShipment, {}, 'E1');
    expect(drafts[0]?.payload).toMatchObject({ outputs: 1, netGrams: 100_000, vehicle: 'AB-123-CD' });
    expect(await outputOf(site, 'B1')).toMatchObject({ status: 'shipped', zone: null });
    expect((await site.standing())['client:frip-nord']).toBe(100_000);
    expect(await site.refusal(cancelShipment, {}, 'E1')).toMatchObject({ code: 'already-shipped' });
  });
});

describe('what was said of a shipment wrongly', () => {
  it('is set right before it leaves and after, and points to what said it last', async () => {
    await using site = await siteWithClient();
    const carrier = { partner: 'transports-76', role: 'transporter', name: 'Transports 76' } as const;
    await site.act(declarePartner, carrier);
    const opened = await site.act(openShipment, { partner: 'frip-nord', vehicle: 'AB-123-CD' });
    const body = { transporter: 'transports-76', operation: 'R12', wasteCode: '19 12 08' } as const;
    const first = await site.act(amendShipment, body, 'E1');
    expect(first.drafts[0]?.payload).toMatchObject({ corrects: opened.events[0], vehicle: 'AB-123-CD' });
    expect(await site.book.shipment('E1')).toMatchObject({ ...body, vehicle: 'AB-123-CD' });
    await logged(site, 100_000);
    await site.act(loadShipment, { code: 'B1' }, 'E1');
    const left = await site.act(dispatchShipment, { vehicle: 'EF-456-GH' }, 'E1');
    const late = await site.act(amendShipment, { operation: 'R3', wasteCode: null, reason: 'erreur' }, 'E1');
    expect(late.drafts[0]?.payload).toMatchObject({ corrects: left.events[0], vehicle: 'EF-456-GH' });
    expect(await site.book.shipment('E1')).toMatchObject({
      status: 'dispatched',
      transporter: 'transports-76',
      vehicle: 'EF-456-GH',
      operation: 'R3',
      wasteCode: null,
    });
    expect(await site.refusal(amendShipment, { operation: 'R3' }, 'E1')).toMatchObject({
      code: 'already-done',
    });
    expect(await site.refusal(amendShipment, { transporter: 'frip-nord' }, 'E1')).toMatchObject({
      code: 'unknown-partner',
    });
    expect(await site.refusal(amendShipment, { operation: 'R3' }, 'E9')).toMatchObject({
      code: 'unknown-shipment',
    });
  });
});

describe('what the client says', () => {
  it('stands beside our weight, with its difference', async () => {
    await using site = await siteWithClient();
    await shipped(site, 'frip-nord', [100_000, 150_000]);
    const done = await site.act(receiveShipment, { clientGrams: 240_000 }, 'E1');
    expect(done.warnings).toEqual(['weight-differs']);
    expect(done.drafts[0]?.payload).toMatchObject({ differenceGrams: -10_000, refused: [] });
    expect(await site.book.shipment('E1')).toMatchObject({ status: 'received', clientGrams: 240_000 });
    expect((await site.standing())['client:frip-nord']).toBe(250_000);
    expect(await site.refusal(receiveShipment, { refused: ['B9'] }, 'E1')).toMatchObject({
      code: 'unknown-output',
    });
  });

  it('is about what it does not refuse; what it weighed before it refused stays compared with all', async () => {
    await using site = await siteWithClient();
    await shipped(site, 'frip-nord', [100_000, 90_000]);
    const part = await site.act(receiveShipment, { clientGrams: 90_000, refused: ['B1'] }, 'E1');
    expect(part.warnings).toEqual([]);
    expect(part.drafts[0]?.payload).toMatchObject({ differenceGrams: 0, refused: ['B1'] });
    expect(await told(site, 'E1')).toMatchObject({
      clientGrams: 90_000,
      differenceGrams: 0,
      netGrams: 190_000,
    });
    await shipped(site, 'frip-nord', [100_000, 90_000]);
    await site.act(receiveShipment, { clientGrams: 189_000 }, 'E2');
    await site.act(receiveShipment, { refused: ['B3'] }, 'E2');
    expect(await told(site, 'E2')).toMatchObject({ clientGrams: 189_000, differenceGrams: -1_000 });
    const corrects = (await outputOf(site, 'B4')).weightEvent ?? '';
    await site.act(weighBale, { weight: ofNet(89_000), corrects }, 'B4');
    expect(await told(site, 'E2')).toMatchObject({ netGrams: 189_000, differenceGrams: 0 });
  });

  it('refused by mistake is not refused any more when it is told again without it', async () => {
    await using site = await siteWithClient();
    await shipped(site, 'frip-nord', [100_000, 90_000]);
    const states = async () => (await site.book.shipmentOutputs('E1')).map(({ state }) => state);
    await site.act(receiveShipment, { refused: ['B1', 'B2'] }, 'E1');
    const weighed = await site.act(receiveShipment, { clientGrams: 1_000, reason: 'x' }, 'E1');
    expect(weighed.drafts[0]?.payload).toMatchObject({ refused: ['B1', 'B2'] });
    expect(await states()).toEqual(['refused', 'refused']);
    await site.act(receiveShipment, { refused: ['B2'] }, 'E1');
    expect(await states()).toEqual(['dispatched', 'refused']);
    await site.act(receiveShipment, { refused: [] }, 'E1');
    expect(await states()).toEqual(['dispatched', 'dispatched']);
  });

  it('comes after it left', async () => {
    await using site = await siteWithOpenShipment();
    expect(await site.refusal(receiveShipment, {}, 'E1')).toEqual({
      code: 'wrong-state',
      params: { shipment: 'E1', number: 1, state: 'open' },
    });
    expect(await site.refusal(receiveShipment, {}, 'E9')).toMatchObject({ code: 'unknown-shipment' });
  });
});

describe('what comes back', () => {
  it('is in stock with exactly the shares that it left with', async () => {
    await using site = await siteWithClient();
    await put(site, BIN, [{ lot: 'L3', grams: 100_000 }]);
    const { bales } = await shipped(site, 'frip-nord', [100_000, 160_000]);
    await site.act(receiveShipment, { refused: ['B1'] }, 'E1');
    await site.act(returnShipment, { bales: ['B1'], zone: 'yard' }, 'E1');
    expect(bales).toEqual(['B1', 'B2']);
    expect(await site.held('output:B1')).toEqual({ L3: 100_000 });
    expect(await outputOf(site, 'B1')).toMatchObject({ status: 'stock', shipment: null, zone: 'yard' });
    expect((await site.standing())['client:frip-nord']).toBe(160_000);
    expect(await site.refusal(returnShipment, { bales: ['B1'] }, 'E1')).toMatchObject({
      code: 'wrong-state',
      params: { output: 'B1', state: 'returned' },
    });
    await site.act(openShipment, { partner: 'frip-nord' });
    await site.act(loadShipment, { code: 'B1' }, 'E2');
    await site.act(dispatchShipment, {}, 'E2');
    await site.act(returnShipment, { bales: ['B1'] }, 'E2');
    expect(await site.held('output:B1')).toEqual({ L3: 100_000 });
  });

  it('is known by name', async () => {
    await using site = await siteWithClient();
    await shipped(site, 'frip-nord', [100_000]);
    expect(await site.refusal(returnShipment, { bales: ['B7'] }, 'E1')).toMatchObject({
      code: 'unknown-output',
    });
    expect(await site.refusal(returnShipment, { bales: ['B1'], zone: 'nowhere' }, 'E1')).toMatchObject({
      code: 'unknown-zone',
    });
    expect(await site.refusal(returnShipment, { bales: ['B1'] }, 'E7')).toMatchObject({
      code: 'unknown-shipment',
    });
  });
});
