import { bad, GOOD, uncertain, type Quality } from '@trame/protocol/quality';
import type { TagType, TagValue } from '@trame/protocol/tag';
import { expect, it } from 'vitest';
import { holds, type Comparison } from './condition.ts';
import type { TagState } from './tag-state.ts';

const TAG = { device: 'plc', tag: 'value' };

function state(value: TagValue | null, type: TagType, quality: Quality = GOOD): TagState {
  const definition = { name: 'value', type, unit: null, deadband: 0, range: null, staleAfterMs: null };
  return { definition, value, quality, timeMs: 0, readAtMs: 0, told: null };
}

it.each<readonly [TagValue, TagType, Comparison, number | boolean | string, boolean | null]>([
  [5, 'float64', '=', 5, true],
  [5, 'float64', '!=', 5, false],
  [5, 'float64', '<', 5, false],
  [5, 'float64', '<=', 5, true],
  [5, 'float64', '>', 4.9, true],
  [5, 'float64', '>=', 5.1, false],
  [5n, 'uint64', '>', 4, true],
  [true, 'bool', '=', true, true],
  [true, 'bool', '!=', true, false],
  ['auto', 'string', '=', 'auto', true],
  ['auto', 'string', '!=', 'auto', false],
  // What is not of the kind that is compared with says nothing, so that an interlock forbids.
  [true, 'bool', '=', 1, null],
  [1, 'uint16', '=', true, null],
  ['5', 'string', '=', 5, null],
  [true, 'bool', '>', false, null],
  [Number.NaN, 'float64', '=', 0, null],
])('%s (%s) %s %s: %s', (value, type, is, than, expected) => {
  expect(holds({ tag: TAG, is, value: than }, state(value, type))).toBe(expected);
});

it('nothing holds of what is not good', () => {
  const condition = { tag: TAG, is: '=', value: 5 } as const;
  expect(holds(condition, null)).toBeNull();
  expect(holds(condition, state(null, 'float64', bad('device-offline')))).toBeNull();
  expect(holds(condition, state(5, 'float64', uncertain('out-of-range')))).toBeNull();
});
