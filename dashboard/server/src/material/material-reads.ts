/** What every address that reads material needs, and who may read it. */
import { Type } from 'typebox';
import { roles } from '../access/guard.ts';
import { timeOfQuery } from '../history/query-time.ts';
import type { Clock } from '../ports/clock.ts';
import type { Records } from '../records/open-records.ts';
import { dayStartMs, isDay } from '../tonnage/local-day.ts';
import type { HeavyReads } from './heavy-reads.ts';
import type { Reference } from './reference.ts';

export interface MaterialReadOptions {
  readonly records: Records;
  readonly clock: Clock;
  /** Local day of the site, `YYYY-MM-DD`. */
  readonly dayOf: (atMs: number) => string;
  /** What the site says of itself now; null: whose server this is, is not known yet. */
  readonly reference: () => Promise<Reference | null>;
  /** Questions that look at much: they run where they hold up nobody. */
  readonly heavy: HeavyReads;
}

/** Who works with material. */
export const MATERIAL_READERS = roles('operator', 'supervisor', 'administrator');
/** Who reads sums. */
export const FIGURE_READERS = roles('supervisor', 'region', 'administrator');

/** A site of that name has nothing: it is no name of a site. */
const NO_SITE = '';
/** Whose server it is stays so: what the reference is made of need not be looked up for every page. */
const known = new WeakMap<MaterialReadOptions['reference'], string>();

/** @returns the site whose material is read. */
export async function siteOf({ reference }: Pick<MaterialReadOptions, 'reference'>): Promise<string> {
  const before = known.get(reference);
  if (before !== undefined) return before;
  const site = (await reference())?.site;
  if (site !== undefined) known.set(reference, site);
  return site ?? NO_SITE;
}

const Moment = Type.String({
  maxLength: 40,
  description: 'Day `YYYY-MM-DD` of the site, or an ISO 8601 time with its zone, or ms since 1970 UTC',
});

/** From a time (included) to a time (excluded). */
export const PERIOD_QUERY = { from: Type.Optional(Moment), to: Type.Optional(Moment) };

export interface Period {
  /** ms since 1970 UTC; null: from the first on. */
  readonly fromMs: number | null;
  /** Excluded; null: to the last. */
  readonly toMs: number | null;
}

/** @throws RequestProblem that says which is no time. */
export function periodOf(
  { from, to }: { readonly from?: string | undefined; readonly to?: string | undefined },
  dayOf: (atMs: number) => string,
): Period {
  return { fromMs: momentOf('/query/from', from, dayOf), toMs: momentOf('/query/to', to, dayOf) };
}

function momentOf(path: string, text: string | undefined, dayOf: (atMs: number) => string): number | null {
  if (text !== undefined && isDay(text)) return dayStartMs(text, dayOf);
  return timeOfQuery(path, text) ?? null;
}
