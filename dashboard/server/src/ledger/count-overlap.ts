/**
 * How much of a count is new. The total of a register tells which part of its life a count covers: what an edge that
 * was since restored or replaced has counted already is not counted again. Which life that is, the epoch of the
 * ledger and the edge's generation say together: an edge that begins anew numbers its generations anew. The names of
 * device and tag may change while the register stays, so they say nothing. Pure.
 */
import { COUNT_GRAMS_MAX, type Count } from '@trame/protocol/ledger-payloads';

/** How far one life of a counter was counted, by what one generation of one epoch told of it. */
export interface ToldLife {
  readonly epoch: string;
  readonly generation: number;
  /** From 0, of this counter; null: not known yet, the first growth of an epoch comes in portions. */
  readonly life: number | null;
  /** The register's own total there, grams. */
  readonly countedUpTo: number;
  /** End of the last period, by the best clock known, ms since 1970 UTC. */
  readonly countedAt: number;
  /** Told, and not counted until the life is known. */
  readonly heldGrams: number;
}

export interface LifeStep {
  /** What changes of what was told: the rest stays. */
  readonly told: readonly ToldLife[];
  /** To be counted now. */
  readonly grams: number;
  /** What the life grew by before this count and nobody told; null: nothing. */
  readonly hole: { readonly grams: number; readonly since: number } | null;
}

/** Where the counting of a life stands. */
export interface LifeStanding {
  readonly life: number;
  readonly countedUpTo: number;
  readonly countedAt: number;
}

/** @returns grams of `count` that lie beyond. */
export function newGrams(
  { grams, sourceGrams }: Pick<Count, 'grams' | 'sourceGrams'>,
  countedUpTo: number,
): number {
  return Math.max(0, sourceGrams - Math.max(sourceGrams - grams, countedUpTo));
}

/**
 * A generation that was told before goes on with its life. A later one of the same epoch is another life, counted
 * whole. The first one of another epoch goes on with the latest life when its total reaches what was counted of it,
 * and only what lies beyond counts; a lower total is another device's: another life, counted whole.
 * @param known all that was told of this counter. @param at end of the count's period, ms since 1970 UTC.
 */
export function countOnLife(
  known: readonly ToldLife[],
  epoch: string,
  { grams, source: { generation }, sourceGrams }: Pick<Count, 'grams' | 'source' | 'sourceGrams'>,
  at: number,
): LifeStep {
  const own = known.find((told) => told.epoch === epoch && told.generation === generation);
  const present = { epoch, generation, countedAt: at, heldGrams: 0 };
  if (own !== undefined && own.life !== null) {
    const stands = standingOf(known, own.life)?.countedUpTo ?? 0;
    const countedUpTo = Math.max(stands, sourceGrams);
    return {
      told: [{ ...present, life: own.life, countedUpTo, countedAt: Math.max(own.countedAt, at) }],
      grams: newGrams({ grams, sourceGrams }, stands),
      hole: null,
    };
  }
  const held = known.filter((told) => told.epoch === epoch && told.life === null);
  const whole = { grams: held.reduce((sum, { heldGrams }) => sum + heldGrams, grams), sourceGrams };
  const settled = (life: number, countedUpTo: number): readonly ToldLife[] => [
    // One of a generation that ended so says nothing of how high this life stands.
    ...held.map((told) => ({ ...told, life, countedUpTo: 0, heldGrams: 0 })),
    { ...present, life, countedUpTo },
  ];
  const latest = latestLife(known);
  const hasBegun = known.some((told) => told.epoch === epoch && told.life !== null);
  if (latest === null || hasBegun) {
    return { told: settled((latest?.life ?? -1) + 1, sourceGrams), grams: whole.grams, hole: null };
  }
  const { life, countedUpTo, countedAt } = latest;
  if (sourceGrams >= countedUpTo) {
    const untold = sourceGrams - whole.grams - countedUpTo;
    return {
      told: settled(life, sourceGrams),
      grams: newGrams(whole, countedUpTo),
      hole: untold > 0 ? { grams: untold, since: Math.min(countedAt, at) } : null,
    };
  }
  // A full portion: more of the same growth follows, and its last one says how high the total stands.
  if (grams === COUNT_GRAMS_MAX) {
    const waiting = { ...present, life: null, countedUpTo: sourceGrams, heldGrams: whole.grams };
    return { told: [waiting], grams: 0, hole: null };
  }
  return { told: settled(life + 1, sourceGrams), grams: whole.grams, hole: null };
}

/** @returns null: nothing was counted of this counter. */
export function latestLife(known: readonly ToldLife[]): LifeStanding | null {
  const lives = known.flatMap(({ life }) => life ?? []);
  return lives.length === 0 ? null : standingOf(known, Math.max(...lives));
}

function standingOf(known: readonly ToldLife[], life: number): LifeStanding | null {
  const ofLife = known.filter((told) => told.life === life);
  if (ofLife.length === 0) return null;
  return {
    life,
    countedUpTo: Math.max(...ofLife.map(({ countedUpTo }) => countedUpTo)),
    countedAt: Math.max(...ofLife.map(({ countedAt }) => countedAt)),
  };
}

/** @returns what was told, as if the latest life had been counted further by that much. */
export function countedFurther(known: readonly ToldLife[], grams: number, at: number): readonly ToldLife[] {
  const latest = latestLife(known);
  if (latest === null) return [];
  const { life, countedUpTo } = latest;
  return known
    .filter((told) => told.life === life && told.countedUpTo === countedUpTo)
    .slice(-1)
    .map((told) => ({
      ...told,
      countedUpTo: countedUpTo + grams,
      countedAt: Math.max(told.countedAt, at),
    }));
}
