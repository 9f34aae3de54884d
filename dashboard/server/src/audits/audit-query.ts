/** Sorting error by outlet and month. It belongs to them: no answer tells an actor, a post or an hour. */
import type { AuditRow } from '@trame/protocol/classification/classification-answers';
import type { Records } from '../records/open-records.ts';
import {
  standingAudits,
  standingMisplaced,
  type AuditsAsked,
  type StandingAudit,
} from './audit-repository.ts';
import { sortingError } from './error-interval.ts';

/** @returns latest month first, then by outlet. */
export async function auditRowsOf(records: Records, asked: AuditsAsked): Promise<AuditRow[]> {
  const groups = new Map<string, StandingAudit[]>();
  for (const audit of await standingAudits(records, asked)) {
    const key = keyOf(audit.day.slice(0, 7), audit.outlet);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [audit]);
    else group.push(audit);
  }
  const belongs = await standingMisplaced(records, asked);
  const rows = [...groups].flatMap(([key, audits]): AuditRow[] => {
    const [month, outlet] = JSON.parse(key) as [string, string];
    const error = sortingError(audits);
    if (error === null) return [];
    const misplaced = belongs
      .filter((one) => one.month === month && one.outlet === outlet)
      .map((one) => ({ outlet: one.belongs, grams: one.grams }));
    const samples = audits.map(({ event, day, sampledGrams }) => ({ event, day, sampledGrams }));
    return [{ line: asked.line, outlet, month, error, misplaced, samples }];
  });
  return rows.sort((a, b) =>
    a.month === b.month ? (a.outlet < b.outlet ? -1 : 1) : a.month > b.month ? -1 : 1,
  );
}

function keyOf(month: string, outlet: string): string {
  return JSON.stringify([month, outlet]);
}
