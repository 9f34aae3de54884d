import { describe, expect, it } from 'vitest';
import type { Fabric } from './materials.ts';
import type { NirResult } from './plant-state.ts';
import { spectrumOf, wavelengthsNm } from './spectrum.ts';

const pure: readonly Fabric[] = ['cotton', 'wool', 'polyester', 'polyamide', 'acrylic', 'polypropylene'];

function result(fabric: Fabric, seq: number, dirty = false): NirResult {
  return { seq, atMs: 0, index: seq * 7, fabric, dirty, called: fabric };
}

/** First differences with mean 0 and length 1: what offset, slope and gain leave alone. */
function shape(spectrum: Float32Array): number[] {
  const steps = Array.from(spectrum.subarray(1), (value, index) => value - (spectrum[index] ?? 0));
  const mean = steps.reduce((sum, step) => sum + step, 0) / steps.length;
  const centred = steps.map((step) => step - mean);
  const length = Math.hypot(...centred);
  return centred.map((step) => step / length);
}

function likeness(left: readonly number[], right: readonly number[]): number {
  return left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);
}

/** The pure fabric whose own example a spectrum is most like. */
function nearest(spectrum: Float32Array): Fabric | undefined {
  const seen = shape(spectrum);
  const scored = pure.map(
    (fabric) => [fabric, likeness(seen, shape(spectrumOf(1, result(fabric, 1))))] as const,
  );
  return scored.toSorted((left, right) => right[1] - left[1])[0]?.[0];
}

/** Sum of the squared bends: sensor noise, mostly. */
function roughness(spectrum: Float32Array): number {
  return spectrum.subarray(2).reduce((sum, value, index) => {
    const bend = value - 2 * (spectrum[index + 1] ?? 0) + (spectrum[index] ?? 0);
    return sum + bend * bend;
  }, 0);
}

describe('a spectrum', () => {
  it('has 186 values from 940 to 1680 nm and comes again the same', () => {
    expect([wavelengthsNm.length, wavelengthsNm[0], wavelengthsNm.at(-1)]).toEqual([186, 940, 1_680]);
    const first = spectrumOf(9, result('cotton', 12));
    expect(spectrumOf(9, result('cotton', 12))).toEqual(first);
    expect(spectrumOf(9, result('cotton', 13))).not.toEqual(first);
    expect(spectrumOf(8, result('cotton', 12))).not.toEqual(first);
  });

  it('tells pure fibres apart, whatever the scatter of the cloth', () => {
    for (const fabric of pure) {
      const called = Array.from({ length: 60 }, (_, index) =>
        nearest(spectrumOf(1, result(fabric, index + 2))),
      );
      expect(`${fabric} ${called.filter((name) => name === fabric).length >= 57}`).toBe(`${fabric} true`);
    }
  });

  it('is flatter and noisier through a dirty lens', () => {
    const clean = roughness(spectrumOf(1, result('polyester', 4)));
    expect(roughness(spectrumOf(1, result('polyester', 4, true)))).toBeGreaterThan(5 * clean);
  });
});
