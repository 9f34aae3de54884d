import { describe, expect, it, type TestContext } from 'vitest';
import { judgeSpectrum } from '../domain/nir/judge-spectrum.ts';
import type { UnmixingModel } from '../domain/nir/open-model.ts';
import { libraryOf } from './fit-unmixing.ts';
import type { LabelledRow } from './labelled-row.ts';
import { modelWithout } from './leave-out.ts';
import { readSpectraFolder } from './read-spectra-folder.ts';
import { seeded } from './seeded.ts';
import { readModels } from './shipped-models.ts';
import { groupBy, meanOf } from './statistics.ts';
import { tally } from './tally.ts';
import { realSpectraFolder, WHERE_IT_IS_SOUGHT } from './test-real-spectra.ts';

const folder = realSpectraFolder();
const NM = Array.from({ length: 186 }, (_, i) => 940 + 4 * i);

interface Bench {
  /** Each row with a model that never saw its swatch. */
  readonly rows: readonly { readonly row: LabelledRow; readonly model: UnmixingModel }[];
  /** Mean absorbance of what lies behind the cloth. */
  readonly background: Float64Array;
}

function bench(): Bench | null {
  const shipped = readModels([]);
  if (folder === null || shipped.kind === 'refused') return null;
  const { file } = shipped.fallback;
  const rows = readSpectraFolder(folder)
    .flatMap((one) => one.rows)
    .filter(({ dataset }) => file.instrument.dataset.includes(dataset));
  const library = libraryOf({
    ...file,
    quantity: 'absorbance',
    rows,
    excluded: file.provenance.excluded,
    seed: 1,
  });
  const swatches = groupBy(
    rows.filter(({ sample }) => !library.excluded.has(sample)),
    ({ sample }) => sample,
  );
  return {
    rows: [...swatches].flatMap(([sample, reads]) => {
      const model = modelWithout(library, new Set([sample]));
      return reads.map((row) => ({ row, model }));
    }),
    background: meanOf(
      rows.filter(({ className }) => className === 'PVC_background').map(({ values }) => values),
    ),
  };
}

type Disturb = (values: Float64Array, background: Float64Array) => Float64Array;

function band(at: number, width: number, height: number): Disturb {
  return (values) =>
    values.map((value, i) => value + height * Math.exp(-0.5 * (((NM[i] ?? 0) - at) / width) ** 2));
}

function seenThrough(share: number): Disturb {
  return (values, background) =>
    values.map((value, i) => -Math.log10((1 - share) * 10 ** -value + share * 10 ** -(background[i] ?? 0)));
}

function noise(height: number): Disturb {
  const { next } = seeded(31);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return (values) => values.map((value) => value + height * normal());
}

function shifted(nm: number): Disturb {
  return (values) =>
    values.map((value, i) => {
      const way = nm / 4;
      const [before, after] = [values[i - 1] ?? value, values[i + 1] ?? value];
      return value + (way * (after - before)) / 2 + (way * way * (after - 2 * value + before)) / 2;
    });
}

describe(`real spectra that were disturbed (${folder ?? `not here: sought in ${WHERE_IT_IS_SOUGHT}`})`, () => {
  const found = bench();
  const here = ({ skip }: TestContext): Bench => {
    skip(found === null, `no real spectra: ${WHERE_IT_IS_SOUGHT}`);
    if (found === null) throw new Error('a test went on after it was left out');
    return found;
  };

  // Of the known ones, at most so many % are refused; what nobody knows may pass once.
  it.for<readonly [string, number, Disturb]>([
    ['nothing', 4, (values) => values],
    ['tilted', 4, (values) => values.map((value, i) => value + 0.5 * (i / 185 - 0.5))],
    ['half the signal', 4, (values) => values.map((value) => 0.5 * value + 0.3)],
    // Of thin cloth so little is left that it counts as flat.
    [
      'a quarter of the signal, as black cloth gives',
      10,
      (values) => values.map((value) => 0.25 * value + 0.5),
    ],
    ['a third seen through', 6, seenThrough(0.3)],
    ['more than half seen through', 10, seenThrough(0.6)],
    ['moist', 6, (values, none) => band(1150, 20, 0.03)(band(1450, 45, 0.15)(values, none), none)],
    ['wet', 10, (values, none) => band(1150, 20, 0.06)(band(1450, 45, 0.3)(values, none), none)],
    [
      'water of another shape',
      100,
      (values, none) => band(1475, 50, 0.09)(band(1435, 28, 0.09)(values, none), none),
    ],
    ['noise of 0.001', 10, noise(0.001)],
    ['noise of 0.004', 60, noise(0.004)],
    ['2 nm off', 30, shifted(2)],
    ['2 nm off the other way', 30, shifted(-2)],
    ['clipped', 100, (values) => values.map((value) => Math.min(value, 0.25))],
    ['reflectance taken for absorbance', 100, (values) => values.map((value) => 10 ** -value)],
  ])('%s: none is named wrongly, at most %d % are refused', ([, refusedPercent, disturb], context) => {
    const { rows, background } = here(context);
    const judged = rows.map(({ row, model }) => {
      const values = disturb(row.values, background);
      const spectrum = {
        quantity: 'absorbance',
        wavelengthsNm: row.wavelengthsNm,
        values,
        instrument: null,
      } as const;
      return { row, verdict: judgeSpectrum(model, spectrum) };
    });
    const { known, unknown, blends } = tally(judged);
    expect(known.n - known.refused - known.right).toBe(0);
    expect((100 * known.refused) / known.n).toBeLessThanOrEqual(refusedPercent);
    expect(unknown.n - unknown.refused + blends.calledPure).toBeLessThanOrEqual(1);
  });
});
