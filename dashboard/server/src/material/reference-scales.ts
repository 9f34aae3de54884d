/** Scales of a site that weighed, as their last weighing told of them. */
import type { Records } from '../records/open-records.ts';
import type { SeenScale } from './reference-builder.ts';

/** More instruments than a site has: past them they are to be configured. */
const SCALES_MAX = 64;
/** Scales whose weighings carry no number are found among the latest. */
const LATEST = 200;

export async function seenScales(records: Records, site: string): Promise<SeenScale[]> {
  const counts = await records
    .selectFrom('scale_counts')
    .select(['line', 'scale', 'alibiEpoch'])
    .where('site', '=', site)
    .orderBy('line')
    .orderBy('scale')
    .orderBy('alibiEpoch', 'desc')
    .limit(SCALES_MAX)
    .execute();
  const scales = new Map<string, SeenScale>();
  for (const { line, scale, alibiEpoch } of counts) {
    if (scales.has(scale)) continue;
    const last = await records
      .selectFrom('weighings')
      .select(['use', 'intervalGrams'])
      .where('site', '=', site)
      .where('line', '=', line)
      .where('scale', '=', scale)
      .where('alibiEpoch', '=', alibiEpoch)
      .where('number', 'is not', null)
      .orderBy('number', 'desc')
      .limit(1)
      .executeTakeFirst();
    scales.set(scale, { scale, line, use: useOf(last?.use), intervalGrams: last?.intervalGrams ?? null });
  }
  for (const { scale, line, use, intervalGrams } of await latest(records, site)) {
    if (!scales.has(scale)) scales.set(scale, { scale, line, use: useOf(use), intervalGrams });
  }
  return [...scales.values()];
}

function latest(records: Records, site: string) {
  return records
    .selectFrom('weighings')
    .select(['scale', 'line', 'use', 'intervalGrams'])
    .where('site', '=', site)
    .where('kind', '=', 'recorded')
    .orderBy('at', 'desc')
    .orderBy('id')
    .limit(LATEST)
    .execute();
}

function useOf(use: string | undefined): SeenScale['use'] {
  return use === 'reception' ? 'reception' : 'bale';
}
