/** Audits that stand: those that nobody took back. */
import { nextMonthStart } from '../tonnage/local-day.ts';
import type { Records } from '../records/open-records.ts';

/** Audits that one question looks at. */
const AUDITS_MAX = 20_000;

export interface AuditsAsked {
  readonly site: string;
  readonly line: string;
  /** `YYYY-MM-DD`, local. */
  readonly from: string;
  /** Excluded. */
  readonly to: string;
  /** Left out: all of them. */
  readonly outlet?: string;
}

export interface StandingAudit {
  readonly event: string;
  readonly day: string;
  readonly outlet: string;
  readonly sampledGrams: number;
  readonly misplacedGrams: number;
}

/** @returns oldest first. */
export function standingAudits(records: Records, asked: AuditsAsked): Promise<StandingAudit[]> {
  return standing(records, asked)
    .select(['audits.event', 'audits.day', 'audits.outlet', 'audits.sampledGrams', 'audits.misplacedGrams'])
    .orderBy('audits.day')
    .orderBy('audits.event')
    .limit(AUDITS_MAX)
    .execute();
}

export interface MisplacedMass {
  readonly outlet: string;
  /** `YYYY-MM`. */
  readonly month: string;
  /** Where it belongs. */
  readonly belongs: string;
  readonly grams: number;
}

/** @returns what did not belong there, by outlet, month and where it belongs; largest first. */
export async function standingMisplaced(records: Records, asked: AuditsAsked): Promise<MisplacedMass[]> {
  const rows = await standing(records, asked)
    .innerJoin('audit_misplaced', (join) =>
      join
        .onRef('audit_misplaced.site', '=', 'audits.site')
        .onRef('audit_misplaced.event', '=', 'audits.event'),
    )
    .select(['audits.outlet', 'audits.day', 'audit_misplaced.outlet as belongs'])
    .select((of) => of.fn.sum<number>('audit_misplaced.grams').as('grams'))
    .groupBy(['audits.outlet', 'audits.day', 'audit_misplaced.outlet'])
    .execute();
  const sums = new Map<string, MisplacedMass>();
  for (const { outlet, day, belongs, grams } of rows) {
    const month = day.slice(0, 7);
    const key = JSON.stringify([outlet, month, belongs]);
    sums.set(key, { outlet, month, belongs, grams: grams + (sums.get(key)?.grams ?? 0) });
  }
  return [...sums.values()].sort((a, b) => b.grams - a.grams || (a.belongs < b.belongs ? -1 : 1));
}

function standing(records: Records, { site, line, from, to, outlet }: AuditsAsked) {
  return records
    .selectFrom('audits')
    .where('audits.site', '=', site)
    .where('audits.line', '=', line)
    .where('audits.day', '>=', from)
    .where('audits.day', '<', to)
    .$if(outlet !== undefined, (select) => select.where('audits.outlet', '=', outlet ?? ''))
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('journal')
            .select('journal.event')
            .whereRef('journal.site', '=', 'audits.site')
            .whereRef('journal.corrects', '=', 'audits.event')
            .where('journal.corrects', 'is not', null)
            .where('journal.type', '=', 'audit.voided'),
        ),
      ),
    );
}

/** @param month `YYYY-MM`. @returns its first day, and that of the next. */
export function daysOfMonth(month: string): { readonly from: string; readonly to: string } {
  const from = `${month}-01`;
  return { from, to: nextMonthStart(from) };
}
