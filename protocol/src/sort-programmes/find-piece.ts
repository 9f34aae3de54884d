/** Searches for a piece that lies in one box and in none of some others: one is found, or there is none. */
import { isInBox, sharedBox, withoutBox, type Box, type PieceSpace } from './piece-space.ts';
import { possiblePiece, type Budget, type FoundPiece } from './possible-piece.ts';

/**
 * Takes a piece of the box, and where it lies in one of `without`, goes on with what that one leaves of the box. Each
 * split leaves one box less to get out of the way, so the search ends; it is complete unless the budget gives out.
 *
 * @returns null: there is none; `given-up`: the budget did not do.
 */
export function findPiece(
  space: PieceSpace,
  within: Box,
  without: readonly Box[],
  budget: Budget,
): FoundPiece | null | 'given-up' {
  if (budget.tries <= 0) return 'given-up';
  budget.tries -= 1;
  const piece = possiblePiece(space, within, budget);
  if (piece === null || piece === 'given-up') return piece;
  const inTheWay = without.find((box) => isInBox(box, piece.cells));
  if (inTheWay === undefined) return piece;
  const left = without.filter((box) => box !== inTheWay && sharedBox(box, within) !== null);
  for (const part of withoutBox(within, inTheWay)) {
    const found = findPiece(space, part, left, budget);
    if (found !== null) return found;
  }
  return null;
}
