import type { Garment } from './garment.ts';
import { fabrics, type Fabric, type Fibre } from './materials.ts';

/** What a heap is made of, in whole grams. Fibres without the water that dries off. */
export interface Composition {
  fibresG: Partial<Record<Fibre, number>>;
  waterG: number;
  /** What lay there before the first second, or fell before the plant kept account of fibres. */
  unknownG: number;
}

export function emptyComposition(unknownG = 0): Composition {
  return { fibresG: {}, waterG: 0, unknownG };
}

/** A garment's own grams without its water. */
export function dryMassG(garment: Garment): number {
  return garment.massG - garment.surplusWaterG - garment.dampG;
}

/**
 * Shares out `dryG` grams of a fabric over its fibres, in whole grams that sum to it: each gets the whole grams of its
 * share, the largest remainders the rest.
 */
export function fibreGrams(fabric: Fabric, dryG: number): readonly (readonly [Fibre, number])[] {
  const exact = (Object.entries(fabrics[fabric]) as [Fibre, number][]).map(([fibre, share]) => {
    const grams = share * dryG;
    return { fibre, whole: Math.floor(grams), rest: grams - Math.floor(grams) };
  });
  const missing = dryG - exact.reduce((sum, { whole }) => sum + whole, 0);
  const first = new Set(exact.toSorted((left, right) => right.rest - left.rest).slice(0, missing));
  return exact.map((part) => [part.fibre, part.whole + (first.has(part) ? 1 : 0)] as const);
}

function addFibre(to: Composition, fibre: Fibre, grams: number): void {
  to.fibresG[fibre] = (to.fibresG[fibre] ?? 0) + grams;
}

/** Lays a garment on the heap. */
export function addGarment(to: Composition, garment: Garment): void {
  const dryG = dryMassG(garment);
  for (const [fibre, grams] of fibreGrams(garment.fabric, dryG)) addFibre(to, fibre, grams);
  to.waterG += garment.massG - dryG;
}

/** Everything of a heap, in grams. */
export function compositionMassG({ fibresG, waterG, unknownG }: Composition): number {
  return Object.values(fibresG).reduce((sum, grams) => sum + grams, 0) + waterG + unknownG;
}
