/** What a heap is made of, by all that is known of it: what was read, and what people sorted. Pure. */
import type { EstimatedComposition } from '@trame/protocol/classification/classification-answers';
import type { Composition } from '@trame/protocol/classification/mean-composition';
import type { HeapSums } from './heap-sums.ts';
import { estimatedShares, mixedShares } from './known-share.ts';
import { sharesOfRead } from './read-heap.ts';
import { sharesByHand, widenedByAudit, type Misplacing } from './sorted-by-hand.ts';

export interface HeapEvidence {
  /** Pieces that were read. */
  readonly read: HeapSums;
  /** Of what fell where they did, as machines counted it; 0: nothing counts there. */
  readonly countedGrams: number;
  /** Of what people weighed out, and no machine counted. */
  readonly handGrams: number;
  /** What the outlet is said to be made of; null: nobody said. */
  readonly said: Composition | null;
  readonly misplacing: Misplacing;
  /** Of all of it; null: not known. */
  readonly grams: number | null;
}

/**
 * Where pieces were read, they say what was counted; where nothing counts, also what was weighed out. What people sorted besides,
 * and what fell where nothing is read, is what the outlet is said to be made of.
 */
export function estimateComposition(evidence: HeapEvidence): EstimatedComposition {
  const { read, said, misplacing } = evidence;
  const [countedGrams, handGrams] = [Math.max(0, evidence.countedGrams), Math.max(0, evidence.handGrams)];
  const grams = evidence.grams === null ? null : Math.max(0, evidence.grams);
  const byReading = widenedByAudit(sharesOfRead(read), misplacing.error);
  const byHand = sharesByHand(said, misplacing);
  const { pieces, described } = read;
  const all = { pieces, described, audit: misplacing.error };
  if (byReading.length === 0) {
    return byHand.length === 0
      ? { ...all, source: 'unknown', describedPercent: 0, shares: [] }
      : { ...all, source: 'hand', describedPercent: 100, shares: estimatedShares(byHand, grams) };
  }
  const readPercent = (100 * described) / Math.max(1, pieces);
  if (countedGrams === 0 || handGrams === 0) {
    return {
      ...all,
      source: 'items',
      describedPercent: readPercent,
      shares: estimatedShares(byReading, grams),
    };
  }
  const total = countedGrams + handGrams;
  const saidPercent = byHand.length === 0 ? 0 : 100;
  const mixed = mixedShares([
    { weight: countedGrams, shares: byReading },
    { weight: handGrams, shares: byHand },
  ]);
  return {
    ...all,
    source: byHand.length === 0 ? 'items' : 'both',
    describedPercent: (countedGrams * readPercent + handGrams * saidPercent) / total,
    shares: estimatedShares(mixed, grams),
  };
}
