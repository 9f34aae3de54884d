import type { WeightBody } from '@trame/protocol/material/act-parts';
import { describe, expect, it } from 'vitest';
import { bale, logged } from '../bales/test-outputs.ts';
import { logBale } from '../bales/log-bale.ts';
import { voidBale } from '../bales/void-bale.ts';
import { materialSite, noEvent, type MaterialSite } from '../testing/test-material-site.ts';
import { PAPER_AROUND_MS, resolveWeight, TYPED_BEFORE_MS, type WeightDefaults } from './resolve-weight.ts';

const BALE: WeightDefaults = { tareGrams: 2_000, use: 'bale' };
const UNTARED = { tareKind: 'none', tareGrams: null, grossGrams: 250_000, netGrams: 250_000 } as const;

function resolve(site: MaterialSite, body: WeightBody, defaults = BALE, occurredAt = site.nowMs) {
  return resolveWeight(site.context(occurredAt), body, defaults);
}

describe('a weight of a scale', () => {
  it('is gross less the default packaging where the scale was not tared', async () => {
    await using site = await materialSite();
    const weighing = await site.weighing(UNTARED);
    expect(await resolve(site, { how: 'scale', weighing })).toEqual({
      kind: 'weight',
      grossGrams: 250_000,
      tareGrams: 2_000,
      netGrams: 248_000,
      weight: { how: 'scale', weighing, scale: 'bale-scale', intervalGrams: 200 },
      warnings: [],
    });
  });

  it('is the net of the scale where it was tared, and the net is the gross where that is all it tells', async () => {
    await using site = await materialSite();
    const tared = await site.weighing({ grossGrams: 272_000, tareGrams: 22_000, netGrams: 250_000 });
    expect(await resolve(site, { how: 'scale', weighing: tared })).toMatchObject({
      grossGrams: 272_000,
      tareGrams: 22_000,
      netGrams: 250_000,
    });
    const netOnly = await site.weighing({ ...UNTARED, grossGrams: null });
    expect(await resolve(site, { how: 'scale', weighing: netOnly })).toMatchObject({
      grossGrams: 250_000,
      netGrams: 248_000,
    });
  });

  it.each(['expired', 'refused'] as const)(
    'warns when the scale is %s, and goes on',
    async (verification) => {
      await using site = await materialSite();
      const weighing = await site.weighing({ ...UNTARED, verification });
      expect(await resolve(site, { how: 'scale', weighing })).toMatchObject({
        warnings: [`scale-${verification}`],
      });
    },
  );

  it('is refused when no scale recorded it, when it does not count, and when another thing has it', async () => {
    await using site = await materialSite();
    const unknown = noEvent();
    expect(await resolve(site, { how: 'scale', weighing: unknown })).toMatchObject({
      code: 'unknown-weighing',
      params: { weighing: unknown },
    });
    const bad = await site.tell('weighing.refused', {
      scale: 'bale-scale',
      serial: 'B-7',
      alibiEpoch: 1,
      use: 'bale',
      reason: 'unstable',
      number: null,
      grossGrams: 90_000,
      simulated: true,
    });
    expect(await resolve(site, { how: 'scale', weighing: bad })).toMatchObject({
      code: 'weighing-refused',
      params: { reason: 'unstable' },
    });
    const weighing = await site.weighing(UNTARED);
    await site.act(logBale, bale({ weight: { how: 'scale', weighing } }));
    expect(await resolve(site, { how: 'scale', weighing })).toMatchObject({
      code: 'weighing-claimed',
      params: { weighing, by: 'output:B1' },
    });
    expect(await resolve(site, { how: 'scale', weighing }, { ...BALE, claimant: 'output:B1' })).toMatchObject(
      {
        netGrams: 248_000,
      },
    );
  });

  it('is refused when two weighings contradict each other under one number', async () => {
    await using site = await materialSite();
    await site.weighing({ ...UNTARED, number: 77 });
    const weighing = await site.weighing({ ...UNTARED, number: 77, grossGrams: 90_000, netGrams: 90_000 });
    expect(await resolve(site, { how: 'scale', weighing })).toMatchObject({
      code: 'weighing-refused',
      params: { reason: 'contradicts' },
    });
  });

  it('is free again once the output that had it is voided', async () => {
    await using site = await materialSite();
    const weighing = await site.weighing(UNTARED);
    const { id } = await site.act(logBale, bale({ weight: { how: 'scale', weighing } }));
    await site.act(voidBale, {}, id);
    expect(await resolve(site, { how: 'scale', weighing })).toMatchObject({ netGrams: 248_000 });
  });
});

