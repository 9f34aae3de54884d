/** Weights as the indicator of a scale shows them. */
import { formatNumber } from './quantity.ts';

/**
 * @param intervalGrams of the scale: as many decimals are written as it has. Null: as many as the weight needs.
 * @returns `248 kg`, `24,5 kg`.
 */
export function formatKg(grams: number, intervalGrams: number | null = null): string {
  const needed = decimalsOf(grams);
  const decimals = intervalGrams === null ? needed : Math.max(needed, decimalsOf(intervalGrams));
  return `${formatNumber(grams / 1_000, decimals)}\u00a0kg`;
}

function decimalsOf(grams: number): number {
  if (grams % 1_000 === 0) return 0;
  if (grams % 100 === 0) return 1;
  return grams % 10 === 0 ? 2 : 3;
}
