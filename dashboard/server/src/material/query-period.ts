/** A period in a query: days of the site, or times. */
import { Type } from 'typebox';
import { timeOfQuery } from '../history/query-time.ts';
import { dayStartMs, isDay } from '../tonnage/local-day.ts';

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
