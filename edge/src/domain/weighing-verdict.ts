import { WEIGHING_GRAMS_MAX, type WeighingRefusalReason } from '@trame/protocol/ledger-payloads';
import type { ScaleConfig } from './line-config.ts';

/** An indicator blanks nine intervals above Max (OIML R 76-1, 4.2.3). */
const INTERVALS_ABOVE_MAX = 9;

/** @returns whether a load is more than this scale can weigh. */
export function isAboveMax({ maxGrams, intervalGrams }: ScaleConfig, grossGrams: number): boolean {
  return maxGrams !== null && grossGrams > maxGrams + INTERVALS_ABOVE_MAX * (intervalGrams ?? 0);
}

/**
 * @param grossGrams null: only the net is known.
 * @returns why a weighing does not count, or null when it does.
 */
export function refusalOf(
  config: ScaleConfig,
  netGrams: number,
  grossGrams: number | null,
): WeighingRefusalReason | null {
  const loadGrams = grossGrams ?? netGrams;
  const isPossible = Math.abs(netGrams) <= WEIGHING_GRAMS_MAX && Math.abs(loadGrams) <= WEIGHING_GRAMS_MAX;
  if (!isPossible) return 'impossible-weight';
  if (netGrams < 0) return 'negative-net';
  if (isAboveMax(config, loadGrams)) return 'overload';
  // Min is a limit of the load: a small net may stand on a heavy container.
  const isLight = grossGrams !== null && config.minGrams !== null && grossGrams < config.minGrams;
  return netGrams === 0 || isLight ? 'below-min' : null;
}
