import type { FractionRow, OutputComposition } from '@trame/protocol/classification/classification-answers';
import type { ItemsSorted } from '@trame/protocol/classification/classification-events';
import { describe, expect, it } from 'vitest';
import { examineBale } from '../bales/examine-bale.ts';
import { logBale } from '../bales/log-bale.ts';
import { openBale } from '../bales/open-bale.ts';
import { reclassifyBale } from '../bales/reclassify-bale.ts';
import { repressBales } from '../bales/repress-bales.ts';
import { LINE, put } from '../bales/test-outputs.ts';
import { voidBale } from '../bales/void-bale.ts';
import { weighBale } from '../bales/weigh-bale.ts';
import { auditOutlet } from '../line-work/audit-outlet.ts';
import { freshRecordsOf, RECORDS_ENGINES } from '../testing/records-engines.ts';
import { materialReading, type MaterialReading } from '../testing/test-material-reading.ts';
import { itemsSorted } from './test-items.ts';

interface Page<T> {
  readonly rows: readonly T[];
  readonly next: string | null;
}

const SAID = {
  'tri-1': { effilochage: { cotton: 80, polyester: 20 }, essuyage: { cotton: 100 }, creme: { wool: 100 } },
};
const MINUTE_MS = 60_000;
const COTTON: ItemsSorted['composition'] = [{ fibre: 'cotton', percent: 100 }];
const POLYESTER: ItemsSorted['composition'] = [{ fibre: 'polyester', percent: 100 }];

let seq = 0;

/** A minute passes in which so many pieces of one fibre are read. */
async function reads({ site }: MaterialReading, items: number, more: Partial<ItemsSorted>): Promise<void> {
  site.advance(MINUTE_MS);
  const payload = itemsSorted({ items, fromSeq: (seq += 2_000), toAt: site.nowMs, ...more });
  await site.tell('items.sorted', payload, payload.toAt);
  site.advance(1_000);
}

async function bale({ site }: MaterialReading, kg: number, outlet = 'effilochage'): Promise<string> {
  const weight = { how: 'typed', netGrams: kg * 1000 } as const;
  return (await site.act(logBale, { outlet, packagingGrams: 0, weight })).id;
}

function compositionOf(reading: MaterialReading, output: string): Promise<OutputComposition> {
  return reading.read(`/bales/${output}/composition`);
}

function percents({ composition }: Pick<OutputComposition, 'composition'>): Record<string, number> {
  return Object.fromEntries(composition.shares.map(({ fibre, percent }) => [fibre, percent]));
}

async function atWork(reading: MaterialReading): Promise<void> {
  await put(reading.site, LINE, [{ lot: 'L1', grams: 3_000_000 }]);
}

