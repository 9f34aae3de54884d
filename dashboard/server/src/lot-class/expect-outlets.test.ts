import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TestChance } from '../audits/test-chance.ts';
import {
  CLASS_OUTLETS_MAX,
  expectOutlets,
  isTelling,
  sortedGramsOf,
  type LotFound,
} from './expect-outlets.ts';

const OUTLETS = ['creme', 'essuyage', 'effilochage', 'csr', 'shoes'] as const;

function lot(receivedKg: number, foundKg: Readonly<Record<string, number>>, name = 'L1'): LotFound {
  const outlets = new Map(Object.entries(foundKg).map(([outlet, kg]) => [outlet, kg * 1_000]));
  return { lot: name, receivedGrams: receivedKg * 1_000, outlets };
}

const alone = { like: [], site: [] };
const anyLot = fc
  .record({
    receivedGrams: fc.integer({ min: 0, max: 20_000_000 }),
    found: fc.dictionary(fc.constantFrom(...OUTLETS), fc.integer({ min: 1, max: 4_000_000 })),
  })
  .map(({ receivedGrams, found }): LotFound => ({
    lot: 'L',
    receivedGrams,
    outlets: new Map(Object.entries(found)),
  }));
const others = fc.array(anyLot, { maxLength: 8 }).map((lots) => lots.filter(isTelling));

const calledBy = (found: Record<string, number>) => expectOutlets(lot(1_000, found), null, alone).class;

/** @param sorted kg of a tonne. @returns points between the limits of the larger outlet. */
const width = (sorted: number) => {
  const [first] = expectOutlets(lot(1_000, { creme: sorted * 0.6, csr: sorted * 0.4 }), null, alone).outlets;
  return (first?.highPercent ?? 0) - (first?.lowPercent ?? 0);
};

/** @param before lots that are like it, all of which were found so. @returns its largest outlet before anything of it is sorted. */
function afterAlike(before: number, found: Record<string, number>) {
  const like = Array.from({ length: before }, (_, n) => lot(1_000, found, `L${n + 2}`));
  const [first] = expectOutlets(lot(1_000, {}), null, { like, site: [] }).outlets;
  if (first === undefined) throw new Error('something is expected');
  return first;
}

