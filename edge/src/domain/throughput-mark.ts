/**
 * Up to where a counter has been recorded. It lies in the ledger beside the event that brought it there, so after
 * a crash it says exactly what was recorded, whatever became of the counters' own file.
 */
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { NOTHING_COUNTED } from './count-total.ts';
import type { CounterDefinition, KeptCount } from './line-counts.ts';
import type { TagRef } from './line-config.ts';

export interface CountMark {
  /** What the counter stood at, grams. */
  readonly totalGrams: bigint;
  /** In which life of which device's total; null: counted by other means, before this ledger began. */
  readonly life: {
    readonly source: TagRef;
    /** How the tag was read. */
    readonly reads: string;
    readonly generation: number;
    /** The device's own total there, grams. */
    readonly sourceGrams: bigint;
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
        sourceGrams: Grams,
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
            sourceGrams: String(life.sourceGrams),
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
  return {
    totalGrams: BigInt(totalGrams),
    life: { source: { device, tag }, reads, generation, sourceGrams: BigInt(sourceGrams) },
  };
}

/**
 * A counter whose file says less than the ledger was lost or is an old copy. The ledger knows where the device's
 * total stood then: counting goes on from there, and what fell since is neither lost nor told again.
 * @returns the counter as it stands; null: the counter's file is right.
 */
export function countFromMark(
  { name, source, reads }: Pick<CounterDefinition, 'name' | 'source' | 'reads'>,
  kept: KeptCount | null,
  mark: CountMark | null,
): KeptCount | null {
  if (mark === null || mark.life === null) return null;
  const isBehind =
    kept === null ||
    kept.state.generation < mark.life.generation ||
    kept.state.countedGrams < mark.totalGrams;
  if (!isBehind) return null;
  const { life, totalGrams } = mark;
  const same = isSameTotal({ source, reads }, life);
  return {
    name,
    source,
    reads,
    state: {
      ...NOTHING_COUNTED,
      countedGrams: totalGrams,
      lastGrams: same ? life.sourceGrams : null,
      generation: same ? life.generation : life.generation + 1,
    },
    ended: [],
  };
}

/** @returns whether two descriptions mean the same total of the same device, read the same way. */
export function isSameTotal(
  one: Pick<KeptCount, 'source' | 'reads'>,
  other: Pick<KeptCount, 'source' | 'reads'>,
): boolean {
  return (
    one.source.device === other.source.device &&
    one.source.tag === other.source.tag &&
    one.reads === other.reads
  );
}
