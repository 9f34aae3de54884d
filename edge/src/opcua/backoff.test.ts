import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffMs, ITEM_BACKOFF, RECONNECT_BACKOFF } from './backoff.ts';

test('each wait doubles up to its limit', () => {
  const fullWaits = [0, 1, 2, 3, 4, 100].map((failures) => backoffMs(RECONNECT_BACKOFF, failures, 1));
  expect(fullWaits).toEqual([500, 1000, 2000, 4000, 4000, 4000]);
});

test('a refused item is asked again after 2.5 to 5 s first, after 5 minutes at most', () => {
  expect(backoffMs(ITEM_BACKOFF, 0, 0)).toBe(2500);
  expect(backoffMs(ITEM_BACKOFF, 0, 1)).toBe(5000);
  expect(backoffMs(ITEM_BACKOFF, 1e9, 1)).toBe(300_000);
});

test('no wait is longer than 5 s, so that a server that returns is found in time', () => {
  fc.assert(
    fc.property(fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (failures, random) => {
      const waitMs = backoffMs(RECONNECT_BACKOFF, failures, random);
      expect(waitMs).toBeGreaterThanOrEqual(RECONNECT_BACKOFF.firstMs / 2);
      expect(waitMs).toBeLessThanOrEqual(5000);
    }),
  );
});
