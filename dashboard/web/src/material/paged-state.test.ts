import { expect, it } from 'vitest';
import { stateAfter } from './paged-state.ts';

it('a list that the account may not read is told from one that could not be had', () => {
  expect(stateAfter({ kind: 'refused', status: 403, code: 'forbidden' })).toBe('forbidden');
  expect(stateAfter({ kind: 'refused', status: 500, code: 'internal' })).toBe('failed');
  expect(stateAfter({ kind: 'away' })).toBe('failed');
});
