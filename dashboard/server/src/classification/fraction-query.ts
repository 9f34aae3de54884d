/** What outlets are made of, by line, outlet and month. */
import type { FractionRow, SortingError } from '@trame/protocol/classification/classification-answers';
import type { Composition } from '@trame/protocol/classification/mean-composition';
import { sql } from 'kysely';
import { misplacedOf, sortingErrorOf } from '../audits/sorting-error.ts';
import type { Records } from '../records/open-records.ts';
import { handSorted } from '../tonnage/hand-sorted.ts';
import { machineSorted } from '../tonnage/tonnage-repository.ts';
import { estimateComposition } from './estimate-composition.ts';
import { addBatches, heapOf, NO_BATCHES, readingsOf, type BatchSums } from './heap-sums.ts';
import { SUM_COLUMNS } from './item-tables.ts';
import type { Misplacing } from './sorted-by-hand.ts';

/** What outlets are said to be made of: by line, then by outlet. */
export type SaidCompositions = Readonly<Record<string, Readonly<Record<string, Composition>>>>;

export interface FractionsAsked {
  readonly site: string;
  /** Null: of all lines. */
  readonly line: string | null;
  /** `YYYY-MM-DD`. */
  readonly from: string;
  /** Excluded. */
  readonly to: string;
  readonly said: SaidCompositions;
}

/** @returns outlets that got anything; latest month first. */
export async function fractionsOf(records: Records, asked: FractionsAsked): Promise<FractionRow[]> {
  const heaps = new Heaps();
  await addRead(records, asked, heaps);
  await addMasses(records, asked, heaps);
  const rows: FractionRow[] = [];
  for (const heap of heaps.all()) {
    const { line, outlet, month } = heap;
    const misplacing = await misplacingOf(records, { site: asked.site, line, outlet, month }, asked.said);
    const grams = heap.countedGrams + heap.handGrams;
    rows.push({
      line,
      outlet,
      month,
      grams,
      composition: estimateComposition({
        read: heapOf(heap.sums),
        countedGrams: heap.countedGrams,
        handGrams: heap.handGrams,
        said: asked.said[line]?.[outlet] ?? null,
        misplacing,
        audit: misplacing.error,
        // Without a gram it is of pieces alone.
        grams: grams > 0 ? grams : null,
      }),
      readings: readingsOf(heap.sums),
      late: heap.sums.late,
      programmes: [...heap.programmes.values()],
      models: [...heap.models].toSorted(),
    });
  }
  return rows;
}

/** @returns what audits of that outlet and month say. */
export async function misplacingOf(
  records: Records,
  asked: { readonly site: string; readonly line: string; readonly outlet: string; readonly month: string },
  said: SaidCompositions,
): Promise<Misplacing & { readonly error: SortingError | null }> {
  const error = await sortingErrorOf(records, asked);
  if (error === null) return { error, misplaced: [] };
  const found = await misplacedOf(records, asked);
  return {
    error,
    misplaced: found.map(({ outlet, grams }) => ({ grams, said: said[asked.line]?.[outlet] ?? null })),
  };
}

interface Heap {
  readonly line: string;
  readonly outlet: string;
  readonly month: string;
  sums: BatchSums;
  countedGrams: number;
  handGrams: number;
  readonly programmes: Map<string, FractionRow['programmes'][number]>;
  readonly models: Set<string>;
}

class Heaps {
  readonly #heaps = new Map<string, Heap>();

  of(line: string, outlet: string, month: string): Heap {
    const key = JSON.stringify([line, outlet, month]);
    const before = this.#heaps.get(key);
    if (before !== undefined) return before;
    const none = { sums: NO_BATCHES, countedGrams: 0, handGrams: 0 };
    const made = {
      line,
      outlet,
      month,
      ...none,
      programmes: new Map<string, never>(),
      models: new Set<string>(),
    };
    this.#heaps.set(key, made);
    return made;
  }

  all(): Heap[] {
    return [...this.#heaps.values()].sort(
      (a, b) => compare(b.month, a.month) || compare(a.line, b.line) || compare(a.outlet, b.outlet),
    );
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

async function addRead(
  records: Records,
  { site, line, from, to }: FractionsAsked,
  heaps: Heaps,
): Promise<void> {
  const month = sql<string>`substr(${sql.ref('day')}, 1, 7)`;
  const followed = ['programme', 'programmeVersion', 'programmeHash', 'model'] as const;
  const rows = await records
    .selectFrom('item_days')
    .select(['line', 'outlet', ...followed])
    .select(month.as('month'))
    .select((of) => SUM_COLUMNS.map((column) => of.fn.sum<number>(column).as(column)))
    .where('site', '=', site)
    .where('day', '>=', from)
    .where('day', '<', to)
    .$if(line !== null, (select) => select.where('line', '=', line))
    .groupBy(['line', 'outlet', ...followed, month])
    .orderBy('programme')
    .orderBy('programmeVersion')
    .execute();
  for (const row of rows) {
    const heap = heaps.of(row.line, row.outlet, row.month);
    heap.sums = addBatches(heap.sums, row);
    const { programme: id, programmeVersion: version, programmeHash: hash, model } = row;
    if (id !== '') heap.programmes.set(hash, { id, version, hash });
    if (model !== '') heap.models.add(model);
  }
}

async function addMasses(
  records: Records,
  { site, line, from, to }: FractionsAsked,
  heaps: Heaps,
): Promise<void> {
  const isAsked = (mass: { readonly site: string; readonly line: string }) =>
    mass.site === site && (line === null || mass.line === line);
  for (const mass of (await machineSorted(records, from, to)).filter(isAsked)) {
    heaps.of(mass.line, mass.outlet, mass.day.slice(0, 7)).countedGrams += mass.grams;
  }
  for (const mass of (await handSorted(records, from, to, false)).filter(isAsked)) {
    heaps.of(mass.line, mass.outlet, mass.day.slice(0, 7)).handGrams += mass.grams;
  }
}
