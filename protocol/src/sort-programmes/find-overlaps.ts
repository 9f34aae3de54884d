/** Pieces that two rules with different outlets both ask for: the order of the rules decides about them. */
import type { CompiledRule } from './compile-programme.ts';
import { findPiece } from './find-piece.ts';
import { sharedBox, type PieceSpace } from './piece-space.ts';
import type { Budget, FoundPiece } from './possible-piece.ts';

export interface Overlap {
  readonly earlier: number;
  readonly later: number;
  /** A piece that the earlier rule takes, and that the later one asks for as well. */
  readonly piece: FoundPiece;
}

/**
 * Pairs of rules with different outlets of which the earlier takes pieces that the later asks for too; the rule that takes
 * everything overlaps them all and is left out.
 *
 * @returns null in the place of a pair for which the budget did not do.
 */
export function overlapsOf(
  rules: readonly CompiledRule[],
  spaces: readonly PieceSpace[],
  budget: Budget,
): readonly (Overlap | null)[] {
  const overlaps: (Overlap | null)[] = [];
  for (let earlier = 0; earlier < rules.length - 1; earlier += 1) {
    for (let later = earlier + 1; later < rules.length - 1; later += 1) {
      if (rules[earlier]?.outlet === rules[later]?.outlet) continue;
      const piece = sharedPiece(earlier, later, spaces, budget);
      if (piece === 'given-up') overlaps.push(null);
      else if (piece !== null) overlaps.push({ earlier, later, piece });
    }
  }
  return overlaps;
}

function sharedPiece(
  earlier: number,
  later: number,
  spaces: readonly PieceSpace[],
  budget: Budget,
): FoundPiece | null | 'given-up' {
  let isUnsure = false;
  for (const space of spaces) {
    const shared = sharedBox(space.boxes[earlier] ?? [], space.boxes[later] ?? []);
    if (shared === null) continue;
    const found = findPiece(space, shared, space.boxes.slice(0, earlier), budget);
    if (found === 'given-up') isUnsure = true;
    else if (found !== null) return found;
  }
  return isUnsure ? 'given-up' : null;
}
