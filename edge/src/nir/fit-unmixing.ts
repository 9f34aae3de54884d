/** Fits a model of mixtures to swatches, and says how well it does on swatches that it did not see. */
import type { Tally, UnmixingFile } from '../domain/nir/model-file.ts';
import { sealModel } from '../domain/nir/open-model.ts';
import type { Quantity } from '../domain/nir/spectrum.ts';
import { calibrationOf, fitCurve } from './fit-probability.ts';
import { isLearnt, swatchCounts, whyNotLearnt, written } from './fit-atoms.ts';
import type { LabelledRow } from './labelled-row.ts';
import { rowKind } from './labelled-row.ts';
import { doubtfulLabels, leaveSwatchOut, modelWithout, type LeftOut, type Library } from './leave-out.ts';
import { mixFigures, trialsOf, type MixFigures } from './mixes.ts';
import { GATE, GRID, LEAST_SWATCHES, MASS_ERROR, PROBABILITY, UNMIXING_PRETREATMENT } from './recipe.ts';
import { seeded } from './seeded.ts';
import { sha256 } from './sha256.ts';
import { countedWords, shapeRows, unreadWords } from './shaped-row.ts';
import { groupBy, short } from './statistics.ts';
import { tally } from './tally.ts';
import type { UnmixingBase } from './unmixing-model.ts';

export interface TrainingSource {
  readonly id: string;
  readonly instrument: UnmixingFile['instrument'];
  readonly quantity: Quantity;
  readonly rows: readonly LabelledRow[];
  readonly excluded: UnmixingFile['provenance']['excluded'];
  readonly provenance: Pick<UnmixingFile['provenance'], 'trainedAt' | 'program' | 'command' | 'files'>;
  readonly seed: number;
}

export interface FittedUnmixing {
  readonly file: UnmixingFile;
  readonly judged: readonly LeftOut[];
  readonly doubtful: ReturnType<typeof doubtfulLabels>;
  readonly mixes: readonly MixFigures[];
  /** Why no shape could be made of some spectra, a line for each cause. */
  readonly unread: readonly string[];
}

/** Fewer trials settle no curve. */
const LEAST_PURE_TRIALS = 20;
const LICENCE = 'coefficients and figures only; the spectra are not part of this file';

export function libraryOf(source: TrainingSource): Library {
  const base = baseOf(source);
  return {
    rows: shapeRows(source.rows, base, source.quantity),
    excluded: new Set(source.excluded.map(({ sample }) => sample)),
    base,
  };
}

/** @throws RangeError when the swatches give no model */
export function fitUnmixing(source: TrainingSource): FittedUnmixing {
  const library = libraryOf(source);
  try {
    return fitted(library, source);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new RangeError([error.message, ...notLearntWords(library, source)].join('\n'), { cause: error });
  }
}

/** Why rows teach nothing, and what is left. */
function notLearntWords({ rows, excluded, base }: Library, { quantity }: TrainingSource): string[] {
  const swatches = Object.entries(swatchCounts(rows.filter((row) => isLearnt(row, excluded))));
  const learnt = swatches.map(([material, count]) => `${material} ${count}`).join(', ') || 'none';
  return [
    ...unreadWords(rows, base, quantity),
    ...countedWords(rows, (row) => whyNotLearnt(row, excluded)),
    `swatches learnt from: ${learnt}; a fibre is named from ${LEAST_SWATCHES} on`,
  ];
}

function fitted(draft: Library, source: TrainingSource): FittedUnmixing {
  const trials = trialsOf(draft, leaveSwatchOut(draft), seeded(source.seed));
  const enough = trials.filter(({ isPure }) => isPure).length >= LEAST_PURE_TRIALS;
  const hasOthers = trials.some(({ isPure }) => !isPure);
  const probability = enough && hasOthers ? fittedProbability(fitCurve(trials)) : PROBABILITY;
  const library = { ...draft, base: { ...draft.base, probability } };
  const judged = leaveSwatchOut(library);
  const { file } = modelWithout(library, new Set());
  const { sha256: _none, ...content } = file;
  const figures: UnmixingFile['figures'] = {
    method: 'leave-swatch-out',
    withoutExcluded: roundedTally(tally(judged.filter(({ row }) => !library.excluded.has(row.sample)))),
    withExcluded: roundedTally(tally(judged)),
    refusals: refusalsOf(judged),
    calibration: enough && hasOthers ? roundedCalibration(calibrationOf(trials)) : null,
  };
  const learnt = library.rows.filter((row) => isLearnt(row, library.excluded));
  const provenance = { ...content.provenance, swatches: { ...swatchCounts(learnt) } };
  return {
    file: sealModel<UnmixingFile>({ ...content, provenance, figures }, sha256),
    judged,
    doubtful: doubtfulLabels(judged),
    mixes: mixFigures(library, seeded(source.seed)),
    unread: unreadWords(library.rows, library.base, source.quantity),
  };
}

function fittedProbability({
  a,
  b,
}: {
  readonly a: number;
  readonly b: number;
}): UnmixingFile['probability'] {
  return {
    ...PROBABILITY,
    a: written(a),
    b: written(b),
    given:
      'as many pure swatches as others: left-out swatches against mixes of 15 to 50 %, blends, and materials ' +
      'that the model does not know',
  };
}

function baseOf({ id, instrument, excluded, provenance, seed }: TrainingSource): UnmixingBase {
  return {
    format: 'trame-nir-model',
    version: 1,
    id,
    kind: 'unmixing',
    instrument,
    input: { quantity: 'absorbance', grid: { ...GRID } },
    pretreatment: UNMIXING_PRETREATMENT,
    gate: GATE,
    transfer: null,
    probability: PROBABILITY,
    error: MASS_ERROR,
    provenance: { ...provenance, seed, swatches: {}, excluded: [...excluded], licence: LICENCE },
    figures: { method: 'leave-swatch-out', ...EMPTY_FIGURES },
  };
}

const NO_TALLY: Tally = {
  known: { n: 0, refused: 0, right: 0 },
  unknown: { n: 0, refused: 0 },
  blends: { n: 0, calledPure: 0, rmsePoints: null },
};
const EMPTY_FIGURES = { withoutExcluded: NO_TALLY, withExcluded: NO_TALLY, refusals: {}, calibration: null };

function refusalsOf(judged: readonly LeftOut[]): Record<string, number> {
  const refused = judged.filter(({ row, verdict }) => rowKind(row) === 'known' && verdict.refusal !== null);
  const byReason = groupBy(refused, ({ verdict }) => verdict.refusal ?? '');
  return Object.fromEntries([...byReason].map(([reason, rows]) => [reason, rows.length]));
}

function roundedTally(found: Tally): Tally {
  const { rmsePoints } = found.blends;
  return {
    ...found,
    blends: { ...found.blends, rmsePoints: rmsePoints === null ? null : Number(rmsePoints.toFixed(2)) },
  };
}

function shortOrNull(value: number | null): number | null {
  return value === null ? null : short(value);
}

function roundedCalibration({ brier, bins }: ReturnType<typeof calibrationOf>) {
  return {
    brier: short(brier),
    bins: bins.map((bin) => ({ ...bin, said: shortOrNull(bin.said), was: shortOrNull(bin.was) })),
  };
}
