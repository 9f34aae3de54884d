import { describe, expect, it } from 'vitest';
import { declareContainer } from '../containers/declare-container.ts';
import { declarePartner } from '../partners/declare-partner.ts';
import { materialSite, noEvent } from '../testing/test-material-site.ts';
import { receiveLot } from './receive-lot.ts';
import { refuseLot } from './refuse-lot.ts';
import { declareNeighbours, delivery, inside, loose, received } from './test-deliveries.ts';

async function siteWithNeighbours() {
  const site = await materialSite();
  await declareNeighbours(site);
  return site;
}

function into(grams: number) {
  return delivery({ loads: [loose(grams)], zone: 'stock' });
}

describe('a delivery', () => {
  it('is in its containers, gross less the declared tare, and what is loose in the lot itself', async () => {
    await using site = await siteWithNeighbours();
    const loads = [inside('C-1', 122_000), inside('C-2', 72_500), loose(30_000)];
    const done = await site.act(receiveLot, delivery({ loads, zone: 'stock' }));
    expect(done).toMatchObject({ id: 'L1', number: 1, warnings: [] });
    expect(await site.standing()).toEqual({
      'collector:emmaus': -180_500,
      'container:C-1': 100_000,
      'container:C-2': 50_500,
      'lot:L1': 30_000,
    });
    expect(await site.book.lot('L1')).toMatchObject({
      receivedGrams: 180_500,
      usualName: 'Textiles, linge et chaussures usagés',
      wasteCode: '20 01 10',
      weightEvent: done.events[0],
    });
  });

  it('takes the tare that is said rather than the declared one', async () => {
    await using site = await siteWithNeighbours();
    const weight = { how: 'weighbridge', grossGrams: 100_000, tareGrams: 30_000 } as const;
    await site.act(receiveLot, delivery({ loads: [{ container: 'C-1', weight }] }));
    expect(await site.grams('container:C-1')).toBe(70_000);
  });

  it('claims the weighing of the scale, and says when that scale is out of date', async () => {
    await using site = await siteWithNeighbours();
    const said = { scale: 'floor-scale', use: 'reception', tareKind: 'none' } as const;
    const weighing = await site.weighing({ ...said, grossGrams: 122_000, verification: 'expired' });
    const loads = [{ container: 'C-1', weight: { how: 'scale', weighing } as const }];
    const done = await site.act(receiveLot, delivery({ loads }));
    expect(done.warnings).toEqual(['scale-expired']);
    expect((await site.book.weighing(weighing))?.claimedBy).toBe('lot:L1');
    expect(await site.refusal(receiveLot, delivery({ loads: [{ ...loads[0]!, container: 'C-2' }] }))).toEqual(
      { code: 'weighing-claimed', params: { weighing, by: 'lot:L1' } },
    );
  });

  it('claims no weighing twice within itself', async () => {
    await using site = await siteWithNeighbours();
    const weighing = await site.weighing({ scale: 'floor-scale', use: 'reception' });
    const weight = { how: 'scale', weighing } as const;
    const twice = delivery({
      loads: [
        { container: 'C-1', weight },
        { container: 'C-2', weight },
      ],
    });
    expect((await site.refusal(receiveLot, twice)).code).toBe('weighing-claimed');

    const typed = { how: 'typed', scale: 'floor-scale', grossGrams: 402_000 } as const;
    const alike = [
      { container: 'C-1', weight: typed },
      { container: 'C-2', weight: typed },
    ];
    const done = await site.act(receiveLot, delivery({ loads: alike }));
    const [draft] = done.drafts;
    const claims = draft?.type === 'lot.received' ? draft.payload.loads : [];
    expect(claims.map((load) => load.weight.weighing)).toEqual([weighing, null]);
  });

  it('may be of nobody who is known, and its weight may come later', async () => {
    await using site = await siteWithNeighbours();
    await site.act(receiveLot, delivery({ collector: null, loads: [loose(5_000)] }));
    expect(await site.standing()).toEqual({ 'collector:unknown': -5_000, 'lot:L1': 5_000 });
    await site.act(receiveLot, delivery());
    expect(await site.book.lot('L2')).toMatchObject({ receivedGrams: null, weightEvent: null });
  });

  it('warns of a zone that is nearly full or over, and is taken all the same', async () => {
    await using site = await siteWithNeighbours();
    expect((await site.act(receiveLot, into(790_000))).warnings).toEqual([]);
    expect((await site.act(receiveLot, into(10_000))).warnings).toEqual(['zone-80']);
    expect((await site.act(receiveLot, into(250_000))).warnings).toEqual(['zone-over']);
    expect(await site.grams('lot:L3')).toBe(250_000);
  });

  it.each([
    ['unknown-partner', { collector: 'nobody' }],
    ['unknown-partner', { collector: 'frip-nord' }],
    ['unknown-partner', { transporter: 'frip-nord' }],
    ['unknown-zone', { zone: 'attic' }],
    ['unknown-container', { loads: [inside('C-9', 90_000)] }],
    ['tare-above-gross', { loads: [inside('C-1', 22_000)] }],
    ['tare-above-gross', { loads: [inside('C-1', 20_000)] }],
    ['weighed-just-now', { loads: [inside('C-1', 90_000), inside('C-1', 80_000)] }],
    ['unknown-weighing', { loads: [{ weight: { how: 'scale' as const, weighing: noEvent() } }] }],
    ['communes-not-whole', { communes: [{ insee: '76217', permille: 999 }] }],
    [
      'unknown-document',
      {
        attachments: [
          { sha256: 'a'.repeat(64), name: 'p.jpg', media: 'image/jpeg', bytes: 9, kind: 'photo' as const },
        ],
      },
    ],
  ])('is refused with %s, and nothing of it is kept', async (code, changes) => {
    await using site = await siteWithNeighbours();
    expect((await site.refusal(receiveLot, delivery(changes))).code).toBe(code);
    expect(await site.standing()).toEqual({});
    expect(await site.book.nextNumber('lots')).toBe(1);
  });

  it('is not taken from whom is out of use, nor into a container that is', async () => {
    await using site = await siteWithNeighbours();
    await site.act(declarePartner, {
      partner: 'relais',
      role: 'collector',
      name: 'Le Relais',
      retired: true,
    });
    await site.act(declareContainer, { container: 'C-3', kind: 'cage', tareGrams: 22_000, retired: true });
    expect((await site.refusal(receiveLot, delivery({ collector: 'relais' }))).code).toBe('retired');
    const loads = [inside('C-3', 90_000)];
    expect((await site.refusal(receiveLot, delivery({ loads }))).code).toBe('retired');
  });

  it('does not weigh a container twice in a minute, nor one that still holds something', async () => {
    await using site = await siteWithNeighbours();
    const again = delivery({ loads: [inside('C-1', 90_000)] });
    const lot = await received(site, again);
    expect(await site.refusal(receiveLot, again)).toEqual({
      code: 'weighed-just-now',
      params: { container: 'C-1', seconds: 1 },
    });
    site.advance(60_000);
    expect(await site.refusal(receiveLot, again)).toEqual({
      code: 'not-empty',
      params: { container: 'C-1', grams: 68_000 },
    });
    await site.act(refuseLot, { reason: 'wet' }, lot);
    expect((await site.act(receiveLot, again)).id).toBe('L2');
  });
});

