import { describe, expect, it } from 'vitest';
import { judgeSpectrum } from '../domain/nir/judge-spectrum.ts';
import { openModel, type NirModel } from '../domain/nir/open-model.ts';
import type { ModelFile } from '../domain/nir/model-file.ts';
import { wavelengthsOf } from '../domain/nir/spectrum.ts';
import { fitRatio, ratioLibraryOf, ratioSplits } from './fit-ratio.ts';
import { fitTransfer } from './fit-transfer.ts';
import { fitUnmixing, libraryOf, type TrainingSource } from './fit-unmixing.ts';
import { leaveSwatchOut, randomSplits } from './leave-out.ts';
import { GRID } from './recipe.ts';
import { parseSpectra } from './parse-spectra.ts';
import { seeded } from './seeded.ts';
import { sha256 } from './sha256.ts';
import { spectrumOf } from './shaped-row.ts';
import { tally } from './tally.ts';
import { csvOf, HEADER, PURE, RATIO } from './test-swatches.ts';

const PROVENANCE = { trainedAt: '2026-01-01T00:00:00Z', program: 'test', command: 'none', files: [] };
const instrument = { maker: 'none', type: 'Test', serial: null, dataset: ['S'] };

function source(csv: string, change: Partial<TrainingSource> = {}): TrainingSource {
  return {
    id: 'synthetic',
    instrument,
    quantity: 'absorbance',
    rows: parseSpectra(csv, 'synthetic.csv'),
    excluded: [],
    provenance: PROVENANCE,
    seed: 3,
    ...change,
  };
}

const GRID_NM = wavelengthsOf(GRID);

