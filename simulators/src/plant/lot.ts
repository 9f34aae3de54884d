import { integerBetween, chance, seedRandom } from './random.ts';

/** What a garment is really worth, known to the simulation alone: a good sorter would say the same. */
export type Grade = 'creme' | 'reemploi' | 'essuyage' | 'matiere' | 'csr' | 'rebut';

/** Original lots are untouched; from skimmed ones the best pieces were taken before they came. */
export type LotCondition = 'original' | 'skimmed';

export interface Lot {
  readonly number: number;
  readonly condition: LotCondition;
  readonly cages: number;
  readonly grades: readonly (readonly [Grade, number])[];
}

/** Weighted by how often each condition comes, these give ≈ 56 % reuse, 33 % recycling, 9 % CSR, 1 % out. */
const gradeShares: Readonly<Record<LotCondition, Readonly<Record<Grade, number>>>> = {
  original: { creme: 0.06, reemploi: 0.54, essuyage: 0.1, matiere: 0.21, csr: 0.08, rebut: 0.01 },
  skimmed: { creme: 0.01, reemploi: 0.45, essuyage: 0.13, matiere: 0.29, csr: 0.11, rebut: 0.01 },
};
const skimmedOdds = 0.25;
const lotStream = 0x10f;

/** Lot `number` (from 1) of the plant with this seed. A pure function: lots need not be stored. */
export function lotAt(seed: number, number: number): Lot {
  const random = seedRandom(seed, lotStream, number);
  const condition: LotCondition = chance(random, skimmedOdds) ? 'skimmed' : 'original';
  const shares = gradeShares[condition];
  return {
    number,
    condition,
    cages: integerBetween(random, 6, 14),
    grades: (Object.keys(shares) as Grade[]).map((grade) => [grade, shares[grade]] as const),
  };
}
