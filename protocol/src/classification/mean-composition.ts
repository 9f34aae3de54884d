/** Shares of fibres, averaged over pieces, in numbers that add up. */
import type { PieceFacts } from '../sort-programmes/programme-inputs.ts';
import { RECOGNISED_FIBRES, type RecognisedFibre } from './fibre-names.ts';
import type { FibreShare } from './fibre-verdict.ts';

export type Composition = Readonly<Partial<Record<RecognisedFibre, number>>>;

/** Hundredths of a percent in all. */
const WHOLE = 10_000;

/** @returns the shares of a piece, 0…100, adding up to 100; null: nothing can be said, or what is said is absurd. */
export function sharesOf({ composition }: Pick<PieceFacts, 'composition'>): Composition | null {
  if (composition === null) return null;
  let total = 0;
  for (const share of Object.values(composition)) {
    if (!Number.isFinite(share) || share < 0) return null;
    total += share;
  }
  if (!(total > 0)) return null;
  return Object.fromEntries(
    Object.entries(composition).map(([fibre, share]) => [fibre, (100 * share) / total]),
  );
}

/** Adds shares up, each times its weight. */
export function addShares(sums: Composition, shares: Composition, weight = 1): Composition {
  const added: Partial<Record<RecognisedFibre, number>> = { ...sums };
  for (const fibre of RECOGNISED_FIBRES) {
    const share = shares[fibre];
    if (share !== undefined) added[fibre] = (added[fibre] ?? 0) + weight * share;
  }
  return added;
}

/**
 * @param sums of shares over pieces.
 * @returns percent in hundredths that add up to exactly 100 (largest remainder), largest first, none of 0; empty when
 * there is nothing to divide.
 */
export function meanComposition(sums: Composition): FibreShare[] {
  const total = RECOGNISED_FIBRES.reduce((sum, fibre) => sum + (sums[fibre] ?? 0), 0);
  if (!(total > 0)) return [];
  const parts = RECOGNISED_FIBRES.map((fibre, order) => {
    const exact = ((sums[fibre] ?? 0) / total) * WHOLE;
    const whole = Math.floor(exact);
    return { fibre, order, whole, rest: exact - whole };
  });
  const left = WHOLE - parts.reduce((sum, { whole }) => sum + whole, 0);
  const byRest = parts.toSorted((a, b) => b.rest - a.rest || a.order - b.order);
  return byRest
    .map(({ whole, ...part }, index) => ({ ...part, hundredths: whole + (index < left ? 1 : 0) }))
    .filter(({ hundredths }) => hundredths > 0)
    .toSorted((a, b) => b.hundredths - a.hundredths || a.order - b.order)
    .map(({ fibre, hundredths }) => ({ fibre, percent: hundredths / 100 }));
}
