/** Judges labelled spectra with models, and, when asked, how such models do on swatches that they did not see. */
import { judgeSpectrum } from '../domain/nir/judge-spectrum.ts';
import type { Tally } from '../domain/nir/model-file.ts';
import type { NirModel } from '../domain/nir/open-model.ts';
import type { Quantity } from '../domain/nir/spectrum.ts';
import { fitRatio, ratioFigures, ratioLibraryOf, ratioSplits, type RatioTrial } from './fit-ratio.ts';
import { libraryOf, type TrainingSource } from './fit-unmixing.ts';
import { leaveSwatchOut, randomSplits, type Split } from './leave-out.ts';
import { mixFigures, type MixFigures } from './mixes.ts';
import type { SpectraFile } from './read-spectra-folder.ts';
import { seeded } from './seeded.ts';
import { spectrumOf } from './shaped-row.ts';
import { modelFor, type ModelSet } from './shipped-models.ts';
import { groupBy } from './statistics.ts';
import { tally, type JudgedRow } from './tally.ts';

export interface EvaluatedRow extends JudgedRow {
  readonly model: NirModel;
}

export interface Evaluation {
  readonly files: readonly SpectraFile[];
  readonly judged: readonly EvaluatedRow[];
  readonly tally: Tally;
  readonly models: readonly NirModel[];
  /** Files that one of the models was fitted to: their figures say less. */
  readonly learntFrom: readonly string[];
}

export function evaluate(
  files: readonly SpectraFile[],
  models: Extract<ModelSet, { kind: 'models' }>,
  quantity: Quantity,
): Evaluation {
  const judged = files.flatMap(({ rows }) =>
    rows.map((row) => {
      const model = modelFor(models, row.dataset);
      return { row, model, verdict: judgeSpectrum(model, spectrumOf(row, quantity)) };
    }),
  );
  const used = [...new Set(judged.map(({ model }) => model))];
  const learnt = new Set(used.flatMap(({ file }) => file.provenance.files.map(({ sha256 }) => sha256)));
  return {
    files,
    judged,
    tally: tally(judged),
    models: used,
    learntFrom: files.filter(({ sha256 }) => learnt.has(sha256)).map(({ name }) => name),
  };
}

/** How a model of the same recipe does when it is fitted again without the swatches that it judges. */
export type Refitted =
  | {
      readonly kind: 'unmixing';
      readonly model: NirModel;
      readonly withoutExcluded: Tally;
      readonly withExcluded: Tally;
      readonly splits: readonly Split[];
      readonly mixes: readonly MixFigures[];
    }
  | {
      readonly kind: 'ratio';
      readonly model: NirModel;
      readonly figures: ReturnType<typeof ratioFigures>;
      readonly trials: readonly RatioTrial[];
      readonly splitRmse: readonly number[];
    }
  | { readonly kind: 'not-possible'; readonly model: NirModel; readonly reason: string };

/** @param count splits for each model */
export function refit(
  { judged, files }: Evaluation,
  { count, seed, quantity }: { readonly count: number; readonly seed: number; readonly quantity: Quantity },
): Refitted[] {
  return [...groupBy(judged, ({ model }) => model.ref.sha256).values()].map((rows): Refitted => {
    const [first] = rows;
    if (first === undefined) throw new Error('a group of nothing');
    const { model } = first;
    const own = rows.filter(({ row }) => model.file.instrument.dataset.includes(row.dataset));
    const source = sourceOf(model, own, { files, seed, quantity });
    try {
      return model.kind === 'ratio' ? refitRatio(model, source, count) : refitUnmixing(model, source, count);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return { kind: 'not-possible', model, reason: error.message };
    }
  });
}

function refitUnmixing(model: NirModel, source: TrainingSource, count: number): Refitted {
  const library = libraryOf(source);
  const judged = leaveSwatchOut(library);
  return {
    kind: 'unmixing',
    model,
    withoutExcluded: tally(judged.filter(({ row }) => !library.excluded.has(row.sample))),
    withExcluded: tally(judged),
    splits: randomSplits(library, count, seeded(source.seed)),
    mixes: mixFigures(library, seeded(source.seed)),
  };
}

function refitRatio(model: NirModel, source: TrainingSource, count: number): Refitted {
  const { trials } = fitRatio(source);
  return {
    kind: 'ratio',
    model,
    figures: ratioFigures(trials),
    trials,
    splitRmse: ratioSplits(ratioLibraryOf(source), count, seeded(source.seed)),
  };
}

/** As the model was trained, but on these rows. */
function sourceOf(
  { file }: NirModel,
  own: readonly EvaluatedRow[],
  { files, seed, quantity }: { readonly files: readonly SpectraFile[]; seed: number; quantity: Quantity },
): TrainingSource {
  return {
    id: file.id,
    instrument: file.instrument,
    quantity,
    rows: own.map(({ row }) => row),
    excluded: file.provenance.excluded,
    provenance: {
      ...file.provenance,
      files: files.map(({ name, sha256, rows }) => ({ name, sha256, rows: rows.length })),
    },
    seed,
  };
}
