/**
 * Up to where the weighings of a scale are recorded. It lies in the ledger beside the events that brought it there,
 * so after a crash it says exactly what was recorded; what the scale did meanwhile is found by difference.
 */
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import type { ScaleConfig } from './line-config.ts';

const Whole = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const OrNull = (schema: typeof Whole) => Type.Union([schema, Type.Null()]);
const AnyGrams = Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER });

/** How its numbers were read: compared, not understood. */
const Reads = Type.Object({
  number: Type.String(),
  grams: Type.String(),
  total: Type.Union([Type.String(), Type.Null()]),
});

const AlibiMark = Type.Object({
  by: Type.Literal('alibi'),
  reads: Reads,
  /** Highest number that was seen: it never falls. */
  number: Whole,
  /** Weight under it; null: it was only named as missed. */
  netGrams: Type.Union([AnyGrams, Type.Null()]),
  /** The scale's total up to there; null: it keeps none, or it could not be read yet. */
  totalGrams: OrNull(Whole),
  /** Where it began. Each number from there to the highest one was recorded, refused, or named as missed. */
  firstNumber: Whole,
  /** Weights under lower numbers were read otherwise, and cannot be compared. */
  comparableFrom: Whole,
  /** First of the numbers that were missed since the total was last read; null: none. */
  unsummedFrom: OrNull(Whole),
});
export type AlibiMark = Static<typeof AlibiMark>;

const TotaliserMark = Type.Object({
  by: Type.Literal('totaliser'),
  reads: Reads,
  number: Whole,
  totalGrams: Whole,
  /** Where it stood before both began anew, until it grows again from there: the fall may have been a false reading. */
  before: Type.Union([Type.Object({ number: Whole, totalGrams: Whole }), Type.Null()]),
});
export type TotaliserMark = Static<typeof TotaliserMark>;

const ScaleMark = Type.Union([AlibiMark, TotaliserMark]);
export type ScaleMark = Static<typeof ScaleMark>;
const validator = Compile(ScaleMark);

/** Numbers are unique within one: another instrument, or another life of its memory, is another key space. */
export interface KeySpace {
  /** Mark of the scale, whichever instrument it is. */
  readonly scaleMark: string;
  /** Mark of this instrument: one that comes back from repair goes on where it was. */
  readonly ownMark: string;
  /** `<serial>:<alibiEpoch>`, for keys. */
  readonly prefix: string;
}

export function keySpace({ id, alibiEpoch }: ScaleConfig, serial: string | null): KeySpace {
  const scaleMark = `scale.${id}`;
  // Two scales without serial still have numbers of their own.
  const instrument = serial ?? `scale/${id}`;
  return {
    scaleMark,
    ownMark: `${scaleMark}/${alibiEpoch}/${instrument}`,
    prefix: `${instrument}:${alibiEpoch}`,
  };
}

/** @returns the marks of a record that brought its scale here. */
export function marksAt({ scaleMark, ownMark }: KeySpace, mark: ScaleMark): Readonly<Record<string, string>> {
  const text = JSON.stringify(mark);
  return { [scaleMark]: text, [ownMark]: text };
}

/** @returns null when there is none, or it is from something else. */
export function readMark(text: string | null): ScaleMark | null {
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    return validator.Check(value) ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

export function isReadAlike(one: AlibiMark['reads'], other: AlibiMark['reads']): boolean {
  return one.number === other.number && one.grams === other.grams && one.total === other.total;
}
