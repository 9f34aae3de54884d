/** How a garment lies under the lamp while it is read. The odds are assumptions about a belt at 1 m/s. */
import { between, chance, normal, pick, seedRandom, type RandomState } from './random.ts';

/** How the spot of the lamp meets the cloth. */
export const placements = ['whole', 'edge', 'beside'] as const;
export type Placement = (typeof placements)[number];

/** Assumption: reads in a thousand. */
export const placementOdds: readonly (readonly [Placement, number])[] = [
  ['whole', 930],
  ['edge', 65],
  ['beside', 5],
];
/** Share of the spot that an edge covers. */
export const edgeCover = { low: 0.3, high: 0.95 };

/** What is sewn or printed on cloth and may lie under the lamp. */
export const trims = ['none', 'print', 'button', 'metal'] as const;
export type Trim = (typeof trims)[number];

/** Assumption: reads in a thousand in which one of them lies under the lamp. */
export const trimOdds: readonly (readonly [Trim, number])[] = [
  ['none', 930],
  ['print', 40],
  ['button', 20],
  ['metal', 10],
];
/** Share of the covered spot that it takes. */
export const trimShare: Readonly<
  Record<Exclude<Trim, 'none'>, { readonly low: number; readonly high: number }>
> = {
  print: { low: 0.15, high: 0.6 },
  button: { low: 0.05, high: 0.2 },
  metal: { low: 0.05, high: 0.2 },
};

/** Assumption: one read in 250 throws the lamp straight back, as satin and foil do. */
export const glareOdds = 0.004;
/** So much is added to the reflectance then. */
export const glareLight = { low: 0.2, high: 1 };

export interface Pose {
  readonly placement: Placement;
  /** Share of the spot on the cloth; the rest is belt. */
  readonly covered: number;
  readonly trim: Trim;
  /** Share of the covered spot. */
  readonly trimShare: number;
  /** Light thrown straight back, in reflectance. */
  readonly glare: number;
  /** Depth of folds: how much longer the way of the light through the cloth is, 1 on average. */
  readonly depth: number;
  /** Shadow of folds, in absorbance. */
  readonly shadow: number;
}

const poseStream = 0x905e;
const depthSpread = 0.08;
const depthRange = { low: 0.75, high: 1.35 };
const shadowSpread = 0.012;

function coveredOf(random: RandomState, placement: Placement): number {
  switch (placement) {
    case 'whole':
      return 1;
    case 'edge':
      return between(random, edgeCover.low, edgeCover.high);
    case 'beside':
      return 0;
  }
}

/** How garment `index` lay when it was read as number `seq`. A pure function. */
export function poseOf(seed: number, seq: number, index: number): Pose {
  const random = seedRandom(seed, poseStream, seq, index);
  const placement = pick(random, placementOdds);
  const covered = coveredOf(random, placement);
  const trim = covered === 0 ? 'none' : pick(random, trimOdds);
  const depth = 1 + depthSpread * normal(random);
  return {
    placement,
    covered,
    trim,
    trimShare: trim === 'none' ? 0 : between(random, trimShare[trim].low, trimShare[trim].high),
    glare: covered > 0 && chance(random, glareOdds) ? between(random, glareLight.low, glareLight.high) : 0,
    depth: Math.min(depthRange.high, Math.max(depthRange.low, depth)),
    shadow: Math.abs(shadowSpread * normal(random)),
  };
}
