/** The share of one fibre in a blend of two: partial least squares with one component, on fabrics left out. */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { judgeSpectrum } from '../domain/nir/judge-spectrum.ts';
import { readRatio } from '../domain/nir/judge-ratio.ts';
import { NO_RATIO_FIGURES, type RatioFile } from '../domain/nir/model-file.ts';
import { prepare, sealModel, type RatioModel } from '../domain/nir/open-model.ts';
import { written } from './fit-atoms.ts';
import type { TrainingSource } from './fit-unmixing.ts';
import { fibresOf, LABEL_FIBRES } from './labelled-row.ts';
import { GATE, GRID, RATIO_LIMITS, RATIO_LOADINGS, RATIO_PRETREATMENT } from './recipe.ts';
import { draw, type Seeded } from './seeded.ts';
import { sha256 } from './sha256.ts';
import { shapeRows, unreadWords, type ShapedRow } from './shaped-row.ts';
import { groupBy, mean, meanOf, rootMeanSquare, short } from './statistics.ts';

const OF = 'cotton';
const REST = 'polyester';
/** Fewer fabrics cannot be left out and still fitted. */
const LEAST_FABRICS = 4;

/** A read of a fabric that the model did not see. */
export interface RatioTrial {
  readonly fabric: string;
  readonly sample: string;
  readonly truePoints: number;
  readonly saidPoints: number;
  readonly residual: number;
  readonly isRefused: boolean;
}

export interface FittedRatio {
  readonly file: RatioFile;
  readonly trials: readonly RatioTrial[];
  readonly unread: readonly string[];
}

type RatioBase = Omit<RatioFile, 'sha256' | 'mean' | 'coefficients' | 'intercept' | 'loadings' | 'range'>;

export interface RatioLibrary {
  /** Reads of blends of the two fibres, not excluded, that have a shape. */
  readonly rows: readonly ShapedRow[];
  readonly base: RatioBase;
  readonly unread: readonly string[];
}

/** @throws RangeError when there are too few fabrics */
export function fitRatio(source: TrainingSource): FittedRatio {
  const library = ratioLibraryOf(source);
  const fabrics = fabricsOf(library);
  if (fabrics.length < LEAST_FABRICS) {
    throw new RangeError(
      [
        `${fabrics.length} fabrics of ${OF} and ${REST} that could be read: at least ${LEAST_FABRICS} are needed`,
        ...library.unread,
      ].join('\n'),
    );
  }
  const trials = fabrics.flatMap((fabric) => judgeWithout(library, new Set([fabric])));
  const figures = ratioFigures(trials);
  const { file } = ratioModel(library, new Set(), figures.rmseByFabricPoints);
  const { sha256: _none, ...content } = file;
  const swatches = { [`${OF}/${REST}`]: new Set(library.rows.map(({ row }) => row.sample)).size };
  return {
    file: sealModel<RatioFile>(
      { ...content, figures, provenance: { ...content.provenance, swatches } },
      sha256,
    ),
    trials,
    unread: library.unread,
  };
}

export function ratioLibraryOf(source: TrainingSource): RatioLibrary {
  const { id, instrument, provenance, excluded, seed } = source;
  const base: RatioBase = {
    format: 'trame-nir-model',
    version: 1,
    id,
    kind: 'ratio',
    instrument,
    input: { quantity: 'absorbance', grid: { ...GRID } },
    pretreatment: RATIO_PRETREATMENT,
    gate: GATE,
    transfer: null,
    of: LABEL_FIBRES[OF],
    rest: LABEL_FIBRES[REST],
    rmse: 1,
    limits: RATIO_LIMITS,
    provenance: { ...provenance, seed, swatches: {}, excluded: [...excluded], licence: LICENCE },
    figures: NO_RATIO_FIGURES,
  };
  const out = new Set(excluded.map(({ sample }) => sample));
  const all = shapeRows(source.rows, base, source.quantity);
  const rows = all.filter(({ row, shaped }) => {
    const fibres = fibresOf(row.label);
    const isOfTwo = fibres.length === 2 && fibres.includes(OF) && fibres.includes(REST);
    return isOfTwo && shaped !== null && !out.has(row.sample);
  });
  return { rows, base, unread: unreadWords(all, base, source.quantity) };
}

const LICENCE = 'coefficients and figures only; the spectra are not part of this file';

/** Specimens with one measured share are one fabric, whatever the files call them. */
function fabricOf({ row }: ShapedRow): string {
  return String(row.label[OF] ?? 0);
}

export function fabricsOf({ rows }: RatioLibrary): string[] {
  return [...new Set(rows.map(fabricOf))].toSorted((a, b) => Number(a) - Number(b));
}

