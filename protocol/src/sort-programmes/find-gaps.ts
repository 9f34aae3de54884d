/** What no rule but the last one takes: kinds of pieces that the author of a programme may have forgotten. */
import { findPiece } from './find-piece.ts';
import {
  cellsWithClass,
  knownBits,
  knownCells,
  sharedBox,
  unknownBit,
  type Axis,
  type Box,
  type PieceSpace,
  type SetAxis,
} from './piece-space.ts';
import { possiblePiece, type Budget, type FoundPiece } from './possible-piece.ts';
import { effectiveLimit } from './decide-outlet.ts';
import { NUMBER_INPUTS } from './programme-inputs.ts';

export interface Gap {
  /** Every piece that there can be in it goes to the last rule; it cannot be made larger and still be so. */
  readonly box: Box;
  readonly piece: FoundPiece;
}

export interface Gaps {
  /** Widest first. They may share pieces. */
  readonly gaps: readonly Gap[];
  /** False: there are more, or the budget did not do. */
  readonly isAll: boolean;
}

/**
 * @param space of one error of reading.
 * @param max how many are looked for.
 */
export function gapsOf(space: PieceSpace, max: number, budget: Budget): Gaps {
  const rules = space.boxes.slice(0, -1);
  const gaps: Gap[] = [];
  const known: Box[] = [];
  for (;;) {
    const piece = findPiece(space, space.whole, [...rules, ...known], budget);
    if (piece === null || piece === 'given-up' || gaps.length === max) {
      const inOrder = gaps.toSorted((a, b) => extentOf(space, b.box) - extentOf(space, a.box));
      return { gaps: inOrder, isAll: piece === null };
    }
    const box = grownBox(space, piece, rules, budget);
    gaps.push({ box, piece });
    known.push(box);
  }
}

/** From the piece's own cells outwards, axis by axis, in one order and in the other: the wider of the two. */
function grownBox(space: PieceSpace, piece: FoundPiece, rules: readonly Box[], budget: Budget): Box {
  const seed: Box = piece.cells.map((cell) => 1n << BigInt(cell));
  const order = space.axes.map((_, index) => index);
  const boxes = [order, order.toReversed()].map((axes) =>
    axes.reduce((box, axis) => grownAlong(space, box, axis, rules, budget), seed),
  );
  return boxes.reduce((one, other) => (extentOf(space, other) > extentOf(space, one) ? other : one));
}

function grownAlong(space: PieceSpace, box: Box, index: number, rules: readonly Box[], budget: Budget): Box {
  const axis = space.axes[index];
  if (axis === undefined) return box;
  const mayTake = (bits: bigint): boolean => {
    const added = box.with(index, bits & ~(box[index] ?? 0n));
    return rules.every((rule) => {
      const shared = sharedBox(rule, added);
      return shared === null || possiblePiece(space, shared, budget) === null;
    });
  };
  if (mayTake(space.whole[index] ?? 0n)) return box.with(index, space.whole[index] ?? 0n);
  let bits = box[index] ?? 0n;
  for (const more of stepsAlong(axis)) {
    if (mayTake(bits | more(bits))) bits |= more(bits);
    box = box.with(index, bits);
  }
  return box;
}

/** What may be added to the cells that are there, one after the other: so that what comes of it can be said in words. */
function* stepsAlong(axis: Axis): Generator<(bits: bigint) => bigint> {
  if (axis.kind === 'set') {
    yield (bits) => ((bits & knownBits(axis)) === 0n ? 1n : 0n);
    for (const group of axis.classes.keys()) yield (bits) => eitherWay(axis, bits, group);
  } else {
    for (let cell = 0; cell < knownCells(axis); cell += 1) yield () => 1n << BigInt(cell);
  }
  yield () => unknownBit(axis);
}

/** The same cells with the words of a class there, and with them away. */
function eitherWay(axis: SetAxis, bits: bigint, group: number): bigint {
  const withIt = cellsWithClass(axis, group);
  const step = BigInt(2 ** group);
  const known = bits & knownBits(axis);
  return known | ((known & withIt) >> step) | ((known & ~withIt) << step);
}

/** Share of the whole that a box holds, 0…1: widths of numbers, counts of words; not known counts as half of an axis. */
function extentOf(space: PieceSpace, box: Box): number {
  return space.axes.reduce((extent, axis, index) => extent * extentAlong(axis, box[index] ?? 0n, space), 1);
}

function extentAlong(axis: Axis, bits: bigint, { slice }: PieceSpace): number {
  const unknown = unknownBit(axis);
  let known = 0;
  for (let cell = 0; cell < knownCells(axis); cell += 1) {
    if (((bits >> BigInt(cell)) & 1n) === 0n) continue;
    known += axis.kind === 'number' ? widthOf(axis, cell, slice.from) : 1 / knownCells(axis);
  }
  if (unknown === 0n) return known;
  return (known + ((bits & unknown) === 0n ? 0 : 1)) / 2;
}

function widthOf(axis: Extract<Axis, { kind: 'number' }>, cell: number, errorPoints: number): number {
  const { max } = NUMBER_INPUTS[axis.input];
  const [from, to] = [axis.limits[cell - 1], axis.limits[cell]].map((limit) =>
    limit === undefined ? null : Math.min(max, Math.max(0, effectiveLimit(limit, errorPoints))),
  );
  return ((to ?? max) - (from ?? 0)) / max;
}
