/** What a heap is made of, by all that is known of it: what was read, and what people sorted. Pure. */
import type {
  EstimatedComposition,
  SortingError,
} from '@trame/protocol/classification/classification-answers';
import { ASSUMED_PIECE_G } from '@trame/protocol/classification/composition-names';
import type { Composition } from '@trame/protocol/classification/mean-composition';
import type { HeapSums } from './heap-sums.ts';
import { estimatedShares, mixedShares } from './known-share.ts';
import { sharesOfRead } from './read-heap.ts';
import { sharesByHand, widenedByAudit, type Misplacing } from './sorted-by-hand.ts';

export interface HeapEvidence {
  /** Pieces that fell where they are read. */
  readonly read: HeapSums;
  /** Of what fell, as machines counted it, while it was read or not; 0: nothing counts there. */
  readonly countedGrams: number;
  /** Of what people weighed out, and no machine counted. */
  readonly handGrams: number;
  /** What the outlet is said to be made of; null: nobody said. */
  readonly said: Composition | null;
  /** What audits of that outlet say. */
  readonly misplacing: Misplacing;
  /** What audits of the outlet say at which pieces were read: what they lie in may have got another since. */
  readonly audit: SortingError | null;
  /** Of all of it; null: not known. */
  readonly grams: number | null;
}

/** Of one heap; grams. */
interface HeapMasses {
  /** That the pieces that were read weigh. */
  readonly readGrams: number;
  /** That nobody read. */
  readonly unreadGrams: number;
}

/** So many times as much as is assumed may pieces weigh. */
const PIECE_GRAMS_ERROR_MAX = 2;

/**
 * Pieces that were read say what they weigh themselves, where machines count, of that, else of what was weighed out. What weighs
 * more than they can, such as what fell while a station was down or was thrown in by hand, is what the outlet is said to be made of.
 * Where nobody said that, it is taken for like what was read.
 */
export function estimateComposition(evidence: HeapEvidence): EstimatedComposition {
  const { read, said, misplacing, audit } = evidence;
  const grams = evidence.grams === null ? null : Math.max(0, evidence.grams);
  const byHand = sharesByHand(said, misplacing);
  const { pieces, described } = read;
  const all = { pieces, described, audit };
  const { readGrams, unreadGrams } = massesOf(evidence);
  const isSaid = byHand.length > 0 && unreadGrams > 0;
  const heapPieces = piecesOf(pieces, readGrams, isSaid ? readGrams : readGrams + unreadGrams);
  const byReading = widenedByAudit(sharesOfRead(read, heapPieces), audit);
  if (byReading.length === 0) {
    return byHand.length === 0
      ? { ...all, source: 'unknown', describedPercent: 0, shares: [] }
      : {
          ...all,
          audit: misplacing.error,
          source: 'hand',
          describedPercent: 100,
          shares: estimatedShares(byHand, grams),
        };
  }
  const readPercent = (100 * described) / heapPieces;
  if (!isSaid) {
    return {
      ...all,
      source: 'items',
      describedPercent: toHundredths(readPercent),
      shares: estimatedShares(byReading, grams),
    };
  }
  const mixed = mixedShares([
    { weight: readGrams, shares: byReading },
    { weight: unreadGrams, shares: byHand },
  ]);
  const total = readGrams + unreadGrams;
  return {
    ...all,
    source: 'both',
    describedPercent: toHundredths((readGrams * readPercent + unreadGrams * 100) / total),
    shares: estimatedShares(mixed, grams),
  };
}

function massesOf({ read, ...masses }: HeapEvidence): HeapMasses {
  const [countedGrams, handGrams] = [Math.max(0, masses.countedGrams), Math.max(0, masses.handGrams)];
  const [fellGrams, besidesGrams] = countedGrams > 0 ? [countedGrams, handGrams] : [handGrams, 0];
  const piecesGrams = read.pieces * ASSUMED_PIECE_G;
  const readGrams = piecesGrams * PIECE_GRAMS_ERROR_MAX >= fellGrams ? fellGrams : piecesGrams;
  return { readGrams, unreadGrams: fellGrams - readGrams + besidesGrams };
}

/** @returns pieces that a heap has, of which some were read: more where it weighs more than these can be assumed to. */
function piecesOf(read: number, readGrams: number, grams: number): number {
  const pieceGrams = Math.min(ASSUMED_PIECE_G, readGrams / Math.max(1, read));
  return pieceGrams > 0 ? Math.max(read, grams / pieceGrams) : Math.max(1, read);
}

function toHundredths(percent: number): number {
  return Math.round(percent * 100) / 100;
}
