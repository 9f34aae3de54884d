import { ROWS_PER_STATEMENT_MAX } from './limits.ts';

/** @returns the rows in pieces that one statement can hold. */
export function parts<T>(rows: readonly T[]): T[][] {
  const pieces: T[][] = [];
  for (let at = 0; at < rows.length; at += ROWS_PER_STATEMENT_MAX) {
    pieces.push(rows.slice(at, at + ROWS_PER_STATEMENT_MAX));
  }
  return pieces;
}