describe.each(RECORDS_ENGINES)('what things are made of, on %s,', (engine) => {
  const freshRecords = freshRecordsOf(engine);

  it('is told of outlets by month: what was read, what hands sorted, both', async () => {
    await using reading = await materialReading(await freshRecords(), SAID);
    const { site } = reading;
    await atWork(reading);
    await reads(reading, 80, { composition: COTTON, described: 60, late: 2 });
    await reads(reading, 20, { composition: POLYESTER });
    await reads(reading, 5, { outlet: 'manuel', described: 0, programme: null, model: null });
    const counted = { site: 'caux', line: 'tri-1', day: '2026-11-20' };
    await site.records
      .insertInto('sorted')
      .values({ ...counted, outlet: 'effilochage', grams: 30_000 })
      .execute();
    await bale(reading, 50, 'essuyage');
    const misplaced = [{ outlet: 'creme', grams: 2_000 }];
    await site.act(auditOutlet, { outlet: 'essuyage', sampledGrams: 100_000, misplaced }, 'tri-1');
    await bale(reading, 10, 'shoes');
    const { rows, next } = await reading.read<Page<FractionRow>>('/fractions?line=tri-1');
    expect(next).toBeNull();
    expect(rows.map(({ outlet, month, grams }) => [outlet, month, grams])).toEqual([
      ['effilochage', '2026-11', 30_000],
      ['essuyage', '2026-11', 50_000],
      ['manuel', '2026-11', 0],
      ['shoes', '2026-11', 10_000],
    ]);
    const [effilochage, essuyage, manuel, shoes] = rows;
    expect(effilochage).toMatchObject({
      late: 2,
      readings: { pure: 80, unknown: 20 },
      programmes: [{ id: 'usine', version: 2, hash: 'ab'.repeat(32) }],
      models: ['sim-v1'],
      composition: { source: 'items', pieces: 100, described: 80, describedPercent: 80, audit: null },
    });
    expect(
      effilochage?.composition.shares.map(({ fibre, percent, grams }) => [fibre, percent, grams]),
    ).toEqual([
      ['cotton', 75, 22_500],
      ['polyester', 25, 7_500],
    ]);
    expect(essuyage?.composition).toMatchObject({
      source: 'hand',
      pieces: 0,
      audit: { audits: 1, percent: 2 },
      shares: [
        { fibre: 'cotton', percent: 98, grams: 49_000 },
        { fibre: 'wool', percent: 2, grams: 1_000 },
      ],
    });
    expect(manuel).toMatchObject({
      programmes: [],
      models: [],
      composition: { source: 'unknown', pieces: 5 },
    });
    expect(shoes?.composition).toMatchObject({ source: 'unknown', shares: [] });
    // Where nothing counts, what was weighed out is what was read.
    await site.records.deleteFrom('sorted').execute();
    await bale(reading, 25);
    const again = await reading.read<Page<FractionRow>>('/fractions?from=2026-11&to=2026-12');
    expect(again.rows[0]).toMatchObject({ grams: 25_000, composition: { source: 'items' } });
    expect((await reading.read<Page<FractionRow>>('/fractions?from=2026-10&to=2026-11')).rows).toEqual([]);
    expect((await reading.ask('/fractions?from=2025-10&to=2026-12')).status).toBe(400);
    expect((await reading.ask('/fractions?from=2026-12&to=2026-12')).status).toBe(400);
    expect((await reading.ask('/fractions?from=hier')).status).toBe(400);
    expect((await reading.ask('/fractions', null)).status).toBe(401);
    expect((await reading.ask('/fractions', 'trainee')).status).toBe(403);
  });

  it('is not told by few pieces of all that was counted, in a month as in a bale', async () => {
    await using reading = await materialReading(await freshRecords(), SAID);
    const { site } = reading;
    await atWork(reading);
    await reads(reading, 10, { composition: POLYESTER });
    await reads(reading, 10, { composition: POLYESTER, outlet: 'shoes' });
    const counted = { site: 'caux', line: 'tri-1', day: '2026-11-20', grams: 100_000 };
    for (const outlet of ['effilochage', 'shoes'])
      await site.records
        .insertInto('sorted')
        .values({ ...counted, outlet })
        .execute();
    const { rows } = await reading.read<Page<FractionRow>>('/fractions?line=tri-1');
    const [said, unsaid] = rows.map(({ composition }) => composition);
    expect(said).toMatchObject({ source: 'both', pieces: 10, describedPercent: 100 });
    expect(unsaid).toMatchObject({ source: 'items', pieces: 10, describedPercent: 3 });
    const ofBales = await Promise.all(
      [await bale(reading, 100), await bale(reading, 100, 'shoes')].map((id) => compositionOf(reading, id)),
    );
    // 3 kg as they were read, the rest as it is said: four fifths of cotton.
    expect(ofBales.map(percents)).toEqual([{ cotton: 77.6, polyester: 22.4 }, { polyester: 100 }]);
    expect(ofBales.map(({ composition }) => composition)).toEqual([said, unsaid]);
  });

  it('is told of outputs by what fell into their bin since the one before', async () => {
    await using reading = await materialReading(await freshRecords(), SAID);
    const { site } = reading;
    await atWork(reading);
    await reads(reading, 1000, { composition: COTTON });
    const first = await bale(reading, 100);
    const firstAt = site.nowMs;
    await reads(reading, 300, { composition: COTTON });
    await reads(reading, 700, { composition: POLYESTER });
    await reads(reading, 500, { composition: COTTON, outlet: 'creme' });
    const second = await bale(reading, 80);
    await reads(reading, 100, { composition: POLYESTER });
    expect(percents(await compositionOf(reading, first))).toEqual({ cotton: 100 });
    const known = await compositionOf(reading, second);
    expect(percents(known)).toEqual({ polyester: 70, cotton: 30 });
    expect(known).toMatchObject({
      output: second,
      outlet: 'effilochage',
      netGrams: 80_000,
      composition: {
        source: 'items',
        pieces: 1000,
        described: 1000,
        shares: [{ grams: 56_000 }, { grams: 24_000 }],
      },
      moistureSource: 'conventional',
      conventionalGrams: 80_000,
      grade: null,
    });
    expect(known.fromMs).toBeLessThan(firstAt);
    expect(known.toMs).toBeGreaterThan(firstAt);
    // Weighed again later, and called another: it is of that bin and of that time all the same.
    const weight = { how: 'typed', netGrams: 99_000 } as const;
    await site.act(weighBale, { weight, packagingGrams: 0 }, first);
    await site.act(reclassifyBale, { outlet: 'essuyage' }, first);
    expect(await compositionOf(reading, first)).toMatchObject({ outlet: 'essuyage', netGrams: 99_000 });
    expect([
      percents(await compositionOf(reading, first)),
      percents(await compositionOf(reading, second)),
    ]).toEqual([{ cotton: 100 }, { polyester: 70, cotton: 30 }]);
    // It never was: what it held went into the next.
    await site.act(voidBale, { reason: 'mistaken' }, first);
    expect(percents(await compositionOf(reading, second))).toEqual({ cotton: 65, polyester: 35 });
    expect(await compositionOf(reading, first)).toMatchObject({
      composition: { source: 'unknown', shares: [] },
    });
    await site.act(openBale, {}, second);
    expect((await compositionOf(reading, second)).composition.shares).toEqual([]);
    expect((await reading.ask('/bales/B999/composition')).status).toBe(404);
    expect((await reading.ask(`/bales/${second}/composition`, null)).status).toBe(401);
  });

  it('is of what lay in the bin when it was pressed, whatever is opened later', async () => {
    await using reading = await materialReading(await freshRecords(), SAID);
    const { site } = reading;
    await atWork(reading);
    await reads(reading, 400, { composition: COTTON });
    const first = await bale(reading, 100);
    await reads(reading, 400, { composition: POLYESTER });
    const second = await bale(reading, 100);
    const before = await compositionOf(reading, second);
    expect([percents(before), before.composition.pieces]).toEqual([{ polyester: 100 }, 400]);
    site.advance(MINUTE_MS);
    await site.act(openBale, {}, first);
    expect(await compositionOf(reading, second)).toEqual(before);
    // 100 kg of what lies in the bin again, and 30 kg that fell since.
    await reads(reading, 100, { composition: POLYESTER });
    const third = await bale(reading, 120);
    const mixed = await compositionOf(reading, third);
    expect(percents(mixed)).toEqual({ cotton: 76.92, polyester: 23.08 });
    expect(mixed.composition).toMatchObject({
      source: 'items',
      pieces: 500,
      shares: [{ grams: 92_304 }, {}],
    });
    expect(mixed.fromMs).toBeNull();
    // On the line it is sorted again, and in no bin.
    await reads(reading, 400, { composition: COTTON });
    const fourth = await bale(reading, 100);
    await reads(reading, 400, { composition: POLYESTER });
    const fifth = await bale(reading, 100);
    const known = await compositionOf(reading, fifth);
    await site.act(openBale, { to: LINE }, fourth);
    await reads(reading, 100, { composition: POLYESTER });
    const last = await bale(reading, 30);
    expect(await compositionOf(reading, fifth)).toEqual(known);
    expect(percents(await compositionOf(reading, last))).toEqual({ polyester: 100 });
    // Opened into the bin of another outlet: it is in what is pressed of that.
    site.advance(MINUTE_MS);
    await site.act(openBale, { to: 'bin:tri-1/essuyage' }, fifth);
    site.advance(MINUTE_MS);
    expect(percents(await compositionOf(reading, await bale(reading, 100, 'essuyage')))).toEqual({
      polyester: 100,
    });
    // Opened and pressed again, twice.
    await site.act(openBale, {}, third);
    site.advance(MINUTE_MS);
    expect(percents(await compositionOf(reading, await bale(reading, 120)))).toEqual(percents(mixed));
  });

  it('is told of what was pressed of others by mass, and of what hands sorted by its outlet', async () => {
    await using reading = await materialReading(await freshRecords(), SAID);
    const { site } = reading;
    await atWork(reading);
    await reads(reading, 1000, { composition: COTTON });
    const cotton = await bale(reading, 90);
    await reads(reading, 1000, { composition: POLYESTER });
    const polyester = await bale(reading, 30);
    const weight = { how: 'typed', netGrams: 120_000 } as const;
    const joined = (await site.act(repressBales, { bales: [cotton, polyester], packagingGrams: 0, weight }))
      .id;
    await reads(reading, 1000, { composition: COTTON });
    const next = await bale(reading, 40);
    expect(percents(await compositionOf(reading, joined))).toEqual({ cotton: 75, polyester: 25 });
    expect(percents(await compositionOf(reading, next))).toEqual({ cotton: 100 });
    const byHand = await bale(reading, 20, 'essuyage');
    expect(await compositionOf(reading, byHand)).toMatchObject({
      composition: { source: 'hand', describedPercent: 100, shares: [{ fibre: 'cotton', percent: 100 }] },
    });
    // Far heavier than a hundred pieces: most of it nobody read.
    await reads(reading, 100, { composition: POLYESTER });
    const partly = await compositionOf(reading, await bale(reading, 120));
    expect(partly.composition).toMatchObject({ source: 'both', pieces: 100, describedPercent: 100 });
    // 30 kg of 120 as it was read, the rest as it is said: a fifth of polyester.
    expect(percents(partly)).toEqual({ cotton: 60, polyester: 40 });
    const shoes = await bale(reading, 20, 'shoes');
    expect(await compositionOf(reading, shoes)).toMatchObject({
      composition: { source: 'unknown' },
      moisturePercent: null,
      moistureSource: null,
      dryGrams: null,
      conventionalGrams: null,
    });
  });

  it('is as well known as audits of the outlet say that it is said to be of', async () => {
    await using reading = await materialReading(await freshRecords(), SAID);
    const { site } = reading;
    await atWork(reading);
    const id = await bale(reading, 100, 'essuyage');
    const misplaced = [{ outlet: 'creme', grams: 50_000 }];
    await site.act(auditOutlet, { outlet: 'essuyage', sampledGrams: 100_000, misplaced }, 'tri-1');
    expect(percents(await compositionOf(reading, id))).toEqual({ cotton: 50, wool: 50 });
    // It is of another than was said: as good as what was never audited.
    await site.act(reclassifyBale, { outlet: 'creme' }, id);
    const renamed = await compositionOf(reading, id);
    const { rows } = await reading.read<Page<FractionRow>>('/fractions?line=tri-1');
    const creme = rows.find(({ outlet }) => outlet === 'creme');
    expect(renamed.composition).toMatchObject({ source: 'hand', audit: null });
    expect(renamed.composition.shares).toEqual([
      {
        fibre: 'wool',
        percent: 100,
        errorPoints: expect.closeTo(Math.hypot(7.15, 5), 1),
        grams: 100_000,
        errorGrams: expect.closeTo(8_720, -2),
      },
    ]);
    expect(creme?.composition).toEqual(renamed.composition);
    const found = [{ outlet: 'essuyage', grams: 10_000 }];
    await site.act(auditOutlet, { outlet: 'creme', sampledGrams: 100_000, misplaced: found }, 'tri-1');
    expect(percents(await compositionOf(reading, id))).toEqual({ wool: 90, cotton: 10 });
  });

  it('has the moisture that was measured last, else that of its fibres', async () => {
    await using reading = await materialReading(await freshRecords(), SAID);
    const { site } = reading;
    await atWork(reading);
    const id = await bale(reading, 100);
    // 80 % of 8.5 and 20 % of 1.5.
    const dryGrams = Math.round(100_000 / 1.071);
    expect(await compositionOf(reading, id)).toMatchObject({ moisturePercent: 6.63, dryGrams, grade: null });
    await site.act(examineBale, { moisturePercent: 12.345, grade: 'material' }, id);
    await site.act(examineBale, { moisturePercent: 10 }, id);
    expect(await compositionOf(reading, id)).toMatchObject({
      moisturePercent: 10,
      moistureSource: 'measured',
      dryGrams: 90_000,
      conventionalGrams: 96_390,
      grade: 'material',
    });
    // Noted afterwards, for before: what was measured last stands, and what was not said since counts.
    const earlier = site.nowMs;
    site.advance(MINUTE_MS);
    await site.act(examineBale, { moisturePercent: 8 }, id);
    await site.act(examineBale, { moisturePercent: 20, grade: 'wiper' }, id, earlier);
    expect(await compositionOf(reading, id)).toMatchObject({ moisturePercent: 8, grade: 'wiper' });
    // Said again for the same time: it was said wrongly.
    await site.act(examineBale, { moisturePercent: 10 }, id);
    expect(await compositionOf(reading, id)).toMatchObject({ moisturePercent: 10, grade: 'wiper' });
    expect(await site.refusal(examineBale, { note: 'belle' }, id)).toMatchObject({ code: 'nothing-said' });
    expect(await site.refusal(examineBale, { grade: 'waste' }, 'B999')).toMatchObject({
      code: 'unknown-output',
    });
    await site.act(voidBale, { reason: 'mistaken' }, id);
    expect(await site.refusal(examineBale, { grade: 'waste' }, id)).toMatchObject({ code: 'wrong-state' });
    const { body } = await reading.ask('/epcis/events');
    expect(JSON.stringify(body)).toContain('"trame:moisturePercent":12.35');
  });
});
