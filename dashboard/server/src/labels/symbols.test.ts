import { expect, test } from 'vitest';
import type { Sscc } from '@trame/protocol/sscc';
import { GS1_MODULES, gs1Bars, MAX_QR_CHARACTERS, qrModules } from './symbols.ts';

test('the bars of a code have the one length that a label keeps free', () => {
  const bars = gs1Bars('080020080000012346' as Sscc);
  const last = bars.at(-1);
  expect((last?.at ?? 0) + (last?.width ?? 0)).toBe(GS1_MODULES);
  // Start C (211232) and FNC1 (411131), as ISO/IEC 15417 draws them.
  expect(bars.slice(0, 6)).toEqual([
    { at: 0, width: 2 },
    { at: 3, width: 1 },
    { at: 6, width: 3 },
    { at: 11, width: 4 },
    { at: 16, width: 1 },
    { at: 18, width: 3 },
  ]);
});

test('a code with a wrong check digit is not drawn', () => {
  expect(() => gs1Bars('080020080000012347' as Sscc)).toThrow(/check/iu);
});

test('the longest address is drawn, a longer one refused', () => {
  const longest = 'https://'.padEnd(MAX_QR_CHARACTERS, 'a');
  expect(qrModules(longest).side).toBeLessThanOrEqual(49);
  expect(() => qrModules(`${longest}a`)).toThrow(RangeError);
});
