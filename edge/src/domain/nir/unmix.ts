/** What a shape is made of: shares of the shapes that a model knows, none of them negative. */
import { fitNonNegative } from './fit-non-negative.ts';
import type { Atom } from './model-file.ts';
import type { UnmixingModel } from './open-model.ts';
import { dot } from './unit-shape.ts';

export interface Unmixing {
  /** By atom of the model. */
  readonly coefficients: readonly number[];
  /** Length of what is not explained; a whole shape has 1. */
  readonly residual: number;
  /** Share of the background among background and fibres, 0…1. */
  readonly background: number;
  /** The largest shape of the fibre with the largest share. */
  readonly top: Atom;
  /** The share of that fibre, in all its shapes, among the fibres, 0…1; 0 when there is none. */
  readonly purity: number;
  /** By atom, % of the dry mass; 0 for what is no fibre; all 0 when there is none. */
  readonly massPercent: readonly number[];
}

/** Several shapes of one fibre are one. */
function largestFibre(
  { file: { atoms }, fibreOf }: UnmixingModel,
  coefficients: readonly number[],
): { readonly top: Atom; readonly most: number } {
  const shares = fibreOf.map((first, i) =>
    first === i
      ? fibreOf.reduce((sum, of, j) => (of === i ? sum + (coefficients[j] as number) : sum), 0)
      : -1,
  );
  const most = Math.max(...shares);
  const largest = shares.indexOf(most);
  let top = largest;
  fibreOf.forEach((of, j) => {
    if (of === largest && (coefficients[j] as number) > (coefficients[top] as number)) top = j;
  });
  return { top: atoms[top] as Atom, most };
}

/** @param shape a unit shape, on the channels of the model */
export function unmix(model: UnmixingModel, shape: Float64Array): Unmixing {
  const { shapes, gram } = model;
  const { atoms } = model.file;
  const b = shapes.map((atom) => dot(atom, shape));
  const coefficients = fitNonNegative(gram, b);
  let explained = 0;
  let fibres = 0;
  let background = 0;
  let mass = 0;
  for (let i = 0; i < atoms.length; i += 1) {
    const atom = atoms[i] as Atom;
    const share = coefficients[i] as number;
    explained += share * (b[i] as number);
    if (atom.role === 'background') background += share;
    if (atom.fibre === null) continue;
    fibres += share;
    mass += share / atom.amplitude;
  }
  const { top, most } = largestFibre(model, coefficients);
  const signal = fibres + background;
  return {
    coefficients,
    // At the least squares, ‖y − A·c‖² = 1 − bᵀc for a y of length 1.
    residual: Math.sqrt(Math.max(0, 1 - explained)),
    background: signal > 0 ? background / signal : 0,
    top,
    purity: fibres > 0 ? most / fibres : 0,
    massPercent: atoms.map(({ fibre, amplitude }, i) =>
      fibre === null || mass === 0 ? 0 : (100 * (coefficients[i] as number)) / amplitude / mass,
    ),
  };
}
