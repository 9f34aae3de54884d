/** The log book of each scale, and what a refused one weighed since it was last found good. */
import type { ScaleRow } from '@trame/protocol/material/material-answers';
import type { Reference, ReferenceScale } from '../material/reference.ts';
import type { Records } from '../records/open-records.ts';
import { dayStartMs } from '../tonnage/local-day.ts';
import { scaleState, type ScaleState } from './scale-state.ts';

/** Entries of one scale that are told: decades of one. */
const ENTRIES_MAX = 500;
const IN_DOUBT_MAX = 500;

export interface ScaleQuery {
  readonly reference: Reference;
  /** The last one of the page before. */
  readonly afterId: string | null;
  readonly limit: number;
  readonly nowMs: number;
  readonly dayOf: (atMs: number) => string;
}

/** @returns scales of the site by their ids, also those that are only known by their log book. */
export async function scalesOf(records: Records, query: ScaleQuery): Promise<ScaleRow[]> {
  const { reference, afterId, limit } = query;
  const logged = await records
    .selectFrom('scale_log')
    .select('scale')
    .distinct()
    .where('site', '=', reference.site)
    .execute();
  const known = new Map(reference.scales.map((scale) => [scale.id, scale]));
  for (const { scale } of logged) {
    if (!known.has(scale)) known.set(scale, onlyLogged(scale, reference.bookKeeper));
  }
  const page = [...known.values()]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .filter(({ id }) => afterId === null || id > afterId)
    .slice(0, limit);
  const rows: ScaleRow[] = [];
  for (const scale of page) rows.push(await scaleRow(records, scale, query));
  return rows;
}

function onlyLogged(id: string, line: string): ReferenceScale {
  return { id, label: id, line, use: 'any', intervalGrams: null };
}

async function scaleRow(
  records: Records,
  { id, label, line, use, intervalGrams }: ReferenceScale,
  { reference: { site }, nowMs, dayOf }: ScaleQuery,
): Promise<ScaleRow> {
  const log = await records
    .selectFrom('scale_log')
    .selectAll()
    .where('site', '=', site)
    .where('scale', '=', id)
    .orderBy('at', 'desc')
    .orderBy('event', 'desc')
    .limit(ENTRIES_MAX)
    .execute();
  const standing = scaleState(log, dayOf(nowMs));
  const { state, verifiedOn, due } = standing;
  return {
    id,
    label,
    line,
    use,
    intervalGrams,
    state,
    verifiedOn,
    due,
    entries: log.map(({ event, at, entry, onDay, due: until, text }) => ({
      id: event,
      at,
      entry,
      on: onDay,
      due: until,
      text,
    })),
    inDoubt: await inDoubt(records, site, id, standing, dayOf),
  };
}

/** A verification is told by its day: what was weighed on that day may have been weighed before it, and is told too. */
async function inDoubt(
  records: Records,
  site: string,
  scale: string,
  { verification, refusal }: ScaleState,
  dayOf: (atMs: number) => string,
): Promise<ScaleRow['inDoubt']> {
  if (refusal === null) return null;
  const fromMs = verification === null ? 0 : dayStartMs(verification.onDay, dayOf);
  const weighed = records
    .selectFrom('weighings')
    .where('weighings.site', '=', site)
    .where('weighings.scale', '=', scale)
    .where('weighings.kind', '=', 'recorded')
    .where('weighings.at', '>=', fromMs)
    .where('weighings.at', '<=', refusal.at);
  const { count } = await weighed
    .select((of) => of.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  const rows = await weighed
    .leftJoin('weighing_claims', (join) =>
      join
        .onRef('weighing_claims.site', '=', 'weighings.site')
        .onRef('weighing_claims.weighing', '=', 'weighings.id'),
    )
    .select([
      'weighings.id',
      'weighings.at',
      'weighings.number',
      'weighings.netGrams',
      'weighing_claims.about',
    ])
    .orderBy('weighings.at', 'desc')
    .orderBy('weighings.id', 'desc')
    .limit(IN_DOUBT_MAX)
    .execute();
  return { count, weighings: rows.map(({ about, ...row }) => ({ ...row, claimedBy: about })) };
}
