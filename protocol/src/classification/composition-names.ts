/** How a composition and the class of a lot came about. */

/**
 * `items`: read piece by piece. `hand`: what the outlet is said to be made of, with the error that audits found. `both`: part of
 * the mass each. `unknown`: nobody read it, and nobody said what the outlet is made of.
 */
export const COMPOSITION_SOURCES = ['items', 'hand', 'both', 'unknown'] as const;

/** `own`: what was found of the lot itself. `like`: of lots of the same collector, state and family. `site`: of all lots. */
export const LOT_CLASS_BASES = ['own', 'like', 'site', 'unknown'] as const;

/** Error of an outlet that was never audited, %: assumed, and said so wherever it is shown. */
export const ASSUMED_ERROR_PERCENT = 5;
/** Standard error of a share that a line's file says of an outlet, points: nobody measured it, so this is assumed. */
export const ASSUMED_SAID_ERROR_POINTS = 5;
/** Mean mass of a piece, g, and the standard deviation over the mean: assumed, from T-shirts to jeans. */
export const ASSUMED_PIECE_G = 300;
export const ASSUMED_PIECE_VARIATION = 0.7;