describe('a weight that was typed', () => {
  it('claims the weighing that it was read off: within one interval, the nearest in time', async () => {
    await using site = await materialSite();
    await site.weighing(UNTARED);
    site.advance(60_000);
    const nearest = await site.weighing({ ...UNTARED, grossGrams: 250_200, netGrams: 250_200 });
    site.advance(30_000);
    const typed = { how: 'typed', scale: 'bale-scale', grossGrams: 250_000 } as const;
    expect(await resolve(site, typed)).toEqual({
      kind: 'weight',
      grossGrams: 250_000,
      tareGrams: 2_000,
      netGrams: 248_000,
      weight: { how: 'typed', weighing: nearest, scale: 'bale-scale', intervalGrams: 200 },
      warnings: ['typed'],
    });
    expect(await resolve(site, { ...typed, grossGrams: 250_600 })).toMatchObject({
      weight: { weighing: null, intervalGrams: 200 },
    });
  });

  it('claims none that is too long ago, none of another scale, none that is claimed', async () => {
    await using site = await materialSite();
    const weighing = await site.weighing(UNTARED);
    const typed = { how: 'typed', scale: 'bale-scale', grossGrams: 250_000 } as const;
    const late = site.nowMs + TYPED_BEFORE_MS + 1_000;
    expect(await resolve(site, typed, BALE, late)).toMatchObject({ weight: { weighing: null } });
    expect(await resolve(site, { ...typed, scale: 'floor-scale' })).toMatchObject({
      weight: { weighing: null },
    });
    await logged(site, 1, { weight: { how: 'scale', weighing } });
    expect(await resolve(site, typed)).toMatchObject({ weight: { weighing: null } });
  });

  it('without a scale claims the one weighing that it can be, and none when there are two', async () => {
    await using site = await materialSite();
    const typed = { how: 'typed', netGrams: 250_000 } as const;
    const reception = { ...UNTARED, scale: 'floor-scale', serial: 'F-1', use: 'reception' } as const;
    await site.weighing(reception);
    const only = await site.weighing(UNTARED);
    expect(await resolve(site, typed)).toMatchObject({
      netGrams: 250_000,
      tareGrams: null,
      weight: { weighing: only, scale: 'bale-scale' },
    });
    await site.weighing(UNTARED);
    expect(await resolve(site, typed)).toMatchObject({ weight: { weighing: null, scale: null } });
  });

  it('from paper looks six hours around, and takes only what cannot be another', async () => {
    await using site = await materialSite();
    const weighing = await site.weighing(UNTARED);
    const paper = { how: 'paper', scale: 'bale-scale', grossGrams: 250_000 } as const;
    const evening = site.nowMs + PAPER_AROUND_MS - 1_000;
    expect(await resolve(site, paper, BALE, evening)).toMatchObject({ weight: { weighing }, warnings: [] });
    await site.weighing(UNTARED);
    expect(await resolve(site, paper, BALE, evening)).toMatchObject({ weight: { weighing: null } });
  });

  it.each([
    ['nothing', {}, 'impossible-weight'],
    ['a tare alone', { tareGrams: 10 }, 'impossible-weight'],
    ['more than 10 t', { grossGrams: 10_000_001 }, 'impossible-weight'],
    ['a net above the gross', { grossGrams: 100, netGrams: 101 }, 'impossible-weight'],
    ['packaging as heavy as all', { grossGrams: 2_000 }, 'tare-above-gross'],
    ['a tare above the gross', { grossGrams: 100, tareGrams: 101 }, 'tare-above-gross'],
    ['a scale that is not there', { scale: 'nowhere', grossGrams: 100_000 }, 'unknown-scale'],
  ])('is refused: %s', async (_what, said, code) => {
    await using site = await materialSite();
    expect(await resolve(site, { how: 'typed', ...said })).toMatchObject({ kind: 'refused', code });
  });

  it('of a weighbridge may be a truck', async () => {
    await using site = await materialSite();
    const truck = { how: 'weighbridge', grossGrams: 19_440_000, tareGrams: 12_000_000 } as const;
    expect(await resolve(site, truck)).toMatchObject({ netGrams: 7_440_000, warnings: [] });
    expect(await resolve(site, { ...truck, grossGrams: 100_000_001 })).toMatchObject({
      code: 'impossible-weight',
    });
  });
});
