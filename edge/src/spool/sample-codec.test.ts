import { QUALITY_REASONS, type Quality } from '@trame/protocol/quality';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Sample } from '../domain/tag-state.ts';
import { decodeSamples, encodeSamples } from './sample-codec.ts';

const quality: fc.Arbitrary<Quality> = fc.oneof(
  fc.constant({ level: 'good' } as const),
  fc.record({ level: fc.constantFrom('uncertain', 'bad'), reason: fc.constantFrom(...QUALITY_REASONS) }),
);
const sample: fc.Arbitrary<Sample> = fc.record({
  tag: fc.oneof(fc.constantFrom('gross', 'stable'), fc.string({ unit: 'grapheme' })),
  value: fc.oneof(
    fc.constant(null),
    fc.boolean(),
    fc.double(),
    fc.integer(),
    fc.constantFrom(-0, 12.5, 2 ** 31, -(2 ** 31), Number.MAX_SAFE_INTEGER, Infinity, NaN),
    fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
    fc.constantFrom(0n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n, 2n ** 64n, -(2n ** 63n)),
    fc.string({ unit: 'grapheme' }),
    fc.constant('\uFEFFmark'),
  ),
  quality,
  qualityChanged: fc.boolean(),
  timeMs: fc.oneof(
    fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_000 }),
    fc.constantFrom(0, 1, 1_793_606_400_000),
  ),
});

describe('samples as bytes', () => {
  it('come back as they were, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 50 }), (samples) => {
        expect(decodeSamples(encodeSamples(samples))).toEqual(samples);
      }),
      { numRuns: 500 },
    );
  });

  it('take about ten bytes each', () => {
    const samples = Array.from({ length: 500 }, (_, index) => ({
      tag: `conveyor-${index % 20}.speed`,
      value: 1.1 + index / 7,
      quality: { level: 'good' } as const,
      qualityChanged: false,
      timeMs: 1_793_606_400_000 + index * 2,
    }));
    expect(encodeSamples(samples).length).toBeLessThan(500 * 13);
    const floats = samples.map((one) => ({ ...one, value: Math.fround(one.value) }));
    expect(encodeSamples(floats).length).toBeLessThan(500 * 9);
  });

  it('that are not whole are refused, never read as others without an end', () => {
    fc.assert(
      fc.property(
        fc.array(sample, { minLength: 1, maxLength: 20 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (samples, share) => {
          const bytes = encodeSamples(samples);
          expect(() => decodeSamples(bytes.subarray(0, Math.floor(share * bytes.length)))).toThrow(
            RangeError,
          );
        },
      ),
    );
  });

  it('that somebody made up never hang the reader', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        let outcome = 'refused';
        try {
          outcome = `${decodeSamples(bytes).length} samples`;
        } catch (error) {
          outcome = error instanceof Error ? error.name : 'no error';
        }
        expect(outcome).toMatch(/samples|Error$/u);
      }),
    );
  });
});
