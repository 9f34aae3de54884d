/**
 * How much of a count is new. A register's own total tells which part of its life a count covers: what an edge
 * that was since restored or replaced has counted already is not counted again.
 */
import type { Count } from '@trame/protocol/ledger-payloads';

/**
 * @param countedUpTo where counting of this register stands; null: it was never counted.
 * @returns grams of `count` that lie beyond.
 */
export function newGrams(
  { grams, sourceGrams }: Pick<Count, 'grams' | 'sourceGrams'>,
  countedUpTo: number | null,
): number {
  if (countedUpTo === null) return grams;
  return Math.max(0, sourceGrams - Math.max(sourceGrams - grams, countedUpTo));
}

export interface CountSourceKey {
  readonly counter: string;
  readonly device: string;
  readonly tag: string;
  readonly generation: number;
}

/** The edge's own total of a counter, as if it were a register. */
export function edgeTotalOf(counter: string): CountSourceKey {
  return { counter, device: '', tag: '', generation: 0 };
}

export function sourceKeyText({ counter, device, tag, generation }: CountSourceKey): string {
  return JSON.stringify([counter, device, tag, generation]);
}