/** @throws RangeError when what is left gives no model */
export function ratioModel(
  { rows, base }: RatioLibrary,
  withoutFabrics: ReadonlySet<string>,
  rmse: number,
): RatioModel {
  const kept = rows.filter((row) => !withoutFabrics.has(fabricOf(row)));
  const specimens = [...groupBy(kept, ({ row }) => row.sample).values()].map((reads) => ({
    points: mean(reads.map(({ row }) => row.label[OF] ?? 0)),
    shape: meanOf(shapesOf(reads)),
  }));
  const points = specimens.map((specimen) => specimen.points);
  const centre = meanOf(specimens.map(({ shape }) => shape));
  const { coefficients, intercept } = oneComponent(specimens, centre);
  const opened = prepare({
    ...base,
    mean: Array.from(centre, written),
    coefficients: Array.from(coefficients, written),
    intercept: written(intercept),
    range: [Math.min(...points), Math.max(...points)],
    rmse: written(rmse),
    loadings: directionsOf(shapesOf(kept), centre).map((loading) => loading.map(written)),
    sha256: '0'.repeat(64),
  });
  if (opened.kind === 'refused') throw new RangeError(`these fabrics give no model: ${opened.reason}`);
  if (opened.model.kind !== 'ratio') throw new Error('a model of another kind was made');
  return opened.model;
}

function shapesOf(rows: readonly ShapedRow[]): Float64Array[] {
  return rows.flatMap(({ shaped }) => (shaped === null ? [] : [shaped.shape]));
}

/**
 * Partial least squares of one response with one component: the weights are the covariances of the channels with the
 * response, made of length 1, and the coefficients are along them (Wold, Sjöström & Eriksson, 2001).
 */
function oneComponent(
  specimens: readonly { readonly points: number; readonly shape: Float64Array }[],
  centre: Float64Array,
): { readonly coefficients: Float64Array; readonly intercept: number } {
  const intercept = mean(specimens.map(({ points }) => points));
  const X = new Matrix(
    specimens.map(({ shape }) => Array.from(shape, (value, i) => value - (centre[i] ?? 0))),
  );
  const y = Matrix.columnVector(specimens.map(({ points }) => points - intercept));
  const weights = X.transpose().mmul(y);
  weights.div(weights.norm());
  const scores = X.mmul(weights);
  const slope = y.dot(scores) / scores.dot(scores);
  return { coefficients: Float64Array.from(weights.to1DArray(), (weight) => weight * slope), intercept };
}

/** The directions in which the shapes differ most. */
function directionsOf(shapes: readonly Float64Array[], centre: Float64Array): number[][] {
  const rest = new Matrix(shapes.map((shape) => Array.from(shape, (value, i) => value - (centre[i] ?? 0))));
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(rest.transpose().mmul(rest), {
    assumeSymmetric: true,
  });
  const byStrength = realEigenvalues.map((value, i) => ({ value, i })).sort((a, b) => b.value - a.value);
  return byStrength.slice(0, RATIO_LOADINGS).map(({ i }) => eigenvectorMatrix.getColumn(i));
}

export function judgeWithout(library: RatioLibrary, fabrics: ReadonlySet<string>): RatioTrial[] {
  const model = ratioModel(library, fabrics, 1);
  return library.rows
    .filter((row) => fabrics.has(fabricOf(row)))
    .map(({ row, spectrum, shaped }) => {
      const { points, residual } = readRatio(model, shaped?.shape ?? new Float64Array(model.mean.length));
      const { refusal } = judgeSpectrum(model, spectrum);
      return {
        fabric: String(row.label[OF] ?? 0),
        sample: row.sample,
        truePoints: row.label[OF] ?? 0,
        saidPoints: points,
        residual,
        // Left-out fabrics lie outside the range that is left: that refusal is of the trial, not of the model.
        isRefused: refusal !== 'blend' && refusal !== 'out-of-range',
      };
    });
}

export function ratioFigures(trials: readonly RatioTrial[]): RatioFile['figures'] {
  const errors = trials.map(({ saidPoints, truePoints }) => saidPoints - truePoints);
  const byFabric = [...groupBy(trials, ({ fabric }) => fabric).values()].map((reads) =>
    rootMeanSquare(reads.map(({ saidPoints, truePoints }) => saidPoints - truePoints)),
  );
  const rmse = rootMeanSquare(byFabric);
  const within = errors.filter((error) => Math.abs(error) <= 2 * rmse).length;
  return {
    method: 'leave-fabric-out',
    n: trials.length,
    fabrics: byFabric.length,
    rmsePoints: short(rootMeanSquare(errors)),
    rmseByFabricPoints: short(rmse),
    worstPoints: short(Math.max(...errors.map(Math.abs))),
    withinTwoRmsePercent: short((100 * within) / trials.length),
    refused: trials.filter(({ isRefused }) => isRefused).length,
    residualMax: short(Math.max(...trials.map(({ residual }) => residual))),
  };
}

/** Root mean square errors of random splits that leave two fabrics out. */
export function ratioSplits(library: RatioLibrary, count: number, seed: Seeded): number[] {
  const fabrics = fabricsOf(library);
  return Array.from({ length: count }, () => {
    const out = new Set(draw(fabrics, 2, seed));
    return ratioFigures(judgeWithout(library, out)).rmseByFabricPoints;
  });
}
