import fc from 'fast-check';
import { expect, test } from 'vitest';
import { accept, unordered, type Ordering } from './order-notifications.ts';

function acceptAll(sequences: readonly number[]): { delivered: string[]; ordering: Ordering<string> } {
  const delivered: string[] = [];
  let ordering = unordered<string>();
  for (const sequence of sequences) {
    const step = accept(ordering, sequence, `m${sequence}`);
    ordering = step.ordering;
    delivered.push(...step.deliver);
  }
  return { delivered, ordering };
}

test('messages in order pass, also when the first is not number one', () => {
  expect(acceptAll([7, 8, 9]).delivered).toEqual(['m7', 'm8', 'm9']);
});

test('an early message waits for the one before it', () => {
  const { delivered, ordering } = acceptAll([1, 3, 4, 2]);
  expect(delivered).toEqual(['m1', 'm2', 'm3', 'm4']);
  expect(ordering.held.size).toBe(0);
});

test('while a message is missing, later ones are held', () => {
  const { delivered, ordering } = acceptAll([1, 3, 4]);
  expect(delivered).toEqual(['m1']);
  expect([...ordering.held.keys()]).toEqual([3, 4]);
});

test('a message that comes again is dropped', () => {
  expect(acceptAll([1, 2, 2, 1, 3]).delivered).toEqual(['m1', 'm2', 'm3']);
});

test('after the highest number comes one', () => {
  expect(acceptAll([0xffff_fffe, 0xffff_ffff, 1, 2]).delivered).toHaveLength(4);
  expect(acceptAll([0xffff_ffff, 2, 1]).delivered).toEqual(['m4294967295', 'm1', 'm2']);
  expect(acceptAll([1, 0xffff_ffff]).delivered).toEqual(['m1']);
});

test('any order of arrival after the first gives the order of sending, once each', () => {
  const shuffled = fc.shuffledSubarray([2, 3, 4, 5, 6, 7, 8], { minLength: 7 });
  fc.assert(
    fc.property(shuffled, (rest) => {
      const { delivered, ordering } = acceptAll([1, ...rest, 4]);
      expect(delivered).toEqual(['m1', 'm2', 'm3', 'm4', 'm5', 'm6', 'm7', 'm8']);
      expect(ordering.held.size).toBe(0);
    }),
  );
});
