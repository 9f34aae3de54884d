/** What every address that reads material needs, and who may read it. */
import { roles } from '../access/guard.ts';
import type { Clock } from '../ports/clock.ts';
import type { Records } from '../records/open-records.ts';
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
