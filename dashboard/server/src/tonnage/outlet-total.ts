/** Readings of an edge's cumulative grams per outlet, on their way to be counted. */
import { LINE_DEVICE, outletOfTotal } from '@trame/protocol/line-description';
import { isId } from '@trame/protocol/topics';
import type { Reading } from '../ingest/reading.ts';

export interface OutletTotal {
  readonly site: string;
  readonly line: string;
  readonly outlet: string;
  /** Grams since the edge's data directory was made. */
  readonly grams: number;
  /** When the edge counted it, ms since 1970 UTC. */
  readonly timeMs: number;
}

/** @returns the totals among readings of a device; only good whole grams of the computed device count. */
export function outletTotals(
  site: string,
  line: string,
  device: string,
  readings: readonly Reading[],
): OutletTotal[] {
  if (device !== LINE_DEVICE) return [];
  const totals: OutletTotal[] = [];
  for (const { metric, value, quality, sourceTimeMs } of readings) {
    const outlet = outletOfTotal(metric);
    if (outlet === null || !isId(outlet) || quality.level !== 'good') continue;
    const grams = typeof value === 'bigint' || typeof value === 'number' ? Number(value) : Number.NaN;
    if (!Number.isSafeInteger(grams) || grams < 0) continue;
    totals.push({ site, line, outlet, grams, timeMs: sourceTimeMs });
  }
  return totals;
}

/**
 * Folds a run of totals, in order of arrival: between two of one outlet on one local day only the last counts,
 * unless the figure went back, which must be seen.
 */
export function condense(
  totals: readonly OutletTotal[],
  dayOf: (timeMs: number) => string,
): (OutletTotal & { readonly day: string })[] {
  const kept: (OutletTotal & { readonly day: string })[] = [];
  const lastOf = new Map<string, number>();
  for (const total of totals) {
    const day = dayOf(total.timeMs);
    const key = `${total.site}/${total.line}/${total.outlet}`;
    const at = lastOf.get(key);
    const last = at === undefined ? undefined : kept[at];
    if (at !== undefined && last !== undefined && last.day === day && total.grams >= last.grams) {
      kept[at] = { ...total, day };
      continue;
    }
    lastOf.set(key, kept.length);
    kept.push({ ...total, day });
  }
  return kept;
}
