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

export interface DatedTotal extends OutletTotal {
  /** Local day of the site, `YYYY-MM-DD`. */
  readonly day: string;
}

/**
 * Folds a run of totals, in order of arrival: between two of one outlet on one local day only the last counts.
 * The first of the run and each that went back stay as they are: what went back must be seen, and whether the
 * first did only its stored predecessor tells.
 */
export function condense(totals: readonly OutletTotal[], dayOf: (timeMs: number) => string): DatedTotal[] {
  const kept: DatedTotal[] = [];
  const lastOf = new Map<string, { readonly at: number; readonly fixed: boolean }>();
  for (const total of totals) {
    const day = dayOf(total.timeMs);
    const key = `${total.site}/${total.line}/${total.outlet}`;
    const last = lastOf.get(key);
    const before = last === undefined ? undefined : kept[last.at];
    const wentBack = before !== undefined && total.grams < before.grams;
    if (last?.fixed === false && before?.day === day && !wentBack) {
      kept[last.at] = { ...total, day };
      continue;
    }
    lastOf.set(key, { at: kept.length, fixed: before === undefined || wentBack });
    kept.push({ ...total, day });
  }
  return kept;
}
