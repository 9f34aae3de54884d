import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ScaleBench } from './test-weighing.ts';
import { keySpace, marksAt, readMark, type ScaleMark } from './weighing-mark.ts';

const { config } = new ScaleBench({});
const reads = { number: 'n', grams: 'g', total: null };

describe('a mark of a scale', () => {
  it.each<ScaleMark>([
    {
      by: 'alibi',
      reads,
      comparableFrom: 1,
      number: 3,
      netGrams: -5,
      totalGrams: null,
      firstNumber: 1,
      unsummedFrom: 2,
    },
    { by: 'totaliser', reads, number: 3, totalGrams: 5, before: { number: 9, totalGrams: 90 } },
  ])('is read as it was written: $by', (mark) => {
    const marks = marksAt(keySpace(config, 'A1'), mark);
    expect(Object.keys(marks)).toStrictEqual(['scale.s', 'scale.s/1/A1']);
    for (const text of Object.values(marks)) expect(readMark(text)).toStrictEqual(mark);
  });

  it('of something else is none', () => {
    expect(readMark(null)).toBeNull();
    expect(readMark('{"by":"alibi","number":-1}')).toBeNull();
    fc.assert(fc.property(fc.string(), (text) => readMark(text) === null));
  });
});

it('instruments, epochs, and scales without serial have numbers of their own', () => {
  const spaces = [
    keySpace(config, 'A'),
    keySpace(config, 'B'),
    keySpace({ ...config, alibiEpoch: 2 }, 'A'),
    keySpace(config, null),
    keySpace({ ...config, id: 't' }, null),
  ];
  expect(new Set(spaces.map(({ prefix }) => prefix)).size).toBe(spaces.length);
  expect(new Set(spaces.map(({ ownMark }) => ownMark)).size).toBe(spaces.length);
});