function catching(fit: () => unknown): string {
  try {
    fit();
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
  throw new Error('a model was fitted');
}

function opened(file: ModelFile): NirModel {
  const result = openModel(JSON.stringify(file), sha256);
  if (result.kind === 'refused') throw new Error(result.reason);
  return result.model;
}

describe('a model of mixtures', () => {
  const own = source(csvOf(PURE));
  const fitted = fitUnmixing(own);

  it('is fitted to swatches, opens, and names others of the same fibres', () => {
    const model = opened(fitted.file);
    const others = parseSpectra(csvOf(PURE, { seed: 99 }), 'others.csv');
    const judged = others.map((row) => ({
      row,
      verdict: judgeSpectrum(model, spectrumOf(row, 'absorbance')),
    }));
    const { known, unknown, blends } = tally(judged);
    expect(known).toEqual({ n: 52, refused: 0, right: 52 });
    expect([unknown.refused, unknown.n]).toEqual([8, 8]);
    expect([blends.calledPure, blends.n]).toEqual([0, 8]);
    expect(blends.rmsePoints).toBeLessThan(6);
  });

  it.each([
    [
      'percentages called absorbance',
      (v: number) => 100 * 10 ** -v,
      GRID_NM,
      'values that absorbance cannot have',
    ],
    ['no numbers', () => Number.NaN, GRID_NM, 'a value that is missing or no number'],
    ['nothing seen', () => 0.5, GRID_NM, 'flat'],
    ['wavelengths in µm', (v: number) => v, GRID_NM.map((nm) => nm / 1000), 'the wavelengths do not cover'],
  ])('says of swatches that give none why, with how many and where: %s', (_what, value, nm, words) => {
    const [, ...lines] = csvOf(PURE).trimEnd().split('\n');
    const changed = lines.map((line) => {
      const cells = line.split(',');
      return [...cells.slice(0, 10), ...cells.slice(10).map((cell) => value(Number(cell)))].join(',');
    });
    const spoilt = source([`${HEADER},${nm.join(',')}`, ...changed].join('\n'));
    const told = catching(() => fitUnmixing(spoilt));
    expect(told).toContain('these swatches give no model');
    expect(told).toContain(`${changed.length} spectra: ${words}`);
    expect(told).toContain('synthetic.csv:2');
  });

  it('says which rows teach no fibre, and how many swatches of each there are', () => {
    const told = catching(() => fitUnmixing(source(csvOf(RATIO.concat(PURE.slice(0, 1))))));
    expect(told).toContain('48 spectra: a blend, of which no fibre is learnt, e.g. synthetic.csv:2');
    expect(told).toContain('swatches learnt from: cotton 1; a fibre is named from 2 on');
  });

  it('says how it does on swatches that it did not see, and from what it was made', () => {
    const { figures, provenance, atoms } = fitted.file;
    expect(figures.withoutExcluded.known).toEqual({ n: 52, refused: 0, right: 52 });
    expect(figures.calibration?.brier).toBeLessThan(0.05);
    expect(provenance.swatches).toEqual({ cotton: 3, polyester: 7, nylon: 3, wool: 1, background: 1 });
    expect(Object.fromEntries(atoms.map(({ id, role }) => [id, role]))).toMatchObject({
      cotton: 'fibre',
      wool: 'other',
      background: 'background',
      'water-1450': 'water',
    });
    expect(fitted.mixes[0]?.passedPercent).toBe(100);
    expect(fitted.mixes.at(-1)?.passedPercent).toBe(0);
  });

  it('is the same from the same seed, to the last digit', () => {
    expect(fitUnmixing(own).file).toEqual(fitted.file);
    expect(JSON.stringify(fitUnmixing({ ...own, seed: 4 }).file.probability)).not.toBe(
      JSON.stringify(fitted.file.probability),
    );
  });

  it('tells a swatch whose label is wrong, and judges it when it is left out', () => {
    const mislabelled = {
      dataset: 'S',
      sample: 'Wrong',
      className: 'Cotton',
      label: { cotton: 100 },
      of: { nylon: 1 },
    };
    const with1 = csvOf([...PURE, mislabelled]);
    expect(fitUnmixing(source(with1)).doubtful.map(({ sample }) => sample)).toContain('Wrong');
    const excluded = [{ sample: 'Wrong', reason: 'reads as nylon' }];
    const { file } = fitUnmixing(source(with1, { excluded }));
    expect(file.provenance.excluded).toEqual(excluded);
    expect(file.figures.withoutExcluded.known).toMatchObject({ n: 52, right: 52 });
    expect(file.figures.withExcluded.known).toMatchObject({ n: 56, right: 52 });
    expect(file.atoms[0]?.shape).toEqual(fitted.file.atoms[0]?.shape);
  });

  it('never names a fibre of which there is one swatch', () => {
    const few = PURE.filter(({ sample }) => !/^Nylon-[23]$/u.test(sample));
    const { atoms, limits } = fitUnmixing(source(csvOf(few))).file;
    expect(atoms.find(({ id }) => id === 'nylon')?.role).toBe('other');
    expect(Object.keys(limits.purity).sort()).toEqual(['cotton', 'polyester']);
  });

  it('is none without two swatches of anything', () => {
    const one = PURE.filter(({ sample }) => sample.endsWith('-1'));
    expect(() => fitUnmixing(source(csvOf(one)))).toThrow('none may be named');
  });

  it('leaves reads of one swatch on one side of every split', () => {
    const library = libraryOf(own);
    for (const { row, model } of leaveSwatchOut(library)) {
      // Without its only swatch a material is not known at all.
      const ids = model.file.atoms.map(({ id }) => id);
      expect(ids.includes('wool')).toBe(!row.sample.startsWith('Wool'));
    }
    const splits = randomSplits(library, 5, seeded(1));
    expect(splits).toEqual(randomSplits(library, 5, seeded(1)));
    // A third of 3, 7 and 3 swatches, four reads each.
    expect(splits.map(({ n }) => n)).toEqual([16, 16, 16, 16, 16]);
  });
});

describe('a model of a ratio', () => {
  const own = source(csvOf(RATIO), { instrument: { ...instrument, dataset: ['R'] } });

  it('reads fabrics that it did not see', () => {
    const { file } = fitRatio(own);
    expect(file.figures).toMatchObject({ n: 48, fabrics: 6, refused: 0 });
    expect(file.figures.rmseByFabricPoints).toBeLessThan(3);
    expect(file.range).toEqual([28, 50]);
    const model = opened(file);
    const [row] = parseSpectra(csvOf(RATIO.slice(4, 5), { seed: 7 }), 'x.csv');
    const verdict = row === undefined ? null : judgeSpectrum(model, spectrumOf(row, 'absorbance'));
    expect(verdict).toMatchObject({ refusal: 'blend', fibre: null });
    expect(
      Math.abs((verdict?.composition.find(({ fibre }) => fibre === 'cellulosic')?.percent ?? 0) - 37),
    ).toBeLessThan(4);
  });

  it('needs fabrics to leave out', () => {
    expect(() => fitRatio(source(csvOf(RATIO.slice(0, 4))))).toThrow('at least 4 are needed');
    expect(ratioSplits(ratioLibraryOf(own), 3, seeded(1))).toEqual(
      ratioSplits(ratioLibraryOf(own), 3, seeded(1)),
    );
  });
});

/** Four nanometres off, blurred, louder. */
function warp(_value: number, i: number, all: Float64Array): number {
  const at = (index: number) => all[Math.min(index, all.length - 1)] ?? 0;
  return 0.05 + 1.15 * (0.2 * at(i) + 0.6 * at(i + 1) + 0.2 * at(i + 2));
}

function slaveCsv(seed: number, specs = PURE): string {
  return csvOf(
    specs.map((spec) => ({ ...spec, dataset: 'B' })),
    { seed, warp },
  );
}

describe('a model brought to another instrument', () => {
  const { file } = fitUnmixing(source(csvOf(PURE)));
  const model = opened(file);
  const shared = PURE.filter(({ sample }) => /^(?:Cotton|Polyester|Nylon)-[12]$/u.test(sample));
  const rows = [
    ...parseSpectra(csvOf(shared), 'master.csv'),
    ...parseSpectra(slaveCsv(5, shared), 'slave.csv'),
  ];
  const toB = {
    model,
    id: 'b',
    instrument: { ...instrument, dataset: ['B'] },
    quantity: 'absorbance' as const,
    rows,
    provenance: PROVENANCE,
  };

  it('recognises there what it did not, by a few swatches measured on both', () => {
    const fitted = fitTransfer({ ...toB, by: 'pds', verify: 'Polyester-2' });
    if (fitted.kind !== 'fitted') throw new Error('not verified');
    expect(fitted.swatches).not.toContain('Polyester-2');
    expect(fitted.file.transfer).toMatchObject({
      kind: 'pds',
      from: file.sha256,
      verified: { sample: 'Polyester-2', n: 4, right: 4 },
    });
    const unseen = parseSpectra(slaveCsv(77), 'unseen.csv');
    const shareRight = (by: NirModel) => {
      const judged = unseen.map((row) => ({
        row,
        verdict: judgeSpectrum(by, spectrumOf(row, 'absorbance')),
      }));
      return tally(judged).known.right / tally(judged).known.n;
    };
    expect(shareRight(opened(fitted.file))).toBeGreaterThan(0.95);
    expect(shareRight(opened(fitted.file))).toBeGreaterThanOrEqual(shareRight(model));
  });

  it('is not written when the swatch that was left out is not recognised', () => {
    const wrong = rows.map((row) =>
      row.dataset === 'B' && row.sample === 'Polyester-2'
        ? { ...row, values: row.values.map((value, i) => value + 0.2 * Math.sin(i / 3)) }
        : row,
    );
    expect(fitTransfer({ ...toB, rows: wrong, by: 'pds', verify: 'Polyester-2' })).toEqual({
      kind: 'not-verified',
      sample: 'Polyester-2',
      n: 4,
      right: 0,
    });
  });

  it('needs swatches measured on both', () => {
    expect(() => fitTransfer({ ...toB, rows: rows.slice(0, 4), by: 'pds', verify: null })).toThrow(
      '0 swatches',
    );
    expect(() => fitTransfer({ ...toB, by: 'pds', verify: 'Silk' })).toThrow('at least one to fit');
  });

  it('by offset and slope takes the signal back to its scale', () => {
    const louder = csvOf(
      shared.map((spec) => ({ ...spec, dataset: 'B' })),
      { warp: (value) => 0.05 + 1.15 * value },
    );
    const both = [...parseSpectra(csvOf(shared), 'master.csv'), ...parseSpectra(louder, 'louder.csv')];
    const fitted = fitTransfer({ ...toB, rows: both, by: 'offset-slope', verify: null });
    const transfer = fitted.kind === 'fitted' ? fitted.file.transfer : null;
    expect(transfer).toMatchObject({ kind: 'offset-slope', verified: { n: 4, right: 4 } });
    const { slope, offset } = transfer?.kind === 'offset-slope' ? transfer : { slope: 0, offset: 0 };
    expect(slope).toBeCloseTo(1 / 1.15, 3);
    expect(offset).toBeCloseTo(-0.05 / 1.15, 3);
  });
});
