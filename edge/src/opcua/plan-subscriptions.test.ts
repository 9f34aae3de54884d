import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inPieces, planSubscriptions, queueSizeFor, silenceLimitMs } from './plan-subscriptions.ts';
import { testDevice, testTag } from './test-device.ts';

const URL = 'opc.tcp://plc:4840';

test('tags of one sampling class share one subscription', () => {
  const tags = [
    testTag('a', { samplingMs: 50 }),
    testTag('b', { samplingMs: 1000 }),
    testTag('c', { samplingMs: 0 }),
  ];
  const plans = planSubscriptions(testDevice(URL, tags));
  expect(plans.map(({ name, publishingMs, tags: of }) => [name, publishingMs, of.length])).toEqual([
    ['fast', 100, 3],
  ]);
});

test('slow tags are visited less often', () => {
  const tags = [testTag('a'), testTag('b', { samplingMs: 60_000 })];
  const plans = planSubscriptions(testDevice(URL, tags));
  expect(plans.map(({ name, publishingMs }) => [name, publishingMs])).toEqual([
    ['fast', 100],
    ['slow', 1000],
  ]);
});

test('a device without tags still has its signs of life', () => {
  expect(planSubscriptions(testDevice(URL, []))).toMatchObject([{ name: 'fast', tags: [] }]);
});

test('three signs of life fit into the age limit, and the lifetime is three of them or more', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 10, max: 60_000 }),
      fc.integer({ min: 11, max: 3_600_000 }),
      (publishingMs, age) => {
        const device = testDevice(URL, [testTag('a')], { publishingMs, staleAfterMs: age });
        for (const plan of planSubscriptions(device)) {
          const signMs = plan.keepAliveCount * plan.publishingMs;
          expect(signMs <= Math.min(age / 3, 10_000) || plan.keepAliveCount === 1).toBe(true);
          expect(plan.lifetimeCount).toBeGreaterThanOrEqual(3 * plan.keepAliveCount);
        }
      },
    ),
  );
});

test('a queue holds twice the samples between two publishings', () => {
  expect(queueSizeFor(1, 100, 100)).toBe(2);
  expect(queueSizeFor(1, 100, 50)).toBe(4);
  expect(queueSizeFor(50, 100, 50)).toBe(50);
  expect(queueSizeFor(1, 100, 0)).toBe(20);
  expect(queueSizeFor(1, 100, 5000)).toBe(2);
});

test('a server with slower signs of life is given the time for them', () => {
  expect(silenceLimitMs(5000, { publishingMs: 100, keepAliveCount: 16 })).toBe(5000);
  expect(silenceLimitMs(5000, { publishingMs: 1000, keepAliveCount: 10 })).toBe(25_000);
});

test('pieces keep everything in order', () => {
  expect(inPieces([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  expect(inPieces([], 2)).toEqual([]);
});
