/** Sums over pieces that were read one by one, of which the composition of a heap is worked out. */
import { RECOGNISED_FIBRES } from '@trame/protocol/classification/fibre-names';
import type { Composition } from '@trame/protocol/classification/mean-composition';
import { READINGS, type FibreReading } from '@trame/protocol/sort-programmes/programme-inputs';
import { FIBRE_COLUMNS, READING_COLUMNS, SUM_COLUMNS, type SumColumn } from './item-tables.ts';

export type BatchSums = Readonly<Record<SumColumn, number>>;

/** Pieces of one heap. */
export interface HeapSums {
  readonly pieces: number;
  /** Those with a composition. */
  readonly described: number;
  /** Of these, summed up; only their proportions count. */
  readonly shares: Composition;
  /** Root mean square error of the reading of one piece, points. */
  readonly errorPoints: number;
}

/** Hundredths squared in points squared. */
const SQUARE_STEPS = 10_000;

export const NO_BATCHES = Object.fromEntries(SUM_COLUMNS.map((column) => [column, 0])) as BatchSums;

export function addBatches(one: BatchSums, other: BatchSums): BatchSums {
  return Object.fromEntries(SUM_COLUMNS.map((column) => [column, one[column] + other[column]])) as BatchSums;
}

export function heapOf(sums: BatchSums): HeapSums {
  const shares = RECOGNISED_FIBRES.flatMap((fibre) => {
    const sum = sums[FIBRE_COLUMNS[fibre]];
    return sum > 0 ? [[fibre, sum] as const] : [];
  });
  const { items, described, squares } = sums;
  const errorPoints = described === 0 ? 0 : Math.sqrt(squares / SQUARE_STEPS / described);
  return { pieces: items, described, shares: Object.fromEntries(shares), errorPoints };
}

export function readingsOf(sums: BatchSums): Record<FibreReading, number> {
  return Object.fromEntries(READINGS.map((one) => [one, sums[READING_COLUMNS[one]]])) as Record<
    FibreReading,
    number
  >;
}
