/** Rules that no piece ever comes to, because those before them take all that they ask for, or it cannot be. */
import { findPiece } from './find-piece.ts';
import { sharedBox, type PieceSpace } from './piece-space.ts';
import { possiblePiece, type Budget, type FoundPiece } from './possible-piece.ts';

export type Reach =
  /** A piece that the rule takes. */
  | { readonly kind: 'reached'; readonly piece: FoundPiece }
  /** `by`: indexes of the rules before it that take what it asks for; none: no piece can be as it asks. */
  | { readonly kind: 'unreachable'; readonly by: readonly number[] }
  | { readonly kind: 'given-up' };

/**
 * Exact over all pieces: unreachable means that there is none, whatever the error of its reading; reached comes with one.
 * Strips narrower than a millionth of a point count as none, and so do points at which limits touch that decimals cannot write.
 *
 * @param spaces one for each slice of errors, most usual first.
 */
export function reachOf(rule: number, spaces: readonly PieceSpace[], budget: Budget): Reach {
  let isUnsure = false;
  const by = new Set<number>();
  for (const space of spaces) {
    const box = space.boxes[rule];
    if (box === undefined) throw new Error(`there is no rule ${rule}`);
    const found = findPiece(space, box, space.boxes.slice(0, rule), budget);
    if (found === 'given-up') isUnsure = true;
    else if (found !== null) return { kind: 'reached', piece: found };
    for (let before = 0; before < rule; before += 1) {
      if (by.has(before)) continue;
      const shared = sharedBox(box, space.boxes[before] ?? box);
      if (shared !== null && possiblePiece(space, shared, budget) !== null) by.add(before);
    }
  }
  return isUnsure ? { kind: 'given-up' } : { kind: 'unreachable', by: [...by].sort((a, b) => a - b) };
}
