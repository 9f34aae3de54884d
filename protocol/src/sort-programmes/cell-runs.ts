/** Cells of an axis as bits: which are there, and which lie together. */
import type { Limit } from './compile-programme.ts';
import { knownCells, type NumberAxis } from './piece-space.ts';

export function hasCell(bits: bigint | undefined, cell: number): boolean {
  return (((bits ?? 0n) >> BigInt(cell)) & 1n) === 1n;
}

/** Of some. */
export function lowestCell(bits: bigint): number {
  let cell = 0;
  while (!hasCell(bits, cell)) cell += 1;
  return cell;
}

/** From the limit before a run of cells to the one after it; null: there is none. */
export interface Run {
  readonly lower: Limit | null;
  readonly upper: Limit | null;
}

export function runsOf(axis: NumberAxis, bits: bigint): Run[] {
  const runs: Run[] = [];
  let from: number | null = null;
  for (let cell = 0; cell <= knownCells(axis); cell += 1) {
    const isIn = cell < knownCells(axis) && hasCell(bits, cell);
    if (isIn && from === null) from = cell;
    if (isIn || from === null) continue;
    runs.push({ lower: axis.limits[from - 1] ?? null, upper: axis.limits[cell - 1] ?? null });
    from = null;
  }
  return runs;
}
