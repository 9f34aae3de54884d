import fc from 'fast-check';
import { Compile } from 'typebox/compile';
import { describe, expect, it } from 'vitest';
import { FibreVerdict } from '@trame/protocol/classification/fibre-verdict';
import { judgeReads, judgeSpectrum } from './judge-spectrum.ts';
import { GRID, ratioModel, spectrum, unmixingModel, type Cloth } from './test-spectra.ts';
import { QUANTITIES, type Spectrum } from './spectrum.ts';

const model = unmixingModel();
const validator = Compile(FibreVerdict);
const NAMED = { cotton: 'cellulosic', polyester: 'polyester', nylon: 'polyamide' } as const;
const named = fc.constantFrom('cotton', 'polyester', 'nylon');
const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });
/** How cloth lies and how thick it is. */
const scatter = fc.record({
  gain: between(0.5, 2),
  offset: between(-0.1, 0.3),
  slope: between(-0.3, 0.3),
  noise: fc.array(between(-2e-4, 2e-4), { minLength: GRID.count, maxLength: GRID.count }),
});
const refusalOf = (of: Cloth['of'], more: Omit<Cloth, 'of'> = {}) =>
  judgeSpectrum(model, spectrum({ of, ...more })).refusal;
const changed = (change: (values: number[]) => void): Spectrum => {
  const whole = spectrum({ of: { cotton: 1 } });
  const values = Array.from(whole.values);
  change(values);
  return { ...whole, values };
};

describe('cloth of one fibre', () => {
  it('is named, however thick it is and however it lies', () => {
    fc.assert(
      fc.property(named, scatter, (of, lies) => {
        const verdict = judgeSpectrum(model, spectrum({ of: { [of]: 1 }, ...lies }));
        expect([verdict.fibre, verdict.refusal]).toEqual([NAMED[of], null]);
        expect(verdict.composition[0]?.percent).toBeGreaterThan(90);
        expect(verdict.probability).toBeGreaterThan(0.9);
        expect(verdict.gates.every(({ passed }) => passed)).toBe(true);
      }),
    );
  });

  it('is named when it is moist', () => {
    fc.assert(
      fc.property(named, between(0, 0.3), (of, water) => {
        expect(judgeSpectrum(model, spectrum({ of: { [of]: 1 }, water })).fibre).toBe(NAMED[of]);
      }),
    );
  });

  it('is named when some of the belt shows through, and refused when most of the signal is the belt', () => {
    const thin = judgeSpectrum(model, spectrum({ of: { nylon: 0.8, belt: 0.2 } }));
    expect(thin.fibre).toBe('polyamide');
    expect(thin.background).toBeGreaterThan(0.05);
    const gauze = judgeSpectrum(model, spectrum({ of: { nylon: 0.1, belt: 0.9 } }));
    expect(gauze).toMatchObject({ refusal: 'background', fibre: null, composition: [], probability: null });
    expect(gauze.background).toBeGreaterThan(0.6);
    expect(refusalOf({ belt: 1 })).toBe('background');
    expect(refusalOf({ cotton: 1 }, { offset: 1 })).toBe('background');
  });
});

describe('what may not be named', () => {
  it('of two fibres is a blend, and says how much of each', () => {
    fc.assert(
      fc.property(between(0.3, 0.7), scatter, (cotton, lies) => {
        const verdict = judgeSpectrum(model, spectrum({ of: { cotton, polyester: 1 - cotton }, ...lies }));
        expect([verdict.fibre, verdict.refusal]).toEqual([null, 'blend']);
        const said = verdict.composition.find(({ fibre }) => fibre === 'cellulosic')?.percent ?? 0;
        expect(Math.abs(said - 100 * cotton)).toBeLessThan(5);
        expect(verdict.errorPoints).toBeGreaterThan(8);
        expect(verdict.composition.reduce((sum, { percent }) => sum + percent, 0)).toBeCloseTo(100, 9);
      }),
    );
  });

  it('is cotton with a tenth of polyester: the guard sees what purity lets pass', () => {
    const { refusal, gates, errorPoints } = judgeSpectrum(
      model,
      spectrum({ of: { cotton: 0.9, polyester: 0.1 } }),
    );
    expect(refusal).toBe('blend');
    const guard = gates.at(-1);
    expect(guard?.limit).toBe(5);
    expect(guard?.measured).toBeCloseTo(10, 0);
    expect(errorPoints).toBeCloseTo(5, 0);
    expect(refusalOf({ cotton: 0.97, polyester: 0.03 })).toBeNull();
  });

  it('is a fibre that is known and not sorted, and one that is not known', () => {
    expect(judgeSpectrum(model, spectrum({ of: { wool: 1 } }))).toMatchObject({
      refusal: 'other-fibre',
      fibre: null,
      composition: [],
    });
    const stranger = judgeSpectrum(model, spectrum({ of: { polypropylene: 1 } }));
    expect(stranger.refusal).toBe('distance');
    expect(stranger.gates.at(-1)?.measured).toBeGreaterThan(0.4);
  });

  it('is noise: of a hundred spectra of nothing else none is named', () => {
    fc.assert(
      fc.property(fc.array(between(0, 1), { minLength: GRID.count, maxLength: GRID.count }), (values) => {
        expect(judgeSpectrum(model, { ...spectrum({ of: {} }), values }).fibre).toBeNull();
      }),
    );
  });
});

