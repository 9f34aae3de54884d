/** The day whose pieces a programme is tried on, and how its pieces are told. */
import type { PieceFacts } from '@trame/protocol/sort-programmes/programme-inputs';
import { dayAfter } from '../format/instant.ts';
import { localInstant } from '../format/local-time.ts';
import { lastDays } from '../stops/stop-period.ts';

/** @returns the same as a person reads it: whole points, without traces. */
export function roundedFacts(facts: PieceFacts): PieceFacts {
  const { composition } = facts;
  if (composition === null) return facts;
  const shares = Object.entries(composition)
    .map(([fibre, share]) => [fibre, Math.round(share)] as const)
    .filter(([, share]) => share > 0);
  return {
    ...facts,
    composition: Object.fromEntries(shares),
    errorPoints: Math.round(facts.errorPoints * 10) / 10,
  };
}

/** @returns `YYYY-MM-DD`, by the clocks of the site. */
export function yesterday(nowMs: number, timeZone: string): string | null {
  return lastDays(nowMs, 2, timeZone).from;
}

/** @returns from its midnight to the next, on days of 23 and of 25 hours too; null when it is no day. */
export function spanOfDay(
  day: string,
  timeZone: string,
): { readonly from: number; readonly to: number } | null {
  const from = localInstant(day, '00:00', timeZone);
  const to = from === null ? null : localInstant(dayAfter(day), '00:00', timeZone);
  return from === null || to === null ? null : { from, to };
}
