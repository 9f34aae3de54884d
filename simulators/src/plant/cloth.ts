/**
 * What a garment's cloth is like under a lamp: its colour, how much light it lets through, what lies on it. All odds
 * here are assumptions about clothes as they are collected; no sorting plant was measured for them.
 */
import { fabrics, type Fabric, type Fibre, type FibreMix } from './materials.ts';
import { between, chance, pick, seedRandom, type RandomState } from './random.ts';

/** `carbon` is black pigment of carbon, which absorbs in the near infrared too; `black` is dyed and does not. */
export const shades = ['white', 'light', 'medium', 'dark', 'black', 'carbon'] as const;
export type Shade = (typeof shades)[number];

/** Assumption: garments in a hundred. */
export const shadeOdds: readonly (readonly [Shade, number])[] = [
  ['white', 22],
  ['light', 24],
  ['medium', 28],
  ['dark', 18],
  ['black', 6],
  ['carbon', 2],
];

export const thicknesses = ['opaque', 'thin', 'sheer'] as const;
export type Thickness = (typeof thicknesses)[number];

/** Share of the light that goes through the cloth, down to the belt and back. Assumption. */
export const transmissionOf: Readonly<Record<Thickness, { readonly low: number; readonly high: number }>> = {
  opaque: { low: 0, high: 0.04 },
  thin: { low: 0.12, high: 0.4 },
  sheer: { low: 0.5, high: 0.92 },
};

type ThicknessOdds = readonly (readonly [Thickness, number])[];

const usualThickness: ThicknessOdds = [
  ['opaque', 94],
  ['thin', 5],
  ['sheer', 1],
];

/** Assumption: garments in a hundred of one fabric; linings, tights and summer cloth are thin. */
const thicknessByFabric: Readonly<Partial<Record<Fabric, ThicknessOdds>>> = {
  polyester: [
    ['opaque', 82],
    ['thin', 14],
    ['sheer', 4],
  ],
  polyamide: [
    ['opaque', 62],
    ['thin', 24],
    ['sheer', 14],
  ],
  viscose: [
    ['opaque', 86],
    ['thin', 12],
    ['sheer', 2],
  ],
  wool: [
    ['opaque', 97],
    ['thin', 3],
  ],
  multilayer: [['opaque', 100]],
};

export function thicknessOdds(fabric: Fabric): ThicknessOdds {
  return thicknessByFabric[fabric] ?? usualThickness;
}

/** Assumption: how often a fabric is coated with polyurethane, and how much of what is seen that is. */
export const coatingOdds: Readonly<Partial<Record<Fabric, number>>> = {
  polyester: 0.06,
  polyamide: 0.12,
  cotton: 0.01,
  multilayer: 0.1,
};
export const coatingShare = { low: 0.12, high: 0.35 };

/** The layers of fabrics that have several, each as often on top as it is heavy. */
const layers: Readonly<Partial<Record<Fabric, readonly (readonly [FibreMix, number])[]>>> = {
  multilayer: [
    [{ cotton: 1 }, 0.4],
    [{ polyester: 1 }, 0.4],
    [{ polyamide: 1 }, 0.2],
  ],
};

/** A garment's cloth, as far as light is concerned. */
export interface Cloth {
  readonly shade: Shade;
  readonly thickness: Thickness;
  /** Share of the light that goes through, 0 to 1. */
  readonly transmission: number;
  /** Share of polyurethane in what is seen, 0 for uncoated cloth. It is not in the fabric's own shares. */
  readonly coating: number;
  /** There is another layer below the one that lies on top. */
  readonly layered: boolean;
  /** What lies on top: by mass shares, summing to 1. The whole fabric unless it is layered. */
  readonly upper: FibreMix;
}

const clothStream = 0xc10;

function upperOf(random: RandomState, fabric: Fabric): FibreMix {
  const known = layers[fabric];
  return known === undefined ? fabrics[fabric] : pick(random, known);
}

/** The cloth of the garment of this index, counted over the whole life of the plant. A pure function. */
export function clothOf(seed: number, index: number, fabric: Fabric): Cloth {
  const random = seedRandom(seed, clothStream, index);
  const shade = pick(random, shadeOdds);
  const thickness = pick(random, thicknessOdds(fabric));
  const { low, high } = transmissionOf[thickness];
  const transmission = between(random, low, high);
  const coated = chance(random, coatingOdds[fabric] ?? 0);
  const coating = coated ? between(random, coatingShare.low, coatingShare.high) : 0;
  return {
    shade,
    thickness,
    transmission,
    coating,
    layered: layers[fabric] !== undefined,
    upper: upperOf(random, fabric),
  };
}

/** Shares of a mix with its fibres. */
export function sharesOf(mix: FibreMix): readonly (readonly [Fibre, number])[] {
  return Object.entries(mix) as [Fibre, number][];
}
