/** The postings of a lot, in the order in which they were recorded. */
import { sql } from 'kysely';
import type { Records } from '../records/open-records.ts';
import type { FlowStep } from './lot-flow.ts';

/** Lots of which more is known are followed from thing to thing alone, their mixing places taken as one. */
export const STEPS_OF_LOT_MAX = 10_000;
/** Of all lots of one question together. */
export const STEPS_MAX = 60_000;
/** Links of a chain of things (re-pressed, split, brought back) that are followed in such a lot. */
const CHAIN_MAX = 64;

interface RecordedStep extends FlowStep {
  readonly event: string;
  readonly n: number;
  readonly recordedAt: number;
  readonly seq: number;
}

function stepsOf(records: Records, site: string, lot: string) {
  return records
    .selectFrom('postings')
    .select(['type', 'fromAccount as from', 'toAccount as to', 'grams', 'event', 'n'])
    .select((of) => [
      // What machines count has no entry in a journal: it is recorded as it happens.
      of.fn
        .coalesce(
          of
            .selectFrom('journal')
            .select((journal) => journal.fn.min('journal.recordedAt').as('recordedAt'))
            .whereRef('journal.site', '=', 'postings.site')
            .whereRef('journal.event', '=', 'postings.event'),
          'postings.at',
        )
        .as('recordedAt'),
      of.fn
        .coalesce(
          of
            .selectFrom('journal')
            .select((journal) => journal.fn.min('journal.seq').as('seq'))
            .whereRef('journal.site', '=', 'postings.site')
            .whereRef('journal.event', '=', 'postings.event'),
          sql<number>`0`,
        )
        .as('seq'),
    ])
    .where('site', '=', site)
    .where('lot', '=', lot);
}

/** @returns all postings of a lot; null: there are more than `max`. */
export async function allSteps(
  records: Records,
  site: string,
  lot: string,
  max: number,
): Promise<FlowStep[] | null> {
  const some = await records
    .selectFrom('postings')
    .select('n')
    .where('site', '=', site)
    .where('lot', '=', lot)
    .limit(max + 1)
    .execute();
  if (some.length > max) return null;
  return inOrder(await stepsOf(records, site, lot).execute());
}

/**
 * Only what went into a thing, into what that was made of, and so on, and what was undone of it. Where it came out of a
 * mixing place it came from the lot itself.
 */
export async function stepsTowards(
  records: Records,
  site: string,
  lot: string,
  thing: string,
  max: number,
): Promise<FlowStep[]> {
  const known = new Set<string>([thing]);
  const steps = new Map<string, RecordedStep>();
  let frontier = [thing];
  for (let link = 0; link < CHAIN_MAX && frontier.length > 0 && steps.size < max; link += 1) {
    const near = (await stepsOf(records, site, lot)
      .where((where) =>
        where.or([
          where('toAccount', 'in', frontier),
          where.and([
            where('fromAccount', 'in', frontier),
            where('type', 'in', ['output.weighed', 'output.voided', 'shipment.dispatched', 'output.missing']),
          ]),
        ]),
      )
      .limit(max)
      .execute()) as RecordedStep[];
    frontier = [];
    for (const step of near) {
      steps.set(`${step.event} ${step.n}`, step);
      const isThing = step.from.startsWith('output:') || step.from.startsWith('lot:');
      if (!isThing || known.has(step.from)) continue;
      known.add(step.from);
      frontier.push(step.from);
    }
  }
  return inOrder([...steps.values()]);
}

/** Only what went into things and out of them, not what went from one mixing place to another. */
export async function stepsOfThings(
  records: Records,
  site: string,
  lot: string,
  max: number,
): Promise<FlowStep[]> {
  const rows = (await stepsOf(records, site, lot)
    .where((where) =>
      where.or(
        (['output:', 'lot:', 'client:', 'returned:', 'water:', 'missing:', 'collector:'] as const).flatMap(
          (kind) => [where('toAccount', 'like', `${kind}%`), where('fromAccount', 'like', `${kind}%`)],
        ),
      ),
    )
    .limit(max)
    .execute()) as RecordedStep[];
  return inOrder(rows);
}

function inOrder(steps: readonly RecordedStep[]): FlowStep[] {
  return [...steps].sort(
    (a, b) =>
      a.recordedAt - b.recordedAt ||
      a.seq - b.seq ||
      (a.event === b.event ? a.n - b.n : a.event < b.event ? -1 : 1),
  );
}

/** @returns the source lots of which something ever went into an account; of which most did, first. */
export async function lotsInto(records: Records, site: string, name: string): Promise<string[]> {
  // Not summed where it is read: grouped by lot it would be looked for through all lots there ever were.
  const rows = await records
    .selectFrom('postings')
    .select(['lot', 'grams'])
    .where('site', '=', site)
    .where('toAccount', '=', name)
    .execute();
  const sums = new Map<string, number>();
  for (const { lot, grams } of rows) sums.set(lot, (sums.get(lot) ?? 0) + grams);
  return [...sums].sort(([a, most], [b, less]) => less - most || (a < b ? -1 : 1)).map(([lot]) => lot);
}