describe('the class of a lot', () => {
  it('is what was found of it, once that is a fifth of it or 200 kg', () => {
    const like = [1, 2, 3].map((n) => lot(1_000, { shoes: 1_000 }, `L${n}`));
    const few = expectOutlets(lot(900, { creme: 150 }), null, { like, site: like });
    expect(few).toMatchObject({ basis: 'like', likeLots: 3, class: ['shoes'], sortedGrams: 150_000 });
    const fifth = expectOutlets(lot(900, { creme: 120, csr: 60 }), null, { like, site: like });
    expect(fifth).toMatchObject({ basis: 'own', likeLots: 0, class: ['creme'] });
    const much = expectOutlets(lot(9_000, { creme: 90, csr: 110 }), null, { like, site: like });
    expect(much).toMatchObject({ basis: 'own', class: ['csr', 'creme'] });
    expect(much.outlets[0]).toMatchObject({
      outlet: 'csr',
      expectedPercent: expect.closeTo(55, 9),
      forecastGrams: 4_840_000,
    });
  });

  it('rests on all lots of the site while fewer than three are like it, and on nothing without any', () => {
    const two = [lot(500, { creme: 500 }, 'L2'), lot(500, { creme: 400, csr: 100 }, 'L3')];
    const fresh = lot(1_000, {});
    expect(expectOutlets(fresh, null, { like: two, site: two })).toMatchObject({
      basis: 'site',
      likeLots: 2,
    });
    expect(expectOutlets(fresh, null, alone)).toEqual({
      lot: 'L1',
      class: [],
      basis: 'unknown',
      likeLots: 0,
      receivedGrams: 1_000_000,
      sortedGrams: 0,
      outlets: [],
    });
  });

  it('names the outlets that make up most of it, three at most', () => {
    expect(calledBy({ creme: 610, csr: 390 })).toEqual(['creme']);
    expect(calledBy({ creme: 500, csr: 490, shoes: 10 })).toEqual(['creme', 'csr']);
    const ten = Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`outlet-${n}`, 100]));
    expect(calledBy(ten)).toHaveLength(CLASS_OUTLETS_MAX);
  });

  it('is exact once all of it was sorted, and told better the more was', () => {
    expect(width(1_000)).toBe(0);
    expect(width(900)).toBeLessThan(width(500));
    expect(width(500)).toBeLessThan(width(250));
  });

  it('is not certain because the lots before agree, less so the fewer they are', () => {
    for (const found of [{ creme: 1_000 }, { creme: 600, csr: 300 }]) {
      const [three, ten, forty] = [3, 10, 40].map((lots) => afterAlike(lots, found));
      expect(three?.lowPercent).toBeLessThan(ten?.lowPercent ?? 0);
      expect(ten?.lowPercent).toBeLessThan(forty?.lowPercent ?? 0);
      expect(forty?.lowPercent).toBeLessThan((forty?.expectedPercent ?? 0) - 1);
    }
    expect(afterAlike(3, { creme: 1_000 }).lowPercent).toBeLessThan(80);
    expect(afterAlike(10, { creme: 600, csr: 300 }).highPercent).toBeGreaterThan(70);
  });

  it('tells of the whole lot what fell already, whatever was expected', () => {
    const like = Array.from({ length: 10 }, (_, n) => lot(100, { csr: 100 }, `L${n + 2}`));
    const found = expectOutlets(lot(100, { creme: 1, csr: 9 }), null, { like, site: [] });
    expect(found).toMatchObject({ basis: 'like', class: ['csr'] });
    expect(found.outlets).toMatchObject([
      { outlet: 'csr', expectedPercent: expect.closeTo(99, 9), forecastGrams: 90_000 },
      { outlet: 'creme', expectedPercent: expect.closeTo(1, 9), forecastGrams: 0 },
    ]);
    const [csr, creme] = found.outlets;
    expect(csr?.highPercent).toBeCloseTo(99, 9);
    expect(creme?.lowPercent).toBeCloseTo(1, 9);
    expect(creme?.highPercent).toBeCloseTo(91, 9);
  });

  it('counts as sorted what left a lot that was made of others', () => {
    const like = [1, 2, 3].map((n) => lot(1_000, { creme: 600 + n, csr: 400 - n }, `L${n}`));
    const made = expectOutlets(lot(800, {}), 300_000, { like, site: [] });
    expect(made).toMatchObject({ basis: 'like', sortedGrams: 300_000 });
    expect(made.outlets.reduce((sum, { forecastGrams }) => sum + forecastGrams, 0)).toBe(500_000);
  });

  it('forecasts to the gram what is left, between its limits, whatever it rests on', () => {
    fc.assert(
      fc.property(anyLot, others, others, (own, like, site) => {
        const found = expectOutlets(own, null, { like, site });
        const sorted = sortedGramsOf(own);
        const forecast = found.outlets.reduce((sum, { forecastGrams }) => sum + forecastGrams, 0);
        const left = Math.max(0, own.receivedGrams - sorted);
        expect(forecast).toBe(found.basis === 'unknown' ? 0 : left);
        expect(found.outlets.reduce((sum, { foundGrams }) => sum + foundGrams, 0)).toBe(sorted);
        const percent = found.outlets.reduce((sum, { expectedPercent }) => sum + expectedPercent, 0);
        expect(percent).toBeCloseTo(found.basis === 'unknown' ? 0 : 100, 6);
        for (const one of found.outlets) {
          expect(one.forecastGrams).toBeGreaterThanOrEqual(0);
          expect(one.lowPercent).toBeGreaterThanOrEqual(0);
          expect(one.lowPercent).toBeLessThanOrEqual(one.expectedPercent);
          expect(one.highPercent).toBeGreaterThanOrEqual(one.expectedPercent);
          expect(one.highPercent).toBeLessThanOrEqual(100);
          const isOfOthers = found.basis === 'like' || found.basis === 'site';
          expect(isOfOthers && one.highPercent - one.lowPercent < 0.01).toBe(false);
        }
      }),
    );
  });
});

const seed = Number(process.env['LOT_SEED'] ?? 20_261_120);

