/**
 * How far weights may err, and what their errors come to together. Pure.
 *
 * A non-automatic scale of class III in service may err by twice the initial error of OIML R 76-1, 3.5: ±1 e up to
 * 500 e, ±2 e up to 2 000 e, ±3 e beyond. Taken as the half-width of a rectangular distribution, the standard
 * uncertainty of one weighing is u = MPE/√3. Independent weighings add as squares, and a residual is an alarm beyond
 * limit = 2·√(Σu²): coverage factor k = 2, about 95 %.
 *
 * Assumptions, for what no standard states:
 * - a weight that was typed or copied from paper errs by twice as much: a digit, a rounding, another tare;
 * - a scale whose interval is not known has 500 g, a weighbridge 20 kg;
 * - an estimate errs by 20 %;
 * - a totaliser (infeed scale, load cells of a bin) errs by 1 % of what it counted, the in-service error of a belt weigher
 *   of class 1 (OIML R 50-1), always to the same side: what one totaliser counted errs as a whole.
 */
import type { Weight } from '@trame/protocol/material/move';

const INTERVAL_GRAMS = 500;
const WEIGHBRIDGE_INTERVAL_GRAMS = 20_000;
const COPIED_FACTOR = 2;
const ESTIMATED_SHARE = 0.2;
const TOTALISER_SHARE = 0.01;
const COVERAGE_FACTOR = 2;

/** Initial maximum permissible errors in intervals, by the load in intervals up to which they hold. */
const INITIAL_ERRORS = [
  { upTo: 500, intervals: 0.5 },
  { upTo: 2_000, intervals: 1 },
  { upTo: Number.POSITIVE_INFINITY, intervals: 1.5 },
] as const;
const IN_SERVICE_FACTOR = 2;

/** @returns grams by which a class III scale in service may err with such a load. */
export function mpeGrams(loadGrams: number, intervalGrams: number): number {
  const load = loadGrams / intervalGrams;
  const step = INITIAL_ERRORS.find(({ upTo }) => load <= upTo);
  return (step?.intervals ?? 1.5) * IN_SERVICE_FACTOR * intervalGrams;
}

/**
 * @param loadGrams what lay on the scale, container included.
 * @param netGrams what is said to be there; of an estimate, that is what errs.
 * @returns u², grams².
 */
export function weightVariance(
  { how, intervalGrams }: Pick<Weight, 'how' | 'intervalGrams'>,
  loadGrams: number,
  netGrams: number,
): number {
  return square(errorOf(how, intervalGrams, loadGrams, netGrams) / Math.sqrt(3));
}

function errorOf(how: Weight['how'], interval: number | null, loadGrams: number, netGrams: number): number {
  switch (how) {
    case 'scale':
      return mpeGrams(loadGrams, interval ?? INTERVAL_GRAMS);
    case 'typed':
    case 'paper':
      return COPIED_FACTOR * mpeGrams(loadGrams, interval ?? INTERVAL_GRAMS);
    case 'weighbridge':
      return mpeGrams(loadGrams, interval ?? WEIGHBRIDGE_INTERVAL_GRAMS);
    case 'estimated':
      return ESTIMATED_SHARE * netGrams;
  }
}

/** @param countedGrams by one totaliser. @returns u², grams². */
export function totaliserVariance(countedGrams: number): number {
  return square((TOTALISER_SHARE * countedGrams) / Math.sqrt(3));
}

/** @returns grams beyond which a residual is an alarm. */
export function alarmLimitGrams(variance: number): number {
  return Math.round(COVERAGE_FACTOR * Math.sqrt(variance));
}

function square(value: number): number {
  return value * value;
}
