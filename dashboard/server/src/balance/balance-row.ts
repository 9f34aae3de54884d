/** What is asked of a balance, and how its rows are made. */
import type { BALANCE_BY, BalanceAnswer, BalanceRow } from '@trame/protocol/material/material-answers';
import type { Place } from '../http/keyset.ts';
import { figuresOf, type Flow } from './balance-buckets.ts';
import { alarmLimitGrams } from './scale-error.ts';
import { varianceOf, type Errors } from './weight-query.ts';

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

/** `hidden` left out: none. */
export type Rows = Pick<BalanceAnswer, 'rows' | 'total' | 'next'> & Partial<Pick<BalanceAnswer, 'hidden'>>;

/** Key of the sum of all. */
export const TOTAL = 'total';

export function row(key: string, flows: readonly Flow[], errors: Errors): BalanceRow {
  const figures = figuresOf(flows);
  const limitGrams = alarmLimitGrams(varianceOf(errors));
  return { id: key, key, ...figures, limitGrams, alarm: Math.abs(figures.residualGrams) > limitGrams };
}