async function communesOf(changes: Parameters<typeof delivery>[0]) {
  await using site = await siteWithNeighbours();
  const done = await site.act(receiveLot, delivery(changes));
  const [draft] = done.drafts;
  if (draft?.type !== 'lot.received') throw new Error('it was not received');
  const { communes, allocation } = draft.payload;
  const parts = Object.fromEntries(communes.map(({ insee, permille }) => [insee, permille]));
  return { parts, allocation, warnings: done.warnings };
}

describe('the communes of a delivery', () => {
  it('are those that are given, with the key that is given', async () => {
    const communes = [{ insee: '76540', name: 'Rouen', permille: 1_000 }];
    expect(await communesOf({ communes })).toMatchObject({
      parts: { '76540': 1_000 },
      allocation: 'weighed-apart',
    });
    expect(await communesOf({ communes, allocation: 'population' })).toMatchObject({
      allocation: 'population',
    });
  });

  it('follow from the fill levels of the points where both level and commune are known', async () => {
    const points = [
      { point: 'P1', fillPercent: 100 },
      { point: 'P2', fillPercent: 50 },
      { point: 'P3', fillPercent: 80 },
    ];
    expect(await communesOf({ points })).toEqual({
      parts: { '76217': 667, '76351': 333 },
      allocation: 'fill-level',
      warnings: [],
    });
  });

  it('are the tour’s when no level is known, and it is said', async () => {
    expect(
      await communesOf({ points: [{ point: 'P3', fillPercent: 80 }], allocation: 'fill-level' }),
    ).toEqual({
      parts: { '76217': 600, '76351': 400 },
      allocation: 'population',
      warnings: ['no-fill-level'],
    });
    expect(await communesOf({ allocation: 'equal' })).toMatchObject({
      parts: { '76217': 500, '76351': 500 },
      allocation: 'equal',
    });
  });

  it('are none when nothing is known of them', async () => {
    const nothing = { parts: {}, allocation: 'none' };
    expect(await communesOf({ collector: 'relais' })).toMatchObject(nothing);
    expect(await communesOf({ collector: null })).toMatchObject(nothing);
    expect(await communesOf({ allocation: 'none' })).toMatchObject(nothing);
  });
});
