/** A time in a query: ISO 8601, or ms since 1970 UTC. */
import { invalidRequest } from '../http/problem.ts';
import { isDay } from '../tonnage/local-day.ts';

/** From year 1970 on, and not so far that arithmetic with it fails. */
const TIME_MAX_MS = 8_640_000_000_000_000;

/** @returns ms since 1970 UTC; undefined when nothing is asked. @throws RequestProblem that says where and what. */
export function timeOfQuery(path: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = /^\d{1,16}$/u.test(text) ? Number(text) : isoMs(text);
  if (Number.isFinite(ms) && ms >= 0 && ms <= TIME_MAX_MS) return ms;
  throw invalidRequest(path, 'expected an ISO 8601 time or ms since 1970');
}

/**
 * Only what says its zone, or is a bare date (UTC by the standard): a local time would mean nothing here. The runtime
 * reads 30 February as 2 March.
 */
function isoMs(text: string): number {
  const iso = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/u;
  return iso.test(text) && isDay(text.slice(0, 'YYYY-MM-DD'.length)) ? Date.parse(text) : Number.NaN;
}
