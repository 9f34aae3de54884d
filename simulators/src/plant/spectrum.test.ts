import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ceilingAbsorbance, floorAbsorbance } from './detector.ts';
import { wavelengthsNm } from './fibre-bands.ts';
import { nirUpsets } from './hazards.ts';
import { fabrics, type Fabric } from './materials.ts';
import { spectrumOf } from './spectrum.ts';
import {
  conditioned,
  findReads,
  humpOf,
  isPlain,
  mean,
  noiseOf,
  polyesterPeakOf,
  readOf,
  spectraOf,
} from './test-reads.ts';

const fabricIds = Object.keys(fabrics) as Fabric[];
const pure: readonly Fabric[] = [
  'cotton',
  'flax',
  'viscose',
  'wool',
  'polyester',
  'polyamide',
  'acrylic',
  'polypropylene',
];

/** Second differences over 40 nm, with length 1: what offset, slope and gain leave alone. */
function shape(spectrum: Float32Array): number[] {
  const smooth = Array.from({ length: 176 }, (_, from) => mean(spectrum.subarray(from, from + 11)));
  const bends = smooth
    .slice(10, -10)
    .map((value, index) => (smooth[index] ?? 0) - 2 * value + (smooth[index + 20] ?? 0));
  const length = Math.hypot(...bends);
  return bends.map((bend) => bend / length);
}

function meanPeak(fabric: Fabric): number {
  return polyesterPeakOf(spectraOf(fabric, 300));
}

function meanHump(fabric: Fabric): number {
  return humpOf(spectraOf(fabric, 300));
}

function likeness(left: readonly number[], right: readonly number[]): number {
  return left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);
}

const examples = new Map(pure.map((fabric) => [fabric, spectraOf(fabric, 10).map(shape)] as const));

/** Cotton, flax and viscose are all cellulose, which near infrared hardly tells apart. */
function family(fabric: Fabric | undefined): string | undefined {
  return fabric === 'flax' || fabric === 'viscose' ? 'cotton' : fabric;
}

function shapeOf(fabric: Fabric): number[] {
  const shapes = examples.get(fabric) ?? [];
  return (shapes[0] ?? []).map((_, index) => mean(shapes.map((each) => each[index] ?? 0)));
}

/** The pure fabric whose own examples a spectrum is most like. */
function nearest(spectrum: Float32Array): Fabric | undefined {
  const seen = shape(spectrum);
  const scored = pure.map((fabric) => {
    const likenesses = (examples.get(fabric) ?? []).map((each) => likeness(seen, each));
    return [fabric, mean(likenesses)] as const;
  });
  return scored.toSorted((left, right) => right[1] - left[1])[0]?.[0];
}

