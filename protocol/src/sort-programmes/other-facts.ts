/** What is known of a piece beside its fibres, chosen so that it lies in a box: input by input, for none hangs on another. */
import { lowestCell, runsOf } from './cell-runs.ts';
import { asWritten } from './decimals.ts';
import {
  isShare,
  knownBits,
  unknownBit,
  type Axis,
  type Box,
  type NumberAxis,
  type PieceSpace,
} from './piece-space.ts';
import { NUMBER_INPUTS, type PieceFacts } from './programme-inputs.ts';

export type OtherFacts = Pick<
  PieceFacts,
  'colour' | 'moisturePercent' | 'disruptors' | 'grade' | 'weightG' | 'category' | 'family'
>;

/** @returns null when some input has no value in the box. */
export function otherFacts({ axes }: PieceSpace, box: Box): OtherFacts | null {
  const facts: Record<string, unknown> = {
    colour: null,
    moisturePercent: null,
    disruptors: null,
    grade: null,
    weightG: null,
    category: null,
    family: null,
  };
  for (const [index, axis] of axes.entries()) {
    const bits = box[index] ?? 0n;
    if (bits === 0n) return null;
    if (isShare(axis) || axis.input === 'reading') continue;
    const value = valueIn(axis, bits);
    if (value === undefined) return null;
    facts[FACT_OF_INPUT[axis.input as keyof typeof FACT_OF_INPUT] ?? axis.input] = value;
  }
  return facts as unknown as OtherFacts;
}

const FACT_OF_INPUT = { moisture: 'moisturePercent', weight: 'weightG' } as const;

/** @returns null: not known, which is also what stands for «whatever it is»; undefined: there is no such value. */
function valueIn(axis: Axis, bits: bigint): number | string | readonly string[] | null | undefined {
  const known = bits & knownBits(axis);
  if (bits === (knownBits(axis) | unknownBit(axis))) return null;
  if (axis.kind === 'number') {
    const number = numberIn(axis, known);
    return number ?? ((bits & unknownBit(axis)) === 0n ? undefined : null);
  }
  if (known === 0n) return null;
  const cell = lowestCell(known);
  if (axis.kind === 'choice') return axis.words[cell];
  return axis.classes.flatMap(([first], index) =>
    ((cell >> index) & 1) === 1 && first !== undefined ? [first] : [],
  );
}

/** What such a number mostly is. */
const USUAL = { moisture: 8, weight: 250 } as const;

function numberIn(axis: NumberAxis, bits: bigint): number | null {
  const { max } = NUMBER_INPUTS[axis.input];
  for (const { lower, upper } of runsOf(axis, bits)) {
    const from = Math.max(0, lower?.at ?? 0);
    const to = upper?.at ?? Infinity;
    if (from >= to || from > max) continue;
    const usual = USUAL[axis.input as keyof typeof USUAL];
    if (usual >= from && usual < to) return usual;
    return from > 0 ? from : asWritten(to / 2);
  }
  return null;
}
