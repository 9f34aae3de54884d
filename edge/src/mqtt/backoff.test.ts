import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RETRY_MAX_MS, retryDelayMs } from './backoff.ts';

describe('the wait before a retry', () => {
  it('is at most half a second at first and five seconds ever after, and never nothing', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (attempt, random) => {
          const delayMs = retryDelayMs(attempt, random);
          expect(delayMs).toBeGreaterThanOrEqual(250);
          expect(delayMs).toBeLessThanOrEqual(attempt === 0 ? 500 : RETRY_MAX_MS);
        },
      ),
    );
  });
});
