import fc from 'fast-check';
import { expect, it } from 'vitest';
import { newUuidV7 } from './uuid-v7.ts';

it('says its time, version and variant', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 48 - 1 }), (nowMs) => {
      const id = newUuidV7(nowMs);
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u);
      expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(nowMs);
    }),
  );
});

it('is never the same twice', () => {
  expect(new Set(Array.from({ length: 500 }, () => newUuidV7(1_700_000_000_000))).size).toBe(500);
});
