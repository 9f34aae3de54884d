/**
 * In = out + refused + water + missing + change of stock + residual. Day, month and lot balance the site: what collectors
 * brought against what clients got. Shift and campaign balance their line in their hours: what was put on it against
 * what was weighed out of it. The residual is what the book had to take from, or put to, a difference: it is shown as it
 * is, and is an alarm beyond what the scales together may err (`scale-error.ts`).
 */
import { UNKNOWN_LOT } from '@trame/protocol/material/accounts';
import type { BALANCE_BY, BalanceAnswer, BalanceRow } from '@trame/protocol/material/material-answers';
import type { Place } from '../http/keyset.ts';
import { pageOf } from '../http/keyset.ts';
import type { Records } from '../records/open-records.ts';
import { figuresOf, lineBuckets, lineRanges, SITE_BUCKETS, type Flow } from './balance-buckets.ts';
import { flowsOf, touching, type Scope } from './flow-query.ts';
import { alarmLimitGrams } from './scale-error.ts';
import { addErrors, errorsOf, noErrors, varianceOf, type Errors } from './weight-query.ts';

export type BalanceBy = (typeof BALANCE_BY)[number];

export interface BalanceAsked {
  readonly site: string;
  readonly by: BalanceBy;
  /** `YYYY-MM-DD`. */
  readonly from: string;
  /** Excluded. */
  readonly to: string;
  /** ms since 1970 UTC of the beginning of both days. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly nowMs: number;
  readonly after: Place | null;
  readonly limit: number;
}

type Rows = Pick<BalanceAnswer, 'rows' | 'total' | 'next'>;

export async function balanceOf(records: Records, asked: BalanceAsked): Promise<BalanceAnswer> {
  const { by, from, to } = asked;
  return { by, from, to, ...(await rowsOf(records, asked)) };
}

function rowsOf(records: Records, asked: BalanceAsked): Promise<Rows> {
  switch (asked.by) {
    case 'day':
    case 'month':
      return ofCalendar(records, asked, asked.by);
    case 'lot':
      return ofLots(records, asked);
    case 'shift':
    case 'campaign':
      return ofWork(records, asked, asked.by);
  }
}

function row(key: string, flows: readonly Flow[], errors: Errors): BalanceRow {
  const figures = figuresOf(flows);
  const limitGrams = alarmLimitGrams(varianceOf(errors));
  return { id: key, key, ...figures, limitGrams, alarm: Math.abs(figures.residualGrams) > limitGrams };
}

const TOTAL = 'total';

async function ofCalendar(records: Records, asked: BalanceAsked, by: 'day' | 'month'): Promise<Rows> {
  const { site, from, to, after, limit } = asked;
  const scope: Scope = (where) =>
    where.and([where('site', '=', site), where('day', '>=', from), where('day', '<', to)]);
  const keyOf = (day: string) => (by === 'day' ? day : day.slice(0, 7));
  const flows = await flowsOf(records, scope, SITE_BUCKETS, 'day');
  const errors = await errorsOf(records, site, scope, 'day');
  const keys = new Set([...flows.map(({ group }) => keyOf(group)), ...[...errors.keys()].map(keyOf)]);
  const rows = [...keys].sort().map((key) => {
    const joined = noErrors();
    for (const [day, some] of errors) if (keyOf(day) === key) addErrors(joined, some);
    return row(
      key,
      flows.filter(({ group }) => keyOf(group) === key),
      joined,
    );
  });
  const all = noErrors();
  for (const some of errors.values()) addErrors(all, some);
  const left = after === null ? rows : rows.filter(({ key }) => key > after.id);
  return { ...pageOf(left, limit, ({ id }) => ({ at: 0, id })), total: row(TOTAL, flows, all) };
}

/** Lots that came in in the period, over their whole life; and what was weighed out without ever having come in. */
async function ofLots(records: Records, asked: BalanceAsked): Promise<Rows> {
  const { site, fromMs, toMs, from, to, after, limit } = asked;
  let select = records
    .selectFrom('lots')
    .select(['lot', 'at'])
    .where('site', '=', site)
    .where('at', '>=', fromMs)
    .where('at', '<', toMs);
  if (after !== null) {
    const { at, id } = after;
    select = select
      .where('at', '<=', at)
      .where((where) => where.or([where('at', '<', at), where('lot', '<', id)]));
  }
  const lots = await select
    .orderBy('at', 'desc')
    .orderBy('lot', 'desc')
    .limit(limit + 1)
    .execute();
  const page = pageOf(lots, limit, ({ at, lot }) => ({ at, id: lot }));
  const names = page.rows.map(({ lot }) => lot);
  const rows = names.length === 0 ? [] : await lotRows(records, site, names);
  const all: Scope = (where) =>
    where.and([
      where('site', '=', site),
      where.or([
        where(
          'lot',
          'in',
          where
            .selectFrom('lots')
            .select('lots.lot')
            .where('lots.site', '=', site)
            .where('lots.at', '>=', fromMs)
            .where('lots.at', '<', toMs),
        ),
        where.and([where('lot', '=', UNKNOWN_LOT), where('day', '>=', from), where('day', '<', to)]),
      ]),
    ]);
  const unknown: Scope = (where) =>
    where.and([
      where('site', '=', site),
      where('day', '>=', from),
      where('day', '<', to),
      where('lot', '=', UNKNOWN_LOT),
    ]);
  const more = page.next === null ? await summedRow(records, site, UNKNOWN_LOT, unknown) : null;
  return {
    rows: more === null || isNothing(more) ? rows : [...rows, more],
    next: page.next,
    total: await summedRow(records, site, TOTAL, all),
  };
}

async function lotRows(records: Records, site: string, lots: readonly string[]): Promise<BalanceRow[]> {
  const scope: Scope = (where) => where.and([where('site', '=', site), where('lot', 'in', lots)]);
  const flows = await flowsOf(records, scope, SITE_BUCKETS, 'lot');
  const errors = await errorsOf(records, site, scope, 'lot');
  return lots.map((lot) =>
    row(
      lot,
      flows.filter(({ group }) => group === lot),
      errors.get(lot) ?? noErrors(),
    ),
  );
}

async function summedRow(records: Records, site: string, key: string, scope: Scope): Promise<BalanceRow> {
  const flows = await flowsOf(records, scope, SITE_BUCKETS, 'one');
  const errors = await errorsOf(records, site, scope, 'one');
  return row(key, flows, errors.get('') ?? noErrors());
}

function isNothing({ inGrams, outGrams, stockChangeGrams, residualGrams }: BalanceRow): boolean {
  return inGrams === 0 && outGrams === 0 && stockChangeGrams === 0 && residualGrams === 0;
}

/** Those that were opened in the period, each over its hours; an open one until now. */
async function ofWork(records: Records, asked: BalanceAsked, by: 'shift' | 'campaign'): Promise<Rows> {
  const { site, nowMs, limit } = asked;
  const found = await workOf(records, asked, by);
  const page = pageOf(found, limit, ({ openedAt, id }) => ({ at: openedAt, id }));
  const rows: BalanceRow[] = [];
  const flowsOfAll: Flow[] = [];
  const errorsOfAll = noErrors();
  for (const { id, line, openedAt, closedAt } of page.rows) {
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
    const errors = (await errorsOf(records, site, scope, 'one')).get('') ?? noErrors();
    rows.push(row(id, flows, errors));
    flowsOfAll.push(...flows);
    addErrors(errorsOfAll, errors);
  }
  return { rows, next: page.next, total: row(TOTAL, flowsOfAll, errorsOfAll) };
}

/** No zone is further from UTC than this. */
const ZONE_MAX_MS = 15 * 3_600_000;

function utcDay(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

interface Work {
  readonly id: string;
  readonly line: string;
  readonly openedAt: number;
  readonly closedAt: number | null;
}

async function workOf(
  records: Records,
  { site, fromMs, toMs, after, limit }: BalanceAsked,
  by: 'shift' | 'campaign',
): Promise<Work[]> {
  const all =
    by === 'shift'
      ? records.selectFrom('shifts').select(['site', 'shift as id', 'line', 'openedAt', 'closedAt'])
      : records.selectFrom('campaigns').select(['site', 'campaign as id', 'line', 'openedAt', 'closedAt']);
  let select = records
    .selectFrom(all.as('work'))
    .select(['id', 'line', 'openedAt', 'closedAt'])
    .where('site', '=', site)
    .where('openedAt', '>=', fromMs)
    .where('openedAt', '<', toMs);
  if (after !== null) {
    const { at, id } = after;
    select = select
      .where('openedAt', '<=', at)
      .where((where) => where.or([where('openedAt', '<', at), where('id', '<', id)]));
  }
  return select
    .orderBy('openedAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
}
