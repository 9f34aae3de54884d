import { describe, expect, it } from 'vitest';
import { isFirstOut, type GroupMember } from './first-out.ts';

const member = (id: string, state: GroupMember['state'], group: string | null = 'line'): GroupMember => ({
  id,
  group,
  state,
});
const JAM = { id: 'jam', group: 'line' };

describe('first-out', () => {
  it('is the one that comes up while none of its group stands', () => {
    expect(isFirstOut(JAM, [member('jam', 'normal'), member('press', 'normal')])).toBe(true);
    expect(isFirstOut(JAM, [member('jam', 'returned'), member('press', 'unacknowledged')])).toBe(false);
  });

  it('waits for what is acknowledged or latched; not for what is over or put aside', () => {
    for (const state of ['acknowledged', 'latched-unacknowledged', 'latched-acknowledged'] as const) {
      expect(isFirstOut(JAM, [member('press', state)])).toBe(false);
    }
    for (const state of ['returned', 'shelved', 'suppressed', 'out-of-service'] as const) {
      expect(isFirstOut(JAM, [member('press', state)])).toBe(true);
    }
  });

  it('knows its own group only', () => {
    expect(isFirstOut(JAM, [member('door', 'unacknowledged', 'safety')])).toBe(true);
    expect(isFirstOut({ id: 'alone', group: null }, [])).toBe(false);
  });
});
