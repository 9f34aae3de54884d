/** A comparison on one tag: what interlocks and alarms are declared with. */
import { toNumber } from '@trame/protocol/tag';
import type { TagRef } from './tag-ref.ts';
import type { TagState } from './tag-state.ts';

export const COMPARISONS = ['=', '!=', '<', '<=', '>', '>='] as const;
export type Comparison = (typeof COMPARISONS)[number];

export interface Condition {
  readonly tag: TagRef;
  readonly is: Comparison;
  /** Ordering wants a number. */
  readonly value: number | boolean | string;
}

/** @returns whether it holds; null: the value is not good, or not of the kind that is compared with. */
export function holds({ is, value }: Condition, tag: TagState | null): boolean | null {
  if (tag === null || tag.quality.level !== 'good' || tag.value === null) return null;
  if (typeof value === 'number') {
    const number =
      typeof tag.value === 'boolean' || typeof tag.value === 'string' ? null : toNumber(tag.value);
    return number === null ? null : compare(number, is, value);
  }
  if (typeof tag.value !== typeof value || (is !== '=' && is !== '!=')) return null;
  return is === '=' ? tag.value === value : tag.value !== value;
}

function compare(a: number, is: Comparison, b: number): boolean {
  switch (is) {
    case '=':
      return a === b;
    case '!=':
      return a !== b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
  }
}
