/**
 * What outlets to expect of a lot, and how much of each is still to come. Pure.
 *
 * From the lot itself once enough of it was sorted: bags of one lot are like each other inside, so that what was found is worth as
 * many draws as bags were opened, and what is left of the lot alone is uncertain (Cochran 1977, 2.6 and 9.2).
 * Before that from lots like it: lots differ by more than bags do, and the next one differs as they did. Shares that vary so between
 * heaps are Dirichlet-multinomial (Mosimann 1962), each share by itself beta, here of the variance of a next lot about the mean of
 * those that are known, s² · (1 + 1/n), with Student's t for a spread that few lots tell. Lots that agree by chance do not make the
 * next one certain: the spread is not less than what lots are assumed to differ by, for which {@link PRIOR_FREEDOM} degrees of freedom
 * speak and each lot that agreed against it (Smyth 2004), about a mean that half a lot with and half a lot without it draw from the
 * edge (Agresti & Coull 1998 do so for shares of draws). Of a lot that was begun this is said of the rest; what fell is known.
 */
import type { LotClass } from '@trame/protocol/classification/classification-answers';
import { betaQuantile, studentT95 } from '../audits/beta-distribution.ts';
import { shareInterval } from '../audits/error-interval.ts';
import { shareOut } from '../material/shares.ts';

export interface LotFound {
  readonly lot: string;
  /** What is to be sorted of it in all: without what went back, or dried away. */
  readonly receivedGrams: number;
  /** Grams that were found, by outlet; all above 0. */
  readonly outlets: ReadonlyMap<string, number>;
}

/** So much of a lot, or so many grams of it, tell what the lot is. */
export const ENOUGH_SHARE = 0.2;
export const ENOUGH_GRAMS = 200_000;
/** Fewer like lots say less than all lots of the site. */
export const LIKE_LOTS_MIN = 3;
/** A lot is called by the outlets that make up so much of it, and by no more than so many. */
export const CLASS_SHARE = 0.6;
export const CLASS_OUTLETS_MAX = 3;
/** What a bag of a lot holds: assumed. What comes out of one bag is alike. */
export const BAG_GRAMS = 10_000;

/** Lots that are like each other differ as if each were drawn from so many bags: assumed. */
const LOT_CONCENTRATION = 25;
/** So many degrees of freedom it is worth that lots differ so. */
const PRIOR_FREEDOM = 4;

const TAIL = 0.025;
/** Of the normal distribution, 95 %. */
const Z95 = 1.959963984540054;
/** Shares as whole numbers, so that grams are shared out by them exactly. */
const SHARE_UNITS = 1e12;

export function sortedGramsOf({ outlets }: Pick<LotFound, 'outlets'>): number {
  return [...outlets.values()].reduce((sum, grams) => sum + grams, 0);
}

/** @returns whether so much of it was sorted that it tells what it is. */
export function isTelling(lot: LotFound): boolean {
  const sorted = sortedGramsOf(lot);
  return sorted > 0 && (sorted >= ENOUGH_GRAMS || sorted >= ENOUGH_SHARE * lot.receivedGrams);
}

