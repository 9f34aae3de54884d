/** Colours for a canvas, which does not know the page's tokens. */

export interface ChartColours {
  readonly ink: string;
  readonly muted: string;
  readonly rule: string;
  readonly line: string;
  readonly hatch: string;
  readonly equipment: string;
}

/** @returns what the tokens are worth just now for this element, as colours that a canvas understands. */
export function chartColours(element: HTMLElement): ChartColours {
  const colour = (token: string): string => {
    element.style.color = `var(${token})`;
    const value = getComputedStyle(element).color;
    element.style.color = '';
    return value;
  };
  return {
    ink: colour('--ink'),
    muted: colour('--muted'),
    rule: colour('--rule'),
    line: colour('--action'),
    hatch: colour('--hatch'),
    equipment: colour('--equipment'),
  };
}
