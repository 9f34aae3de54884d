import { describe, expect, it } from 'vitest';
import { explainSpectrum } from './explain-spectrum.ts';
import { judgeSpectrum } from './judge-spectrum.ts';
import { ratioModel, spectrum, unmixingModel } from './test-spectra.ts';

const model = unmixingModel();

describe('an explanation', () => {
  it('shows the shape, what explains it, and the mean of its class', () => {
    const cloth = spectrum({ of: { cotton: 0.97, polyester: 0.03 }, water: 0.02 });
    const { verdict, gridNm, absorbance, shape } = explainSpectrum(model, cloth);
    expect(verdict).toEqual(judgeSpectrum(model, cloth));
    expect([gridNm[0], gridNm.at(-1), gridNm.length, absorbance.length]).toEqual([940, 1680, 186, 186]);
    expect(absorbance).toEqual(Array.from(cloth.values));
    expect([shape?.channelsNm[0], shape?.channelsNm.at(-1), shape?.classFibre]).toEqual([
      1100,
      1656,
      'cellulosic',
    ]);
    const rest = Math.hypot(...(shape?.shape ?? []).map((value, i) => value - (shape?.fit[i] ?? 0)));
    expect(rest).toBeCloseTo(shape?.residual ?? Number.NaN, 5);
    expect(shape?.classMean).toEqual(model.file.atoms[0]?.shape);
    expect(shape?.shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
    expect(shape?.shares.find(({ id }) => id === 'water')?.share).toBeGreaterThan(0.01);
  });

  it('of a spectrum that could not be read shows the gate and no shape', () => {
    const { verdict, absorbance, shape } = explainSpectrum(model, {
      ...spectrum({ of: { cotton: 1 } }),
      values: [1],
    });
    expect([verdict.refusal, absorbance, shape]).toEqual(['wrong-length', [], null]);
  });

  it('shows where the source does not reach', () => {
    const { absorbance } = explainSpectrum(
      model,
      spectrum({ of: { cotton: 1 } }, { from: 1076, step: 4, count: 152 }),
    );
    expect(absorbance.slice(0, 34).every((value) => value === null)).toBe(true);
    expect(absorbance[34]).toBeTypeOf('number');
  });

  it('of a ratio shows the mean of the blends', () => {
    const ratio = ratioModel();
    const { shape } = explainSpectrum(ratio, spectrum({ of: { cotton: 0.4, polyester: 0.6 } }));
    expect(shape).toMatchObject({ classFibre: null, shares: [], classMean: [...ratio.mean] });
    expect(shape?.residual).toBeLessThan(0.01);
  });
});
