/** Who comes most often stands first. */
import type { Collector, RecentLot } from '../api/material.ts';

/** @returns collectors that are in use, those with the most recent deliveries first, then by name. */
export function byFrequency(
  collectors: readonly Collector[],
  lots: readonly RecentLot[],
): readonly Collector[] {
  const counts = new Map<string, number>();
  for (const { collector } of lots) {
    if (collector !== null) counts.set(collector, (counts.get(collector) ?? 0) + 1);
  }
  const count = ({ id }: Collector): number => counts.get(id) ?? 0;
  return collectors
    .filter(({ retired }) => !retired)
    .toSorted((a, b) => count(b) - count(a) || a.name.localeCompare(b.name, 'fr'));
}
