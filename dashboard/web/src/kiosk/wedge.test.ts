import { describe, expect, it } from 'vitest';
import { isBroken, nextWedge, NOTHING_TYPED, type WedgeOutcome } from './wedge.ts';

/** Types a text with so many ms between the keys. */
function typed(keys: readonly string[], gapMs: number): WedgeOutcome[] {
  let wedge = NOTHING_TYPED;
  return keys.map((key, index) => {
    const step = nextWedge(wedge, key, index * gapMs);
    wedge = step.wedge;
    return step.outcome;
  });
}

describe('keys of a scanner, a button and a person', () => {
  it('many in no time and Enter are a scan', () => {
    const code = '376130321109103420';
    expect(typed([...code.split(''), 'Enter'], 8).at(-1)).toEqual({ kind: 'scan', text: code });
    expect(typed([...']C100'.split(''), 'F8', ...'3761'.split(''), 'Enter'], 8).at(-1)).toEqual({
      kind: 'scan',
      text: ']C100\u001D3761',
    });
  });

  it('a figure typed by hand and Enter is Enter', () => {
    expect(typed(['2', '4', '8', 'Enter'], 250).at(-1)).toEqual({ kind: 'enter' });
    expect(typed([...'376130321109103420'.split(''), 'Enter'], 250).at(-1)).toEqual({ kind: 'enter' });
  });

  it('a wired button is Enter', () => expect(typed(['Enter'], 0)).toEqual([{ kind: 'enter' }]));

  it('Enter soon after characters is none of a button; alone, later or after a scan it is', () => {
    const { wedge } = nextWedge(NOTHING_TYPED, '3', 500);
    expect(isBroken(wedge, 700)).toBe(true);
    expect(isBroken(wedge, 1_600)).toBe(false);
    expect(isBroken(NOTHING_TYPED, 0)).toBe(false);
    expect(isBroken(nextWedge(wedge, 'Enter', 700).wedge, 701)).toBe(false);
  });

  it('Shift between the characters is none of them', () => {
    expect(typed(['Shift', 'A', 'Shift', 'B', 'C', 'D', 'E', 'F', 'Enter'], 8).at(-1)).toEqual({
      kind: 'scan',
      text: 'ABCDEF',
    });
  });
});