/** A share, 0…1, and between which two it lies with 95 %. */
interface Expected {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/**
 * @param own what was found of it. @param sortedGrams of a lot that was made of others, whose kilograms bear their names: what left
 * it; null: what was found.
 * @param alike lots like it, the lots of the site: only those that tell something, and never itself.
 */
export function expectOutlets(
  own: LotFound,
  sortedGrams: number | null,
  alike: { readonly like: readonly LotFound[]; readonly site: readonly LotFound[] },
): LotClass {
  const basis = basisOf(own, alike);
  const lots = basis === 'like' || basis === 'site' ? alike[basis] : [];
  const expected = basis === 'own' ? fromItself(own) : fromOthers(lots);
  const sorted = sortedGrams ?? sortedGramsOf(own);
  const forecast = forecastOf(expected, Math.max(0, own.receivedGrams - sorted));
  const outlets = [...new Set([...expected.keys(), ...own.outlets.keys()])].map((outlet) => {
    const told = expected.get(outlet) ?? { share: 0, low: 0, high: 1 };
    const { share, low, high } = lots.length > 0 ? withFound(own, outlet, told) : told;
    return {
      outlet,
      foundGrams: own.outlets.get(outlet) ?? 0,
      expectedPercent: 100 * share,
      lowPercent: 100 * low,
      highPercent: 100 * high,
      forecastGrams: forecast.get(outlet) ?? 0,
    };
  });
  outlets.sort((a, b) => b.expectedPercent - a.expectedPercent || (a.outlet < b.outlet ? -1 : 1));
  return {
    lot: own.lot,
    class: calledBy(outlets),
    basis,
    likeLots: lots.length,
    receivedGrams: own.receivedGrams,
    sortedGrams: sorted,
    outlets,
  };
}

function basisOf(
  own: LotFound,
  { like, site }: { readonly like: readonly LotFound[]; readonly site: readonly LotFound[] },
): LotClass['basis'] {
  if (isTelling(own)) return 'own';
  if (like.length >= LIKE_LOTS_MIN) return 'like';
  return site.length > 0 ? 'site' : 'unknown';
}

function fromItself(own: LotFound): ReadonlyMap<string, Expected> {
  const sorted = sortedGramsOf(own);
  const left = Math.max(0, 1 - sorted / own.receivedGrams);
  const bags = sorted / BAG_GRAMS;
  return new Map(
    [...own.outlets].map(([outlet, grams]) => {
      const share = grams / sorted;
      const limits = left > 0 ? shareInterval(share, bags / left) : { low: share, high: share };
      return [outlet, { share, ...limits }];
    }),
  );
}

/** Each lot counts the same, however large: the next one is one more of them. */
function fromOthers(lots: readonly LotFound[]): ReadonlyMap<string, Expected> {
  const names = new Set(lots.flatMap(({ outlets }) => [...outlets.keys()]));
  return new Map(
    [...names].map((outlet) => [
      outlet,
      nextOf(lots.map((lot) => (lot.outlets.get(outlet) ?? 0) / sortedGramsOf(lot))),
    ]),
  );
}

/** @param rest what is expected of what is left. @returns of the whole lot, with what fell already. */
function withFound(own: LotFound, outlet: string, rest: Expected): Expected {
  const sorted = sortedGramsOf(own);
  if (sorted === 0) return rest;
  const found = (own.outlets.get(outlet) ?? 0) / own.receivedGrams;
  const left = 1 - sorted / own.receivedGrams;
  const whole = (share: number) => Math.min(1, found + left * share);
  return { share: whole(rest.share), low: whole(rest.low), high: whole(rest.high) };
}

/** @param shares of the lots that are known; at least one. */
function nextOf(shares: readonly number[]): Expected {
  const { length } = shares;
  const share = shares.reduce((sum, one) => sum + one, 0) / length;
  if (length === 1) return { share, low: 0, high: 1 };
  const drawn = (share * length + 1 / 2) / (length + 1);
  const squares = shares.reduce((sum, one) => sum + (one - share) ** 2, 0);
  const seen = varianceOfNext(squares / (length - 1), length, length - 1);
  const assumed = (drawn * (1 - drawn)) / (1 + LOT_CONCENTRATION);
  const freedom = PRIOR_FREEDOM + length - 1;
  const atLeast = varianceOfNext((PRIOR_FREEDOM * assumed + squares) / freedom, length, freedom);
  const variance = Math.max(seen, atLeast);
  return {
    share,
    low: Math.min(share, limitOf(Math.min(share, drawn), variance, TAIL)),
    high: Math.max(share, limitOf(Math.max(share, drawn), variance, 1 - TAIL)),
  };
}

/** @param spread between lots, a variance of so many degrees of freedom. */
function varianceOfNext(spread: number, lots: number, freedom: number): number {
  return spread * (1 + 1 / lots) * (studentT95(freedom) / Z95) ** 2;
}

/** @returns below what share the part `p` of a beta distribution lies; 0 or 1 where there is none of that variance. */
function limitOf(mean: number, variance: number, p: number): number {
  const concentration = (mean * (1 - mean)) / variance - 1;
  if (concentration <= 0) return p < 1 / 2 ? 0 : 1;
  return betaQuantile(mean * concentration, (1 - mean) * concentration, p);
}

/** @returns whole grams that add up to what is left; nothing is forecast of what nothing is expected of. */
function forecastOf(expected: ReadonlyMap<string, Expected>, leftGrams: number): ReadonlyMap<string, number> {
  const weights = [...expected].map(([outlet, { share }]) => ({
    lot: outlet,
    grams: Math.round(share * SHARE_UNITS),
  }));
  if (weights.every(({ grams }) => grams === 0)) return new Map();
  return new Map(shareOut(weights, leftGrams).map(({ lot: outlet, grams }) => [outlet, grams]));
}

/** @param outlets largest first. */
function calledBy(
  outlets: readonly { readonly outlet: string; readonly expectedPercent: number }[],
): string[] {
  const names: string[] = [];
  let share = 0;
  for (const { outlet, expectedPercent } of outlets) {
    if (expectedPercent === 0 || names.length === CLASS_OUTLETS_MAX || share >= 100 * CLASS_SHARE) break;
    names.push(outlet);
    share += expectedPercent;
  }
  return names;
}
