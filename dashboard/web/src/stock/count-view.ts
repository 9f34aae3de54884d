/** An inventory count of a zone: what stands there against what the book has, bale by bale. */
import type { StockCountBody } from '@trame/protocol/material/bale-acts';
import type { BaleRow } from '@trame/protocol/material/material-answers';
import { formatNumber } from '../format/quantity.ts';

/** Outputs that one act takes. */
export const COUNTED_MAX = 10_000;
/** What may stand in a zone: a bale that the book has missing or elsewhere may be found here. */
const STANDING: ReadonlySet<string> = new Set(['stock', 'to-weigh', 'missing']);

export interface CountView {
  readonly bookedCount: number;
  readonly countedCount: number;
  readonly bookedGrams: number;
  readonly countedGrams: number;
  /** Counted less booked. */
  readonly differenceCount: number;
  readonly differenceGrams: number;
  readonly missing: readonly BaleRow[];
  /** Seen here, and booked elsewhere or missing. */
  readonly found: readonly BaleRow[];
  /** A difference needs its reason. */
  readonly differs: boolean;
}

/** @param seen ids of what was scanned or ticked. @param strangers what was scanned and the book has not here. */
export function countView(
  booked: readonly BaleRow[],
  seen: ReadonlySet<string>,
  strangers: readonly BaleRow[],
): CountView {
  const missing = booked.filter(({ id }) => !seen.has(id));
  const found = strangers.filter(({ id }) => seen.has(id) && !booked.some((bale) => bale.id === id));
  const bookedGrams = sum(booked);
  const countedGrams = bookedGrams - sum(missing) + sum(found);
  const countedCount = booked.length - missing.length + found.length;
  return {
    bookedCount: booked.length,
    countedCount,
    bookedGrams,
    countedGrams,
    differenceCount: countedCount - booked.length,
    differenceGrams: countedGrams - bookedGrams,
    missing,
    found,
    differs: missing.length > 0 || found.length > 0,
  };
}

/** @returns null when it may be counted here; else the state that forbids it. */
export function uncountable({ status }: Pick<BaleRow, 'status'>): string | null {
  return STANDING.has(status) ? null : status;
}

export function countBody(
  zone: string,
  outlet: string | null,
  booked: readonly BaleRow[],
  view: CountView,
  reason: string,
): Omit<StockCountBody, 'occurredAt'> {
  const gone = new Set(view.missing.map(({ id }) => id));
  const bales = [...booked.filter(({ id }) => !gone.has(id)), ...view.found].map(({ id }) => id);
  return {
    zone,
    ...(outlet === null ? {} : { outlet }),
    count: bales.length,
    bales,
    ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
  };
}

function sum(bales: readonly BaleRow[]): number {
  return bales.reduce((grams, { netGrams }) => grams + (netGrams ?? 0), 0);
}

/** @returns `+2`, `−1`, `0`. */
export function signedCount(count: number): string {
  const sign = count > 0 ? '+' : count < 0 ? '−' : '';
  return `${sign}${formatNumber(Math.abs(count), 0)}`;
}
