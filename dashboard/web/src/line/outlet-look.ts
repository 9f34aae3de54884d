/** How outlets are told apart: a colour, a hatch and a pictogram, never one of them alone. */

export type OutletPattern = 'plain' | 'lines' | 'dots' | 'cross';

export interface OutletLook {
  /** CSS colour. */
  readonly colour: string;
  readonly pattern: OutletPattern;
}

/** Number of outlet colours among the tokens. */
const COLOURS = 6;
const PATTERNS: readonly OutletPattern[] = ['plain', 'lines', 'dots', 'cross'];

/** @param index place of the outlet in the line's description; neighbours differ in colour and in hatch. */
export function outletLook(index: number): OutletLook {
  const round = Math.floor(index / COLOURS);
  return {
    colour: `var(--outlet-${(index % COLOURS) + 1})`,
    pattern: PATTERNS[(index + round) % PATTERNS.length] ?? 'plain',
  };
}
