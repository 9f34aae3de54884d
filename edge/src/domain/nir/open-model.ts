/** From the text of a model file to a model that can judge, or words that say why not. */
import { Compile } from 'typebox/compile';
import type { ModelRef } from '@trame/protocol/classification/fibre-verdict';
import { canonicalJson } from '@trame/protocol/canonical-json';
import { RatioFile, UnmixingFile, type ModelFile } from './model-file.ts';
import { modelFault } from './model-fault.ts';
import { leastPivot } from './solve-symmetric.ts';
import type { Standardisation } from './standardise.ts';
import { dot, secondDerivativeTaps, type Pretreatment } from './unit-shape.ts';

interface Opened {
  readonly ref: ModelRef;
  readonly pretreatment: Pretreatment;
}
export interface UnmixingModel extends Opened {
  readonly kind: 'unmixing';
  readonly file: UnmixingFile;
  /** Shapes of the atoms, and their products with one another. */
  readonly shapes: readonly Float64Array[];
  readonly gram: readonly (readonly number[])[];
  /** For each atom, the first one of the same fibre; −1 for what is no fibre. */
  readonly fibreOf: readonly number[];
}
export interface RatioModel extends Opened {
  readonly kind: 'ratio';
  readonly file: RatioFile;
  readonly mean: Float64Array;
  readonly coefficients: Float64Array;
  readonly loadings: readonly Float64Array[];
}
export type NirModel = UnmixingModel | RatioModel;

export type OpenedModel =
  | { readonly kind: 'open'; readonly model: NirModel }
  | { readonly kind: 'refused'; readonly reason: string };

/** SHA-256 of a text in UTF-8, as 64 hexadecimal digits. */
export type Sha256 = (text: string) => string;

/** Ten times the largest model that this program writes. */
export const MAX_MODEL_CHARACTERS = 1_000_000;
/** Least part of a shape that no mixture of the others makes, squared: below, shares would be anything. */
const LEAST_OWN_PART = 1e-4;

const validators = { unmixing: Compile(UnmixingFile), ratio: Compile(RatioFile) };

/** Checks that nobody changed the file, that it says what a model says, and that its limits make sense. */
export function openModel(text: string, sha256: Sha256): OpenedModel {
  if (text.length > MAX_MODEL_CHARACTERS) return refused(`more than ${MAX_MODEL_CHARACTERS} characters long`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refused(`no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refused('no JSON object');
  const { sha256: said, ...content } = value as Record<string, unknown>;
  if (content['format'] !== 'trame-nir-model') return refused('no model: «format» is not trame-nir-model');
  if (content['version'] !== 1) return refused(`version ${String(content['version'])}: this program reads 1`);
  const found = hashOf(content, sha256);
  if (typeof said !== 'string' || found !== said) {
    return refused(`altered: its content has the SHA-256 ${found}, it says ${String(said)}`);
  }
  const validator = content['kind'] === 'ratio' ? validators.ratio : validators.unmixing;
  if (!validator.Check(value)) {
    const [first] = validator.Errors(value);
    return refused(`${first?.instancePath || 'the file'}: ${first?.message ?? 'not as expected'}`);
  }
  return prepare(value);
}

/** The file of a model, with its checksum, as {@link openModel} takes it. */
export function sealModel<T extends ModelFile>(content: Omit<T, 'sha256'>, sha256: Sha256): T {
  return { ...content, sha256: hashOf(content, sha256) } as T;
}

function hashOf(content: object, sha256: Sha256): string {
  return sha256(canonicalJson(content));
}

/** Skips the checksum: for a model that was fitted a moment ago. */
export function prepare(file: ModelFile): OpenedModel {
  const fault = modelFault(file);
  if (fault !== null) return refused(fault);
  const common = { ref: { id: file.id, sha256: file.sha256 }, pretreatment: pretreatmentOf(file) };
  if (file.kind === 'ratio') {
    const model: RatioModel = {
      ...common,
      kind: 'ratio',
      file,
      mean: Float64Array.from(file.mean),
      coefficients: Float64Array.from(file.coefficients),
      loadings: file.loadings.map((loading) => Float64Array.from(loading)),
    };
    return { kind: 'open', model };
  }
  const shapes = file.atoms.map(({ shape }) => Float64Array.from(shape));
  const gram = shapes.map((a) => shapes.map((b) => dot(a, b)));
  if (leastPivot(gram) < LEAST_OWN_PART) return refused('atoms: one of the shapes is made of the others');
  const fibreOf = file.atoms.map(({ fibre }) =>
    fibre === null ? -1 : file.atoms.findIndex((atom) => atom.fibre === fibre),
  );
  return { kind: 'open', model: { ...common, kind: 'unmixing', file, shapes, gram, fibreOf } };
}

/** What of the file is needed before a spectrum has a shape, with the numbers that follow from it. */
export function pretreatmentOf({
  input,
  pretreatment,
  transfer,
}: Pick<ModelFile, 'input' | 'pretreatment' | 'transfer'>): Pretreatment {
  const { grid } = input;
  const [from, to] = pretreatment.channels;
  return {
    grid,
    taps: secondDerivativeTaps(pretreatment.savitzkyGolay.window),
    first: Math.round((from - grid.from) / grid.step),
    last: Math.round((to - grid.from) / grid.step),
    standardisation: standardisationOf(transfer),
  };
}

function standardisationOf(transfer: ModelFile['transfer']): Standardisation | null {
  if (transfer?.kind !== 'pds') return null;
  return { weights: transfer.weights.map((weights) => Float64Array.from(weights)) };
}

function refused(reason: string): OpenedModel {
  return { kind: 'refused', reason };
}
