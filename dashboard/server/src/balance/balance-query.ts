/**
 * In = out + refused + water + missing + change of stock + residual. Day, month and lot balance the site: what collectors
 * brought against what clients got. Shift and campaign balance their line in their hours: what was put on it against
 * what was weighed out of it. The residual is what the book had to take from, or put to, a difference: it is shown as it
 * is, and is an alarm beyond what the scales together may err (`scale-error.ts`).
 */
import { UNKNOWN_LOT } from '@trame/protocol/material/accounts';
import type { BalanceAnswer, BalanceRow } from '@trame/protocol/material/material-answers';
import { pageOf } from '../http/keyset.ts';
import type { Records } from '../records/open-records.ts';
import { SITE_BUCKETS } from './balance-buckets.ts';
import { row, TOTAL, type BalanceAsked, type Rows } from './balance-row.ts';
import { flowsOf, type Scope } from './flow-query.ts';
import { addErrors, errorsOf, noErrors } from './weight-query.ts';
import { workBalance } from './work-balance.ts';

export async function balanceOf(records: Records, asked: BalanceAsked): Promise<BalanceAnswer> {
  const { by, from, to } = asked;
  return { by, from, to, hidden: [], ...(await rowsOf(records, asked)) };
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
      return workBalance(records, asked, asked.by);
  }
}

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
