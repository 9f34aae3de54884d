import { expect, it } from 'vitest';
import { formatBytes } from './bytes.ts';

it.each([
  [0, '0 o'],
  [812, '812 o'],
  [3_400_000, '3,4 Mo'],
  [34_000_000_000, '34 Go'],
  [2_500_000_000_000_000, '2 500 To'],
])('%d bytes are written %s', (bytes, text) => {
  expect(formatBytes(bytes).replaceAll(/[\u00a0\u202f]/gu, ' ')).toBe(text);
});
