/** A spectrum as a drawing: pure. Sizes in px, wavelengths in nm. */
import { curvePath, extent, linearScale, type Scale } from './chart-scale.ts';

/**
 * Where water absorbs between 900 and 1700 nm: the first overtone of O–H, 1400 to 1500 nm, and the combination of stretches
 * and bend near 1150 nm (Workman and Weyer, Practical Guide to Interpretive Near-Infrared Spectroscopy). A wet piece bulges
 * there, and hides what its fibres show.
 */
const WATER_BANDS = [
  { nm: 1150, from: 1130, to: 1170 },
  { nm: 1450, from: 1400, to: 1500 },
] as const;

export interface SpectrumLayout {
  readonly plot: {
    readonly left: number;
    readonly right: number;
    readonly top: number;
    readonly bottom: number;
  };
  readonly x: Scale;
  readonly y: Scale;
  /** One SVG path for each curve; empty where it has no values. */
  readonly paths: readonly string[];
  readonly bands: readonly { readonly nm: number; readonly left: number; readonly width: number }[];
}

export const SPECTRUM_HEIGHT_PX = 280;
/** Narrower than this the drawing is scaled down. */
export const SPECTRUM_WIDTH_MIN_PX = 280;

const LEFT_PX = 56;
const RIGHT_PX = 16;
/** The names of the water bands stand above the curves. */
const TOP_PX = 28;
const BOTTOM_PX = 44;
const X_LABEL_PX = 72;
const Y_TICKS = 7;
/** Air above and below the curves, of their span. */
const AIR = 0.06;

/** @returns null when there is nothing to draw. */
export function spectrumLayout(
  nm: readonly number[],
  curves: readonly (readonly (number | null)[])[],
  width: number,
): SpectrumLayout | null {
  const span = extent([nm]);
  const range = extent(curves);
  if (span === null || range === null || nm.length < 2) return null;
  const plot = {
    left: LEFT_PX,
    right: Math.max(width, SPECTRUM_WIDTH_MIN_PX) - RIGHT_PX,
    top: TOP_PX,
    bottom: SPECTRUM_HEIGHT_PX - BOTTOM_PX,
  };
  const air = (range[1] - range[0]) * AIR;
  const x = linearScale(span, [plot.left, plot.right], Math.floor((plot.right - plot.left) / X_LABEL_PX));
  const y = linearScale([range[0] - air, range[1] + air], [plot.bottom, plot.top], Y_TICKS);
  return {
    plot,
    x,
    y,
    paths: curves.map((values) => curvePath(nm, values, x.at, y.at)),
    bands: WATER_BANDS.flatMap((band) => {
      const [from, to] = [Math.max(band.from, span[0]), Math.min(band.to, span[1])];
      return to > from ? [{ nm: band.nm, left: x.at(from), width: x.at(to) - x.at(from) }] : [];
    }),
  };
}

/** Where a list of values is highest. @returns null when it has none. */
export function peakNm(nm: readonly number[], values: readonly (number | null)[]): number | null {
  let peak: { readonly nm: number; readonly value: number } | null = null;
  for (const [index, value] of values.entries()) {
    const here = nm[index];
    if (value === null || here === undefined) continue;
    if (peak === null || value > peak.value) peak = { nm: here, value };
  }
  return peak?.nm ?? null;
}
