/** How much of each outlet of a line to sample this month: from what falls into it, and what its last audits found. */
import type { AuditPlanRow } from '@trame/protocol/classification/classification-answers';
import { ASSUMED_ERROR_PERCENT } from '@trame/protocol/classification/composition-names';
import type { Records } from '../records/open-records.ts';
import { monthStart, nextMonthStart } from '../tonnage/local-day.ts';
import { sortedBetween } from '../tonnage/tonnage-repository.ts';
import { standingAudits, type StandingAudit } from './audit-repository.ts';
import { gramWorth, sortingError } from './error-interval.ts';
import { sampleGrams } from './sample-size.ts';

/** Months before this one whose audits and masses say what to expect. */
export const LAST_MONTHS = 6;

export interface PlanAsked {
  readonly site: string;
  readonly line: string;
  /** Outlets of the line; others are planned for too when something fell into them. */
  readonly outlets: readonly string[];
  /** Points. */
  readonly margin: number;
  /** `YYYY-MM-DD`, local. */
  readonly today: string;
}

/** @returns a row for each outlet, most missing first. */
export async function auditPlanOf(records: Records, asked: PlanAsked): Promise<AuditPlanRow[]> {
  const { site, line, outlets, margin, today } = asked;
  const month = monthStart(today);
  const from = monthsBefore(month, LAST_MONTHS);
  const to = nextMonthStart(month);
  const audits = await standingAudits(records, { site, line, from, to });
  const masses = (await sortedBetween(records, { from, to })).filter(
    (mass) => mass.site === site && mass.line === line,
  );
  const all = new Set([
    ...outlets,
    ...masses.map(({ outlet }) => outlet),
    ...audits.map(({ outlet }) => outlet),
  ]);
  const rows = [...all].map((outlet): AuditPlanRow => {
    const own = audits.filter((audit) => audit.outlet === outlet);
    const expected = expectedPercent(own.filter(({ day }) => day < month));
    const percent = expected ?? ASSUMED_ERROR_PERCENT;
    const outletGrams = monthlyGrams(
      masses.filter((mass) => mass.outlet === outlet),
      month,
    );
    const ofMonth = own.filter(({ day }) => day >= month);
    const neededGrams = sampleGrams({
      share: percent / 100,
      margin: margin / 100,
      outletGrams,
      worth: gramWorth(ofMonth),
    });
    const sampledGrams = ofMonth.reduce((sum, audit) => sum + audit.sampledGrams, 0);
    return {
      line,
      outlet,
      expectedPercent: percent,
      isAssumed: expected === null,
      neededGrams,
      sampledGrams,
      missingGrams: Math.max(0, neededGrams - sampledGrams),
    };
  });
  return rows.sort((a, b) => b.missingGrams - a.missingGrams || (a.outlet < b.outlet ? -1 : 1));
}

function expectedPercent(audits: readonly StandingAudit[]): number | null {
  return sortingError(audits)?.percent ?? null;
}

/**
 * What will have fallen into it by the end of the month: what months before brought on average, those in which nothing did left
 * out, unless more did already.
 */
function monthlyGrams(
  masses: readonly { readonly day: string; readonly grams: number }[],
  month: string,
): number {
  const byMonth = new Map<string, number>();
  for (const { day, grams } of masses) {
    const start = monthStart(day);
    byMonth.set(start, (byMonth.get(start) ?? 0) + grams);
  }
  const soFar = Math.max(0, byMonth.get(month) ?? 0);
  byMonth.delete(month);
  const before = [...byMonth.values()].filter((grams) => grams > 0);
  const usual = before.length === 0 ? 0 : before.reduce((sum, grams) => sum + grams, 0) / before.length;
  return Math.round(Math.max(soFar, usual));
}

/** @param month its first day. @returns the first day of the month so many before. */
export function monthsBefore(month: string, months: number): string {
  const at = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)) - 1 - months, 1));
  return at.toISOString().slice(0, 10);
}
