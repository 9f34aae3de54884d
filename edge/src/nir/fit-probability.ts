/**
 * How likely it is that a fibre is right and pure, given its purity: a logistic curve (Platt, 1999) through trials in
 * which pure swatches and all others weigh the same, none of them known to the model that read it.
 */
import type { CalibrationBin } from '../domain/nir/model-file.ts';
import { groupBy } from './statistics.ts';

/** One read whose purity a model gave that never saw its swatch. */
export interface Trial {
  /** Trials that are left out together when the curve is judged. */
  readonly group: string;
  readonly purity: number;
  readonly isPure: boolean;
}

export interface Curve {
  readonly a: number;
  readonly b: number;
}

/** Keeps the curve from growing steeper for ever where purity divides the trials exactly. */
const RIDGE = 1e-5;
const MAX_STEPS = 100;
const BIN_EDGES = [0, 0.1, 0.3, 0.5, 0.7, 0.9, 1];

export function chance({ a, b }: Curve, purity: number): number {
  return 1 / (1 + Math.exp(-(a + b * purity)));
}

/** Least weighted logarithmic loss, by Newton's method. */
export function fitCurve(trials: readonly Trial[]): Curve {
  const weights = weightsOf(trials);
  let curve: Curve = { a: 0, b: 1 };
  let loss = lossOf(curve, trials, weights);
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const way = newtonStep(curve, trials, weights);
    // A whole step may lead too far: half of it, and half again, until it lessens the loss.
    let length = 1;
    let next = stepped(curve, way, length);
    let found = lossOf(next, trials, weights);
    while (found > loss && length > 1e-6) {
      length /= 2;
      next = stepped(curve, way, length);
      found = lossOf(next, trials, weights);
    }
    const gain = loss - found;
    if (gain <= 0) break;
    [curve, loss] = [next, found];
    if (gain < 1e-14) break;
  }
  return curve;
}

function stepped({ a, b }: Curve, way: Curve, length: number): Curve {
  return { a: a + length * way.a, b: b + length * way.b };
}

function newtonStep(curve: Curve, trials: readonly Trial[], weights: readonly number[]): Curve {
  let [ga, gb, haa, hab, hbb] = [0, 2 * RIDGE * curve.b, 1e-12, 0, 2 * RIDGE];
  trials.forEach(({ purity, isPure }, i) => {
    const weight = weights[i] ?? 0;
    const p = chance(curve, purity);
    const slope = weight * (p - (isPure ? 1 : 0));
    const bend = weight * p * (1 - p);
    ga += slope;
    gb += slope * purity;
    haa += bend;
    hab += bend * purity;
    hbb += bend * purity * purity;
  });
  const determinant = haa * hbb - hab * hab;
  return { a: -(hbb * ga - hab * gb) / determinant, b: -(haa * gb - hab * ga) / determinant };
}

function lossOf(curve: Curve, trials: readonly Trial[], weights: readonly number[]): number {
  return trials.reduce(
    (sum, { purity, isPure }, i) => {
      const logit = (isPure ? -1 : 1) * (curve.a + curve.b * purity);
      // log(1 + eˣ) without overflow.
      const loss = Math.max(0, logit) + Math.log1p(Math.exp(-Math.abs(logit)));
      return sum + (weights[i] ?? 0) * loss;
    },
    RIDGE * curve.b * curve.b,
  );
}

/** Pure ones together weigh as much as all others together. */
function weightsOf(trials: readonly Trial[]): number[] {
  const pure = trials.filter(({ isPure }) => isPure).length;
  return trials.map(({ isPure }) => 0.5 / (isPure ? pure : trials.length - pure));
}

export interface Calibration {
  /** Weighted mean square of said less was. */
  readonly brier: number;
  readonly bins: readonly CalibrationBin[];
}

/** Each group judged by a curve that was fitted without it. */
export function calibrationOf(trials: readonly Trial[]): Calibration {
  const weights = weightsOf(trials);
  const weighted = trials.map((trial, i) => ({ trial, weight: weights[i] ?? 0 }));
  const judged = [...groupBy(weighted, ({ trial }) => trial.group)].flatMap(([group, members]) => {
    const curve = fitCurve(trials.filter((trial) => trial.group !== group));
    return members.map(({ trial, weight }) => ({
      said: chance(curve, trial.purity),
      was: trial.isPure ? 1 : 0,
      weight,
    }));
  });
  return {
    brier: judged.reduce((sum, { said, was, weight }) => sum + weight * (said - was) ** 2, 0),
    bins: calibrationBins(judged),
  };
}

/** What was said beside what was, in six ranges of what was said. */
export function calibrationBins(
  judged: readonly { readonly said: number; readonly was: number; readonly weight: number }[],
): CalibrationBin[] {
  return BIN_EDGES.slice(0, -1).map((from, i) => {
    const to = BIN_EDGES[i + 1] ?? 1;
    const inside = judged.filter(({ said }) => said >= from && (said < to || to === 1));
    const weight = inside.reduce((sum, one) => sum + one.weight, 0);
    const average = (key: 'said' | 'was') =>
      weight === 0 ? null : Math.min(1, inside.reduce((sum, one) => sum + one.weight * one[key], 0) / weight);
    return { from, to, n: inside.length, said: average('said'), was: average('was') };
  });
}
