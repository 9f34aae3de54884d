/** Taux d'erreur de tri of an outlet in a month, and where what was misplaced in it belongs. */
import type { AuditRow, SortingError } from '@trame/protocol/classification/classification-answers';
import type { Records } from '../records/open-records.ts';
import { daysOfMonth, standingAudits, standingMisplaced } from './audit-repository.ts';
import { sortingError } from './error-interval.ts';

export interface ErrorAsked {
  readonly site: string;
  readonly line: string;
  readonly outlet: string;
  /** `YYYY-MM`, local. */
  readonly month: string;
}

/** @returns of its audits that month; null: there was none. */
export async function sortingErrorOf(
  records: Records,
  { month, ...asked }: ErrorAsked,
): Promise<SortingError | null> {
  return sortingError(await standingAudits(records, { ...asked, ...daysOfMonth(month) }));
}

/** @returns by outlet where it belongs, largest first; none: nothing was misplaced, or there was no audit. */
export async function misplacedOf(
  records: Records,
  { month, ...asked }: ErrorAsked,
): Promise<AuditRow['misplaced']> {
  const found = await standingMisplaced(records, { ...asked, ...daysOfMonth(month) });
  return found.map(({ belongs, grams }) => ({ outlet: belongs, grams }));
}
