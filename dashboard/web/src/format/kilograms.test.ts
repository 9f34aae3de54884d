import { expect, it } from 'vitest';
import { formatKg } from './kilograms.ts';

it.each([
  [248_000, null, '248\u00a0kg'],
  [248_000, 500, '248,0\u00a0kg'],
  [248_500, 500, '248,5\u00a0kg'],
  [24_550, 50, '24,55\u00a0kg'],
  [24_551, 1_000, '24,551\u00a0kg'],
  [1_248_000, 1_000, '1\u202f248\u00a0kg'],
  [0, 100, '0,0\u00a0kg'],
])('%i g of a scale of %s g is %s', (grams, interval, text) => expect(formatKg(grams, interval)).toBe(text));
