/**
 * Balances of the hours in which people worked: of shifts and campaigns that were opened in the period, an open one until
 * now. Of a shift of few people no figure is told to anybody, the total of the line alone.
 */
import type { BalanceAnswer, BalanceRow } from '@trame/protocol/material/material-answers';
import { pageOf } from '../http/keyset.ts';
import type { Records } from '../records/open-records.ts';
import { lineBuckets, lineRanges, type Flow } from './balance-buckets.ts';
import { row, TOTAL, type BalanceAsked, type Rows } from './balance-row.ts';
import { flowsOf, touching, type Scope } from './flow-query.ts';
import { addErrors, errorsOf, noErrors, type Errors } from './weight-query.ts';

/** Figures of fewer are figures of persons. */
export const HEADS_MIN = 4;

export async function workBalance(
  records: Records,
  asked: BalanceAsked,
  by: 'shift' | 'campaign',
): Promise<Rows> {
  const { site, after, nowMs, limit } = asked;
  const all = await workOf(records, asked, by);
  const left =
    after === null
      ? all
      : all.filter(({ openedAt, id }) => openedAt < after.at || (openedAt === after.at && id < after.id));
  const page = pageOf(left, limit, ({ openedAt, id }) => ({ at: openedAt, id }));
  const rows: BalanceRow[] = [];
  const hidden: BalanceAnswer['hidden'] = [];
  for (const { id, heads, ...hours } of page.rows) {
    if (heads !== null && heads < HEADS_MIN) hidden.push({ id, key: id, reason: 'few-people' });
    else rows.push(row(id, ...(await inHours(records, site, hours, nowMs))));
  }
  return { rows, hidden, next: page.next, total: await totalOf(records, site, all, nowMs) };
}

export interface LineHoursAsked {
  readonly site: string;
  readonly line: string;
  /** ms since 1970 UTC. */
  readonly fromMs: number;
  /** Excluded. */
  readonly toMs: number;
}

/** @returns what was put on one line in some hours against what was weighed out of it. */
export async function lineBalance(
  records: Records,
  { site, line, fromMs, toMs }: LineHoursAsked,
): Promise<BalanceRow> {
  const hours = { line, openedAt: fromMs, closedAt: toMs };
  return row(line, ...(await inHours(records, site, hours, toMs)));
}

/** What teams did at one line at the same time is there once. */
async function totalOf(
  records: Records,
  site: string,
  work: readonly Hours[],
  nowMs: number,
): Promise<BalanceRow> {
  const flows: Flow[] = [];
  const errors = noErrors();
  for (const hours of withoutOverlap(work)) {
    const [some, errs] = await inHours(records, site, hours, nowMs);
    flows.push(...some);
    addErrors(errors, errs);
  }
  return row(TOTAL, flows, errors);
}

interface Hours {
  readonly line: string;
  /** ms since 1970 UTC. */
  readonly openedAt: number;
  /** Excluded; null: until now. */
  readonly closedAt: number | null;
}

/** @returns the hours of each line in which anybody worked there, each once. */
export function withoutOverlap(work: readonly Hours[]): Hours[] {
  const joined: Hours[] = [];
  const inOrder = [...work].sort(
    (a, b) => (a.line < b.line ? -1 : a.line > b.line ? 1 : 0) || a.openedAt - b.openedAt,
  );
  for (const { line, openedAt, closedAt } of inOrder) {
    const last = joined.at(-1);
    if (last === undefined || last.line !== line || (last.closedAt !== null && last.closedAt < openedAt)) {
      joined.push({ line, openedAt, closedAt });
      continue;
    }
    const isOpen = last.closedAt === null || closedAt === null;
    joined[joined.length - 1] = {
      ...last,
      closedAt: isOpen ? null : Math.max(last.closedAt ?? 0, closedAt ?? 0),
    };
  }
  return joined;
}

async function inHours(
  records: Records,
  site: string,
  { line, openedAt, closedAt }: Hours,
  nowMs: number,
): Promise<[Flow[], Errors]> {
  const touched = touching(lineRanges(line));
  const scope: Scope = (where) =>
    where.and([
      where('site', '=', site),
      where('at', '>=', openedAt),
      where('at', '<', closedAt ?? nowMs + 1),
      // The days around it, in whatever zone: movements are found by their days.
      where('day', '>=', utcDay(openedAt - ZONE_MAX_MS)),
      where('day', '<=', utcDay((closedAt ?? nowMs) + ZONE_MAX_MS)),
      touched(where),
    ]);
  const flows = await flowsOf(records, scope, lineBuckets(line), 'one');
  return [flows, (await errorsOf(records, site, scope, 'one')).get('') ?? noErrors()];
}

/** No zone is further from UTC than this. */
const ZONE_MAX_MS = 15 * 3_600_000;

function utcDay(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

interface Work extends Hours {
  readonly id: string;
  /** Counted at the posts; who was not counted is nobody. Null: not asked of this. */
  readonly heads: number | null;
}

/** @returns latest first. */
async function workOf(
  records: Records,
  { site, fromMs, toMs }: BalanceAsked,
  by: 'shift' | 'campaign',
): Promise<Work[]> {
  const order = (a: Work, b: Work) => b.openedAt - a.openedAt || (a.id < b.id ? 1 : -1);
  if (by === 'campaign') {
    const rows = await records
      .selectFrom('campaigns')
      .select(['campaign as id', 'line', 'openedAt', 'closedAt'])
      .where('site', '=', site)
      .where('openedAt', '>=', fromMs)
      .where('openedAt', '<', toMs)
      .execute();
    return rows.map((one) => ({ ...one, heads: null })).sort(order);
  }
  const rows = await records
    .selectFrom('shifts')
    .select(['shift as id', 'line', 'openedAt', 'closedAt', 'posts'])
    .where('site', '=', site)
    .where('openedAt', '>=', fromMs)
    .where('openedAt', '<', toMs)
    .execute();
  return rows.map(({ posts, ...one }) => ({ ...one, heads: headsOf(posts) })).sort(order);
}

/** @returns people counted at the posts of a shift; who was not counted is nobody. */
export function headsOf(posts: string): number {
  const counted = JSON.parse(posts) as readonly { readonly heads: number | null }[];
  return counted.reduce((sum, { heads }) => sum + (heads ?? 0), 0);
}
