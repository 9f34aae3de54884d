/** How much of the log of a shift one sheet holds. */

/** Rows of a list past which the sheet says how many more there are. */
export const PRINTED_ROWS_MAX = 10;

export function kept<T>(rows: readonly T[]): { readonly rows: readonly T[]; readonly more: number } {
  return {
    rows: rows.slice(0, PRINTED_ROWS_MAX),
    more: Math.max(0, rows.length - PRINTED_ROWS_MAX),
  };
}
