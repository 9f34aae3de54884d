/**
 * Up to where a counter has been recorded. It lies in the ledger beside the event that brought it there, so after
 * a crash it says exactly what was recorded, whatever became of the counters' own file.
 */
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { NOTHING_COUNTED } from './count-total.ts';
import type { KeptCount } from './line-counts.ts';
import type { TagRef } from './tag-ref.ts';

export interface CountMark {
  /** What the counter stood at, grams. */
  readonly totalGrams: bigint;
  /** In which life of which device's total; null: counted by other means, before this ledger began. */
  readonly life: {
    readonly source: TagRef;
    /** Where and how the tag was read. */
    readonly reads: string;
    readonly generation: number;
    /** The device's own total there, grams; null: not seen yet, another total was counted before. */
    readonly sourceGrams: bigint | null;
  } | null;
}

/** Name of a counter's mark in the ledger. */
export function countMarkName(counter: string): string {
  return `count.${counter}`;
}

const Grams = Type.String({ pattern: '^\\d{1,19}$' });
const schema = Compile(
  Type.Object({
    totalGrams: Grams,
    life: Type.Union([
      Type.Object({
        device: Type.String(),
        tag: Type.String(),
        reads: Type.String(),
        generation: Type.Integer({ minimum: 0 }),
        sourceGrams: Type.Union([Grams, Type.Null()]),
      }),
      Type.Null(),
    ]),
  }),
);

export function encodeCountMark({ totalGrams, life }: CountMark): string {
  return JSON.stringify({
    totalGrams: String(totalGrams),
    life:
      life === null
        ? null
        : {
            ...life.source,
            reads: life.reads,
            generation: life.generation,
            sourceGrams: life.sourceGrams === null ? null : String(life.sourceGrams),
          },
  });
}

/** @throws when the text is not what {@link encodeCountMark} wrote. */
export function decodeCountMark(text: string): CountMark {
  const value: unknown = JSON.parse(text);
  if (!schema.Check(value)) throw new Error(`«${text}» is no mark of a counter`);
  const { totalGrams, life } = value;
  if (life === null) return { totalGrams: BigInt(totalGrams), life };
  const { device, tag, reads, generation, sourceGrams } = life;
  const grams = sourceGrams === null ? null : BigInt(sourceGrams);
  return {
    totalGrams: BigInt(totalGrams),
    life: { source: { device, tag }, reads, generation, sourceGrams: grams },
  };
}

/**
 * A counter whose file says less than the ledger was lost or is an old copy. The ledger knows where the device's
 * total stood then: counting goes on from there, and what fell since is neither lost nor told again.
 * @returns the counter as the ledger knows it, which may be of another total than the configured one; null: the
 * counter's file is right.
 */
export function countFromMark(
  name: string,
  kept: KeptCount | null,
  mark: CountMark | null,
): KeptCount | null {
  if (mark === null || mark.life === null) return null;
  const { totalGrams, life } = mark;
  const isBehind =
    kept === null || kept.state.generation < life.generation || kept.state.countedGrams < totalGrams;
  if (!isBehind) return null;
  const { source, reads, generation, sourceGrams } = life;
  const state = { ...NOTHING_COUNTED, countedGrams: totalGrams, lastGrams: sourceGrams, generation };
  return { name, source, reads, state, ended: [] };
}