/** What collectors bring, and how alike what they bring is. */
const COLLECTORS = [
  { shares: [0.62, 0.14, 0.14, 0.08, 0.02], concentration: 40 },
  { shares: [0.25, 0.3, 0.28, 0.15, 0.02], concentration: 25 },
  { shares: [0.5, 0.1, 0.15, 0.05, 0.2], concentration: 60 },
] as const;
const LOTS_OF_YEAR = 300;
/** Bags of one lot are alike among themselves by so much. */
const BAG_CONCENTRATION = 8;

interface YearLot {
  readonly whole: LotFound;
  readonly collector: number;
  /** What came out first. */
  readonly early: LotFound;
}

/** @returns lots as they came in, each with what all of it turned out to be. */
function yearOfLots(chance: TestChance): YearLot[] {
  return Array.from({ length: LOTS_OF_YEAR }, (_, n) => {
    const collector = Math.floor(chance.next() * COLLECTORS.length);
    const { shares, concentration } = COLLECTORS[collector] ?? COLLECTORS[0];
    const own = chance.dirichlet(shares, concentration);
    const bags = 60 + Math.floor(chance.next() * 240);
    const all = new Map<string, number>();
    const early = new Map<string, number>();
    for (let bag = 0; bag < bags; bag += 1) {
      const inBag = chance.dirichlet(own, BAG_CONCENTRATION);
      for (const [at, outlet] of OUTLETS.entries()) {
        const grams = Math.round(10_000 * (inBag[at] ?? 0));
        if (grams > 0) all.set(outlet, grams + (all.get(outlet) ?? 0));
        if (grams > 0 && bag < bags * 0.3) early.set(outlet, grams + (early.get(outlet) ?? 0));
      }
    }
    const receivedGrams = [...all.values()].reduce((sum, grams) => sum + grams, 0);
    const name = `L${n}`;
    return {
      collector,
      whole: { lot: name, receivedGrams, outlets: all },
      early: { lot: name, receivedGrams, outlets: early },
    };
  });
}

const wholes = (lots: readonly YearLot[]) => lots.slice(-40).map(({ whole }) => whole);
const fresh = ({ whole }: YearLot): LotFound => ({ ...whole, outlets: new Map() });

describe(`forecasts of a year of lots, drawn from seed ${seed}, against what was then found`, () => {
  const year = yearOfLots(new TestChance(seed));

  /** @returns how often a share lay between its limits, %, and how far the forecasts were off, points of the lot. */
  function compared(see: (lot: YearLot, before: readonly YearLot[]) => ReturnType<typeof expectOutlets>) {
    let [held, asked, off, lots] = [0, 0, 0, 0];
    for (const [n, lot] of year.entries()) {
      if (n < 60) continue;
      const found = see(lot, year.slice(0, n));
      lots += 1;
      for (const outlet of OUTLETS) {
        const told = found.outlets.find((one) => one.outlet === outlet);
        const grams = lot.whole.outlets.get(outlet) ?? 0;
        const percent = (100 * grams) / lot.whole.receivedGrams;
        asked += 1;
        if (told !== undefined && told.lowPercent <= percent && percent <= told.highPercent) held += 1;
        const forecast = (told?.foundGrams ?? 0) + (told?.forecastGrams ?? 0);
        off += (100 * Math.abs(forecast - grams)) / lot.whole.receivedGrams / 2;
      }
    }
    return { heldPercent: (100 * held) / asked, offPoints: off / lots };
  }

  const like = compared((lot, before) =>
    expectOutlets(fresh(lot), null, {
      like: wholes(before.filter(({ collector }) => collector === lot.collector)),
      site: [],
    }),
  );
  const site = compared((lot, before) => expectOutlets(fresh(lot), null, { like: [], site: wholes(before) }));
  const own = compared((lot) => expectOutlets(lot.early, null, alone));

  it('the limits hold about as often as they say', () => {
    // 95 % less what a year of lots leaves to chance, and what outlets of hardly anything add to that.
    for (const { heldPercent } of [like, site, own]) expect(heldPercent).toBeGreaterThanOrEqual(92);
  });

  it('like lots tell more than the site, and the lot itself more than both', () => {
    expect(like.offPoints).toBeLessThan(site.offPoints * 0.8);
    expect(own.offPoints).toBeLessThan(like.offPoints * 0.6);
    expect(own.offPoints).toBeLessThan(6);
  });
});