describe('two shapes of one fibre', () => {
  /** As if nylon were another cellulosic fibre. */
  const both = unmixingModel((file) => ({
    ...file,
    atoms: file.atoms.map((atom) => (atom.id === 'nylon' ? { ...atom, fibre: 'cellulosic' } : atom)),
  }));

  it('are one: a blend of them is named, and adds up', () => {
    const cloth = spectrum({ of: { cotton: 0.5, nylon: 0.5 } });
    expect(judgeSpectrum(model, cloth).refusal).toBe('blend');
    expect(judgeSpectrum(both, cloth)).toMatchObject({ fibre: 'cellulosic', refusal: null });
    const [only, ...none] = judgeSpectrum(both, cloth).composition;
    expect([only?.fibre, none.length]).toEqual(['cellulosic', 0]);
    expect(only?.percent).toBeCloseTo(100, 6);
    expect(judgeSpectrum(both, spectrum({ of: { cotton: 0.3, nylon: 0.2, polyester: 0.5 } })).refusal).toBe(
      'blend',
    );
  });
});

describe('bad input is refused with its reason', () => {
  it.each([
    ['not-a-number', changed((values) => (values[7] = Number.NaN))],
    ['not-a-number', changed((values) => (values[7] = Infinity))],
    ['wrong-length', changed((values) => values.pop())],
    ['wrong-length', { ...spectrum({ of: { cotton: 1 } }), values: [], wavelengthsNm: [] }],
    ['wrong-length', spectrum({ of: { cotton: 1 } }, { from: 900, step: 0.05, count: 16_000 })],
    ['wrong-grid', spectrum({ of: { cotton: 1 } }, { from: 1100, step: 4, count: 150 })],
    ['wrong-grid', spectrum({ of: { cotton: 1 } }, { from: 940, step: 4, count: 180 })],
    ['wrong-grid', spectrum({ of: { cotton: 1 } }, { from: 900, step: 10, count: 90 })],
    ['wrong-grid', spectrum({ of: { cotton: 1 } }, { from: 1700, step: -4, count: 190 })],
    [
      'wrong-grid',
      { ...spectrum({ of: { cotton: 1 } }), wavelengthsNm: { from: Number.NaN, step: 4, count: 186 } },
    ],
    ['wrong-quantity', changed((values) => values.forEach((value, i) => (values[i] = 100 * 10 ** -value)))],
    ['wrong-quantity', { ...spectrum({ of: { cotton: 1 }, offset: 1.6 }), quantity: 'reflectance' as const }],
    ['wrong-quantity', { ...spectrum({ of: { cotton: 1 } }), quantity: 'percent-reflectance' as const }],
    ['flat', changed((values) => values.fill(0.4))],
    ['flat', changed((values) => values.fill(0))],
    ['saturated', changed((values) => values.forEach((value, i) => (values[i] = Math.min(value, 0.33))))],
    ['wrong-instrument', { ...spectrum({ of: { cotton: 1 } }), instrument: 'Another' }],
  ] as const)('%s', (refusal, bad) => {
    const verdict = judgeSpectrum(model, bad);
    expect(verdict).toMatchObject({
      refusal,
      fibre: null,
      composition: [],
      probability: null,
      model: model.ref,
    });
    expect(verdict.gates.at(-1)).toMatchObject({ gate: refusal, passed: false });
    expect(verdict.gates.slice(0, -1).every(({ passed }) => passed)).toBe(true);
  });

  it('a tilted line, which has no shape, is like nothing', () => {
    expect(judgeSpectrum(model, spectrum({ of: {}, slope: 0.5 })).refusal).toBe('distance');
  });

  it('without a model every piece goes to a person', () => {
    expect(judgeSpectrum(null, spectrum({ of: { cotton: 1 } }))).toMatchObject({
      refusal: 'no-model',
      fibre: null,
      model: null,
    });
  });

  it('and nothing that an instrument could send throws, or gives a verdict of another form', () => {
    const odd = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Infinity, 0, 1e300, -1e300));
    const grids = fc.oneof(
      fc.constant(GRID),
      fc.record({ from: odd, step: odd, count: fc.integer({ min: 0, max: 300 }) }),
      fc.array(odd, { maxLength: 200 }),
    );
    const models = fc.constantFrom(model, ratioModel(), null);
    const values = fc.oneof(
      fc.array(odd, { maxLength: 200 }),
      fc.array(odd, { minLength: GRID.count, maxLength: GRID.count }),
    );
    fc.assert(
      fc.property(
        models,
        grids,
        values,
        fc.constantFrom(...QUANTITIES),
        (any, wavelengthsNm, values, quantity) => {
          const verdict = judgeSpectrum(any, { quantity, wavelengthsNm, values, instrument: null });
          expect(validator.Check(verdict)).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('the same cloth, read otherwise', () => {
  const cloths: Cloth[] = [
    { of: { cotton: 1 } },
    { of: { polyester: 1 }, slope: 0.2 },
    { of: { nylon: 1 }, water: 0.05 },
    { of: { cotton: 0.5, polyester: 0.5 } },
  ];
  const finer = Array.from({ length: 500 }, (_, i) => 900 + 1.5 * i + 0.0005 * i * i);
  it.each([
    { from: 900, step: 2, count: 401 },
    { from: 1000, step: 1, count: 701 },
    { from: 940, step: 3.5, count: 213 },
    { from: 910, step: 5.7, count: 137 },
    { from: 1076, step: 4, count: 152 },
    finer,
  ])('on another grid it is the same: %j', (grid) => {
    for (const cloth of cloths) {
      const [own, other] = [
        judgeSpectrum(model, spectrum(cloth)),
        judgeSpectrum(model, spectrum(cloth, grid)),
      ];
      expect([other.fibre, other.refusal]).toEqual([own.fibre, own.refusal]);
      for (const { fibre, percent } of own.composition) {
        const there = other.composition.find((share) => share.fibre === fibre)?.percent ?? 0;
        expect(Math.abs(there - percent)).toBeLessThan(2);
      }
    }
  });

  it('as reflectance it is the same', () => {
    for (const cloth of cloths) {
      const absorbance = spectrum(cloth);
      const own = judgeSpectrum(model, absorbance);
      for (const [quantity, whole] of [
        ['reflectance', 1],
        ['percent-reflectance', 100],
      ] as const) {
        const values = Array.from(absorbance.values, (value) => whole * 10 ** -value);
        const other = judgeSpectrum(model, { ...absorbance, quantity, values });
        expect([other.fibre, other.refusal]).toEqual([own.fibre, own.refusal]);
      }
    }
  });

  it('several reads are judged once, and a read of nothing does not count', () => {
    const reads = [0.9, 1.2].map((gain) => spectrum({ of: { cotton: 1 }, gain }));
    const blank = spectrum({ of: {}, offset: 2 });
    expect(judgeReads(model, [blank, ...reads]).fibre).toBe('cellulosic');
    expect(judgeReads(model, [blank, blank]).refusal).toBe('background');
    const [cotton = blank] = reads;
    expect(judgeReads(model, [cotton, spectrum({ of: { polyester: 1 } })]).refusal).toBe('blend');
    expect(judgeReads(null, reads).refusal).toBe('no-model');
  });
});

function blend(cotton: number): Spectrum {
  return spectrum({ of: { cotton: cotton / 100, polyester: 1 - cotton / 100 } });
}

describe('a model of a ratio', () => {
  const ratio = ratioModel();

  it('reads the share of cotton within its range, and never says pure', () => {
    for (const cotton of [30, 36, 43, 50]) {
      const verdict = judgeSpectrum(ratio, blend(cotton));
      expect(verdict).toMatchObject({ fibre: null, refusal: 'blend', errorPoints: 3, probability: null });
      const said = verdict.composition.find(({ fibre }) => fibre === 'cellulosic')?.percent ?? 0;
      expect(Math.abs(said - cotton)).toBeLessThan(2);
    }
  });

  it('says nothing beyond two errors outside of its range', () => {
    expect(judgeSpectrum(ratio, blend(52)).refusal).toBe('blend');
    const { refusal, composition, gates } = judgeSpectrum(ratio, blend(60));
    expect([refusal, composition]).toEqual(['out-of-range', []]);
    expect(gates.at(-1)).toMatchObject({ limit: 56 });
    expect(judgeSpectrum(ratio, blend(10)).gates.at(-1)).toMatchObject({ gate: 'out-of-range', limit: 24 });
  });

  it('refuses what is no such blend, by distance', () => {
    expect(judgeSpectrum(ratio, spectrum({ of: { nylon: 1 } })).refusal).toBe('distance');
    expect(judgeSpectrum(ratio, spectrum({ of: { cotton: 0.4, polyester: 0.6 }, water: 0.1 })).refusal).toBe(
      'distance',
    );
  });
});
