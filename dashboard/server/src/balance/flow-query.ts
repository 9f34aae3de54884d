/** Sums of the book's movements between the buckets of a balance. */
import { sql, type Expression, type ExpressionBuilder, type RawBuilder, type SqlBool } from 'kysely';
import type { Records } from '../records/open-records.ts';
import type { Tables } from '../records/tables.ts';
import { MACHINE_TYPES } from '../tonnage/hand-sorted.ts';
import type { AccountRange, Bucket, Buckets, Flow } from './balance-buckets.ts';

export type Where = ExpressionBuilder<Tables, 'postings'>;

/** Which movements a balance is made from. */
export type Scope = (where: Where) => Expression<SqlBool>;

/** What movements are put together by; `one`: all together. */
export type GroupBy = 'day' | 'lot' | 'one';

export type GroupedFlow = Flow & { readonly group: string };

/** @returns sums between different buckets, by group. */
export function flowsOf(
  records: Records,
  scope: Scope,
  buckets: Buckets,
  groupBy: GroupBy,
): Promise<GroupedFlow[]> {
  const moved = records
    .selectFrom('postings')
    .select([
      groupOf(groupBy).as('group'),
      bucketOf('fromAccount', buckets).as('from'),
      bucketOf('toAccount', buckets).as('to'),
      'grams',
    ])
    .where(scope);
  return records
    .selectFrom(moved.as('moved'))
    .select((of) => ['group', 'from', 'to', of.fn.sum<number>('grams').as('grams')])
    .whereRef('from', '<>', 'to')
    .groupBy(['group', 'from', 'to'])
    .execute();
}

function groupOf(groupBy: GroupBy): RawBuilder<string> {
  return groupBy === 'one' ? sql<string>`''` : sql<string>`${sql.ref(groupBy)}`;
}

function bucketOf(side: 'fromAccount' | 'toAccount', { ranges, rest }: Buckets): RawBuilder<Bucket> {
  const cases = ranges.map((range) => sql`when ${isIn(side, range)} then ${sql.lit(range.bucket)}`);
  return sql<Bucket>`case ${sql.join(cases, sql` `)} else ${sql.lit(rest)} end`;
}

function isIn(side: 'fromAccount' | 'toAccount', { from, to }: AccountRange): RawBuilder<SqlBool> {
  return sql<SqlBool>`(${sql.ref(side)} >= ${from} and ${sql.ref(side)} < ${to})`;
}

/** @returns a scope of the movements that touch one of the ranges. */
export function touching(ranges: readonly AccountRange[]): Scope {
  const sides = (['fromAccount', 'toAccount'] as const).flatMap((side) =>
    ranges.map((range) => isIn(side, range)),
  );
  return () => sql<SqlBool>`(${sql.join(sides, sql` or `)})`;
}

export interface Totalised {
  readonly group: string;
  readonly totaliser: string;
  readonly grams: number;
}

/** @returns what each totaliser counted, by group: on the line, into each of its bins. */
export function totalisedIn(records: Records, scope: Scope, groupBy: GroupBy): Promise<Totalised[]> {
  const counted = records
    .selectFrom('postings')
    .select([groupOf(groupBy).as('group'), 'toAccount as totaliser', 'grams'])
    .where(scope)
    .where('type', 'in', MACHINE_TYPES);
  return records
    .selectFrom(counted.as('counted'))
    .select((of) => ['group', 'totaliser', of.fn.sum<number>('grams').as('grams')])
    .groupBy(['group', 'totaliser'])
    .execute();
}
