/** Grams of a lot by commune: an allocation by a stated key, in parts of a thousand. */

export interface CommuneOfLot {
  readonly insee: string;
  readonly name: string;
  readonly permille: number;
}

/**
 * @param communes parts of a thousand; what they leave out belongs to no commune.
 * @returns whole grams of each, in their order, by largest remainder; together the sum of the parts, to the gram.
 */
export function communeGrams(communes: readonly CommuneOfLot[], grams: number): number[] {
  const total = communes.reduce((sum, { permille }) => sum + permille, 0);
  const exact = communes.map(({ permille }) => (grams * permille) / 1000);
  const parts = exact.map(Math.floor);
  const left = Math.round((grams * total) / 1000) - parts.reduce((sum, part) => sum + part, 0);
  const byRest = exact
    .map((value, index) => ({ index, rest: value - Math.floor(value) }))
    .sort((a, b) => b.rest - a.rest || a.index - b.index);
  for (const { index } of byRest.slice(0, left)) parts[index] = (parts[index] ?? 0) + 1;
  return parts;
}