describe('a spectrum', () => {
  it('has 186 values from 940 to 1680 nm', () => {
    expect([wavelengthsNm.length, wavelengthsNm[0], wavelengthsNm.at(-1)]).toEqual([186, 940, 1_680]);
    expect(spectrumOf(9, readOf('cotton', 12))).toHaveLength(186);
  });

  it('is a function of the seed and the result, between what the detector sees least and most', () => {
    const results = fc.record({
      seed: fc.nat(0xffff_ffff),
      fabric: fc.constantFrom(...fabricIds),
      seq: fc.integer({ min: 1, max: 0xffff_ffff }),
      index: fc.nat(10_000_000),
      lot: fc.nat(100_000),
      massG: fc.integer({ min: 60, max: 1_500 }),
      dampShare: fc.double({ min: 0, max: 0.3, noNaN: true }),
      lensDirty: fc.boolean(),
      driftNm: fc.double({ min: -3, max: 3, noNaN: true }),
      lampShare: fc.double({ min: 0.3, max: 1, noNaN: true }),
      upsets: fc.subarray([...nirUpsets]),
    });
    fc.assert(
      fc.property(results, ({ seed, fabric, seq, index, lot, massG, dampShare, ...condition }) => {
        const rest = { index, lot, massG, dampG: Math.round(massG * dampShare), condition };
        const result = readOf(fabric, seq, rest);
        const spectrum = spectrumOf(seed, result);
        expect(spectrumOf(seed, structuredClone(result))).toEqual(spectrum);
        const lost = [...spectrum].filter((value) => Number.isNaN(value)).length;
        const [low, high] = condition.upsets.includes('nan') ? [1, 6] : [0, 0];
        expect(lost).toBeGreaterThanOrEqual(low);
        expect(lost).toBeLessThanOrEqual(high);
        for (const value of spectrum) {
          if (Number.isNaN(value)) continue;
          expect(value).toBeGreaterThanOrEqual(Math.fround(floorAbsorbance));
          expect(value).toBeLessThanOrEqual(Math.fround(ceilingAbsorbance));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is another one for another read, another garment and another plant', () => {
    const first = spectrumOf(9, readOf('cotton', 12));
    expect(spectrumOf(9, readOf('cotton', 13, { index: 12 }))).not.toEqual(first);
    expect(spectrumOf(9, readOf('cotton', 12, { index: 13 }))).not.toEqual(first);
    expect(spectrumOf(8, readOf('cotton', 12))).not.toEqual(first);
  });

  it('tells pure fibres apart, whatever the weave and the colour, but cellulose from cellulose', () => {
    for (const fabric of pure) {
      const called = spectraOf(fabric, 80).slice(20).map(nearest);
      const right = called.filter((name) => family(name) === family(fabric)).length;
      expect(`${fabric} ${right >= 57}`).toBe(`${fabric} true`);
    }
    const [cotton, wool] = [shapeOf('cotton'), shapeOf('wool')];
    for (const fabric of ['flax', 'viscose'] as const) {
      expect(likeness(shapeOf(fabric), cotton)).toBeGreaterThan(0.9);
    }
    expect(likeness(wool, cotton)).toBeLessThan(0.8);
  });

  it('is of the size that a small spectrometer sees on cloth', () => {
    const cotton = spectraOf('cotton', 100);
    const levels = cotton.map((spectrum) => mean(spectrum)).toSorted((left, right) => left - right);
    // Measured on plain cotton: means of 0.1 to 0.3, the hump of cellulose 0.1 to 0.17 high, noise 0.00036.
    expect(levels[10]).toBeGreaterThan(0.03);
    expect(levels[90]).toBeLessThan(0.45);
    const hump = humpOf(cotton);
    expect(hump).toBeGreaterThan(0.09);
    expect(hump).toBeLessThan(0.18);
    const noise = mean(cotton.map(noiseOf));
    expect(noise).toBeGreaterThan(0.0003);
    expect(noise).toBeLessThan(0.001);
  });

  it('mixes the fibres of a blend in absorbance by their share of the mass', () => {
    const [cotton, polyester] = [meanPeak('cotton'), meanPeak('polyester')];
    expect((meanPeak('cotton-rich') - cotton) / (polyester - cotton)).toBeCloseTo(0.35, 1);
    expect((meanPeak('polyester-rich') - cotton) / (polyester - cotton)).toBeCloseTo(0.65, 1);
    const [full, none] = [meanHump('cotton'), meanHump('polyester')];
    expect((meanHump('cotton-rich') - none) / (full - none)).toBeCloseTo(0.65, 1);
  });

  it('of layered cloth is that of the layer on top', () => {
    const tops = [
      ['cotton', 'cotton'],
      ['polyester', 'polyester'],
      ['polyamide', 'polyamide'],
    ] as const;
    for (const [fibre, fabric] of tops) {
      const wanted = findReads(7, 'multilayer', 40, (cloth, pose) => {
        return isPlain(cloth, pose) && cloth.upper[fibre] === 1;
      });
      const called = wanted.map((seq) => nearest(spectrumOf(7, readOf('multilayer', seq))));
      expect(`${fabric} ${called.filter((name) => name === fabric).length >= 38}`).toBe(`${fabric} true`);
    }
  });

  it('of one read is the same whatever the station did before', () => {
    const sound = spectrumOf(7, readOf('wool', 5));
    spectrumOf(7, readOf('wool', 5, conditioned({ driftNm: 2.5 })));
    expect(spectrumOf(7, readOf('wool', 5))).toEqual(sound);
  });
});
