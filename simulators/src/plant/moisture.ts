/** Water in cloth: how much a garment holds when it is read, and what that absorbs. */
import { absorbanceOf, type Band } from './fibre-bands.ts';
import type { Lot } from './lot.ts';
import type { Fibre, FibreMix } from './materials.ts';
import { between, chance, normal, seedRandom, type RandomState } from './random.ts';

/** Assumption: one lot in twelve came through the rain; seven of ten garments of it are damp, by these shares of dry mass. */
export const wetLotOdds = 1 / 12;
export const dampInWetLotOdds = 0.7;
export const dampInWetLot = { low: 0.05, high: 0.22 };
/** Assumption: of the other lots one garment in a hundred is damp. */
export const strayDampOdds = 0.01;
export const strayDamp = { low: 0.04, high: 0.25 };

const lotStream = 0x3e7;
const garmentStream = 0x3e8;
const roomStream = 0x3e9;

/** Whether a lot came wet. A pure function. */
export function isWetLot(seed: number, lot: number): boolean {
  return chance(seedRandom(seed, lotStream, lot), wetLotOdds);
}

/**
 * Water that a garment holds beyond what the room gives it and that the belt does not dry, in whole grams of its
 * `massG`. A pure function.
 */
export function dampOf(seed: number, lot: Lot, index: number, massG: number): number {
  const random = seedRandom(seed, garmentStream, index);
  const wet = isWetLot(seed, lot.number);
  if (!chance(random, wet ? dampInWetLotOdds : strayDampOdds)) return 0;
  const { low, high } = wet ? dampInWetLot : strayDamp;
  const share = between(random, low, high);
  return Math.round((massG * share) / (1 + share));
}

/** Water that fibres take up from air of 65 % humidity, as a share of their dry mass (commercial allowances, rounded). */
export const regain: Readonly<Record<Fibre, number>> = {
  cotton: 0.085,
  flax: 0.12,
  wool: 0.17,
  viscose: 0.13,
  polyester: 0.005,
  polyamide: 0.045,
  acrylic: 0.02,
  polypropylene: 0,
  elastane: 0.013,
};
/** The hall is drier or damper from lot to lot; the tables of the fibres hold it at its average. Assumption. */
export const roomSpread = 0.05;

/** A garment as it was read: its grams, the water that is part of them, its lot. */
interface Wetted {
  readonly massG: number;
  readonly dampG: number;
  readonly lot: number;
}

/**
 * Water in what is seen, as a share of its dry mass: the garment's own, and what the hall's air of that day adds to or
 * takes from what the fibre's table holds already (which may be below 0).
 */
export function waterShareOf(seed: number, read: Wetted, upper: FibreMix): number {
  const { massG, dampG, lot } = read;
  const room = roomSpread * normal(seedRandom(seed, roomStream, lot));
  const usual = (Object.entries(upper) as [Fibre, number][]).reduce(
    (sum, [fibre, share]) => sum + share * regain[fibre],
    0,
  );
  const own = massG > dampG ? dampG / (massG - dampG) : 0;
  return own + room * usual;
}

/** Assumption: absorbance of a share of water of 1, in the overtone near 1450 nm, and in the weak ones below it. */
export const waterHeights = { at1450: 1.1, at1150: 0.12, at970: 0.05 };
/** Water that fibres hold fast absorbs at longer wavelengths than water between them. */
const centre1450Nm = { low: 1_440, high: 1_460 };
const width1450Nm = { low: 40, high: 50 };

/** The bands of the water in one piece, for a share of 1. */
export function waterBandsAround(random: RandomState): readonly Band[] {
  return [
    [970, 22, waterHeights.at970],
    [1_150, 20, waterHeights.at1150],
    [
      between(random, centre1450Nm.low, centre1450Nm.high),
      between(random, width1450Nm.low, width1450Nm.high),
      waterHeights.at1450,
    ],
  ];
}

/** Wet cloth is darker everywhere: light is scattered less. */
const darkening = 0.15;

/** What a share of water absorbs at every wavelength. */
export function waterAbsorbance(share: number, bands: readonly Band[], driftNm: number): Float64Array {
  return absorbanceOf(bands, driftNm).map((value) => share * value + darkening * Math.max(0, share));
}
