import type { Grade, Lot } from './lot.ts';
import type { Fabric } from './materials.ts';
import { dampOf } from './moisture.ts';
import { between, normal, pick, seedRandom, uniform } from './random.ts';

/** One piece on the line. Masses in grams, integers. */
export interface Garment {
  readonly lot: number;
  readonly index: number;
  readonly massG: number;
  readonly grade: Grade;
  readonly fabric: Fabric;
  /** Water beyond the room's balance; it leaves as vapour on the infeed belt. Included in `massG`. */
  readonly surplusWaterG: number;
  /** Water that stays in it, beyond the room's balance: it came wet. Included in `massG`. */
  readonly dampG: number;
}

const garmentStream = 0x6a7;
const minMassG = 60;
const maxMassG = 1_200;
const medianMassG = 225;
const massSpread = 0.5;
const meanSurplusWaterShare = 0.004;

const fabricsByGrade: Readonly<Record<Grade, readonly (readonly [Fabric, number])[]>> = {
  creme: [
    ['cotton', 35],
    ['wool', 15],
    ['flax', 10],
    ['viscose', 10],
    ['cotton-rich', 15],
    ['polyester', 15],
  ],
  reemploi: [
    ['cotton', 38],
    ['cotton-stretch', 10],
    ['polyester', 18],
    ['viscose', 7],
    ['acrylic', 6],
    ['wool', 3],
    ['cotton-rich', 14],
    ['polyester-rich', 4],
  ],
  essuyage: [
    ['cotton', 70],
    ['cotton-stretch', 14],
    ['cotton-rich', 16],
  ],
  matiere: [
    ['cotton', 40],
    ['cotton-stretch', 8],
    ['wool', 7],
    ['viscose', 6],
    ['flax', 4],
    ['polyester', 20],
    ['polyamide', 5],
    ['acrylic', 8],
    ['polypropylene', 2],
  ],
  csr: [
    ['cotton-rich', 25],
    ['polyester-rich', 28],
    ['wool-polyamide', 10],
    ['acrylic-wool', 12],
    ['multilayer', 25],
  ],
  rebut: [
    ['multilayer', 60],
    ['cotton', 40],
  ],
};

/**
 * Garment `index` (from 0, counted over the whole life of the plant) of a lot. A pure function of its
 * arguments, so a cage need keep only the range of its garments, and the same seed always brings the same
 * pieces, whatever happens on the line.
 */
export function garmentAt(seed: number, lot: Lot, index: number): Garment {
  const random = seedRandom(seed, garmentStream, lot.number, index);
  const grade = pick(random, lot.grades);
  const fabric = pick(random, fabricsByGrade[grade]);
  const drawnG = medianMassG * Math.exp(massSpread * normal(random));
  // As it is after the belt, with the water that does not leave there.
  const driedG = Math.round(Math.min(maxMassG, Math.max(minMassG, drawnG)));
  const surplus = driedG * meanSurplusWaterShare * between(random, 0, 2);
  const surplusWaterG = Math.floor(surplus + uniform(random));
  return {
    lot: lot.number,
    index,
    massG: driedG + surplusWaterG,
    grade,
    fabric,
    surplusWaterG,
    dampG: dampOf(seed, lot, index, driedG),
  };
}
