/**
 * From the second derivatives of one instrument to those of another: piecewise direct standardisation (Wang, Veltkamp &
 * Kowalski, Anal. Chem. 63, 1991, 2750), on derivatives. An offset and a slope of the absorbance change nothing in a
 * unit shape, but bring the gates to the scale that they were set at.
 */
import { solveSymmetric } from './solve-symmetric.ts';

export interface Standardisation {
  /** For each channel of the model, weights of the channels around it; the middle one is the channel itself. */
  readonly weights: readonly Float64Array[];
}

/** Channels on either side that a channel is made from. */
export const PDS_HALF_WINDOW = 2;
/** Ridge, as a share of the mean variance of a window: three swatches cannot settle five weights. */
const RIDGE = 1e-2;

export function standardised(measured: Float64Array, { weights }: Standardisation): Float64Array {
  return measured.map((_, channel) => {
    const own = weights[channel] as Float64Array;
    const half = (own.length - 1) / 2;
    let sum = 0;
    for (let k = 0; k < own.length; k += 1) sum += (own[k] as number) * (measured[channel + k - half] ?? 0);
    return sum;
  });
}

/**
 * @param pairs derivatives of the same swatch on the model's instrument and on the other, averaged over its reads
 */
export function fitStandardisation(
  pairs: readonly { readonly master: Float64Array; readonly slave: Float64Array }[],
): Standardisation {
  const channels = pairs[0]?.master.length ?? 0;
  if (channels === 0) throw new RangeError('a standardisation needs at least one swatch measured on both');
  return { weights: Array.from({ length: channels }, (_, channel) => weightsOf(channel, pairs)) };
}

function weightsOf(channel: number, pairs: Parameters<typeof fitStandardisation>[0]): Float64Array {
  const size = 2 * PDS_HALF_WINDOW + 1;
  const windows = pairs.map(({ slave }) =>
    Array.from({ length: size }, (_, k) => slave[channel + k - PDS_HALF_WINDOW] ?? 0),
  );
  const product = (i: number, j: number): number =>
    windows.reduce((sum, window) => sum + (window[i] ?? 0) * (window[j] ?? 0), 0);
  const normal = Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => product(i, j)),
  );
  const ridge = (RIDGE * normal.reduce((sum, row, i) => sum + (row[i] ?? 0), 0)) / size;
  // Nothing was seen here on the other instrument: nothing is made up.
  if (ridge === 0) return new Float64Array(size);
  normal.forEach((row, i) => (row[i] = (row[i] ?? 0) + ridge));
  const aims = Array.from({ length: size }, (_, i) =>
    windows.reduce((sum, window, n) => sum + (window[i] ?? 0) * (pairs[n]?.master[channel] ?? 0), 0),
  );
  return Float64Array.from(solveSymmetric(normal, aims));
}

/** Least squares of `master = offset + slope · slave` over all channels of all pairs. */
export function fitOffsetSlope(
  pairs: readonly { readonly master: Float64Array; readonly slave: Float64Array }[],
): { readonly offset: number; readonly slope: number } {
  let [n, sx, sy, sxx, sxy] = [0, 0, 0, 0, 0];
  for (const { master, slave } of pairs) {
    slave.forEach((x, i) => {
      const y = master[i] ?? Number.NaN;
      if (!Number.isFinite(x) || !Number.isFinite(y)) return;
      n += 1;
      sx += x;
      sy += y;
      sxx += x * x;
      sxy += x * y;
    });
  }
  const spread = n * sxx - sx * sx;
  if (!(spread > 0)) throw new RangeError('offset and slope need swatches that differ');
  const slope = (n * sxy - sx * sy) / spread;
  return { slope, offset: (sy - slope * sx) / n };
}
