/** The share of one fibre in a blend of two, where the instrument's library holds blends only: never «pure». */
import type { GateLog } from './gate-log.ts';
import type { RatioModel } from './open-model.ts';
import { NOTHING_SAID, type Said } from './said.ts';
import { dot } from './unit-shape.ts';

/** Past the range that it was fitted for by more than this, a ratio is a guess; in root mean square errors. */
const RANGE_MARGIN_RMSE = 2;

export interface RatioReading {
  /** Share of the fibre that is measured, points; not bounded to 0…100. */
  readonly points: number;
  /** Length of what the fitted shapes do not explain; a whole shape has 1. */
  readonly residual: number;
  /** The shape, as far as the fitted shapes explain it. */
  readonly fit: Float64Array;
}

export function readRatio(model: RatioModel, shape: Float64Array): RatioReading {
  const { mean, coefficients, loadings } = model;
  const rest = shape.map((value, i) => value - (mean[i] as number));
  const points = model.file.intercept + dot(coefficients, rest);
  for (const loading of loadings) {
    const score = dot(loading, rest);
    for (let i = 0; i < rest.length; i += 1) rest[i] = (rest[i] as number) - score * (loading[i] as number);
  }
  return {
    points,
    residual: Math.sqrt(dot(rest, rest)),
    fit: shape.map((value, i) => value - (rest[i] as number)),
  };
}

/** Goes through the gates of the model, in order: distance, range; what is left is a blend. */
export function judgeRatio(model: RatioModel, shape: Float64Array, log: GateLog): Said {
  const { of, rest, range, rmse, limits } = model.file;
  const { points, residual } = readRatio(model, shape);
  if (!log.take('distance', residual <= limits.residual, residual, limits.residual)) return NOTHING_SAID;
  const [low, high] = [range[0] - RANGE_MARGIN_RMSE * rmse, range[1] + RANGE_MARGIN_RMSE * rmse];
  const isInside = points >= low && points <= high;
  const edge = points < (low + high) / 2 ? low : high;
  if (!log.take('out-of-range', isInside, points, edge)) return NOTHING_SAID;
  log.take('blend', false, points);
  const percent = Math.min(100, Math.max(0, points));
  const composition = [
    { fibre: of, percent },
    { fibre: rest, percent: 100 - percent },
  ].sort((a, b) => b.percent - a.percent);
  return { ...NOTHING_SAID, composition, errorPoints: rmse };
}
