/** Makes a line of text fit into its room: smaller down to a floor, then cut with «…». */
import { cleanText } from './clean-text.ts';
import type { TextMark } from './drawing.ts';

/**
 * Widths in em, a little wider than those of Atkinson Hyperlegible Next, Arial and the printers' own font, so that a
 * line fits whichever of them draws it.
 */
function advance(character: string, bold: boolean): number {
  const extra = bold ? 0.04 : 0;
  if (/[il.,:;|!'’·]/u.test(character)) return 0.31 + extra;
  if (/[\s()/\-fjtrI[\]]/u.test(character)) return 0.4 + extra;
  if (/[mwMW@%&ŒœÆæ…—]/u.test(character)) return 0.95 + extra;
  if (/\p{Lu}/u.test(character)) return 0.74 + extra;
  if (/[\p{Ll}\d]/u.test(character)) return 0.6 + extra;
  if (/\p{M}/u.test(character)) return 0;
  return 1;
}

/** @returns about how wide a text is in mm, rather too much than too little. */
export function estimatedWidthMm(text: string, sizeMm: number, bold: boolean): number {
  let width = 0;
  for (const character of text) width += advance(character, bold);
  return width * sizeMm;
}

export interface LineOfText {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  /** Half of `size` when left out. */
  readonly smallest?: number;
  readonly room: number;
  readonly bold?: boolean;
  readonly anchor?: TextMark['anchor'];
}

/** Cleans a text and fits it into `room`, all in mm. */
export function fitText(line: LineOfText): TextMark {
  const { x, y, room, bold = false, anchor = 'start' } = line;
  const smallest = line.smallest ?? line.size / 2;
  const whole = cleanText(line.text);
  const width = estimatedWidthMm(whole, line.size, bold);
  const size = width <= room ? line.size : Math.max(smallest, (line.size * room) / width);
  return { kind: 'text', x, y, anchor, size, bold, room, text: cut(whole, size, room, bold) };
}

function cut(whole: string, size: number, room: number, bold: boolean): string {
  if (estimatedWidthMm(whole, size, bold) <= room + 1e-9) return whole;
  const characters = [...new Intl.Segmenter('fr').segment(whole)].map(({ segment }) => segment);
  while (characters.length > 0) {
    characters.pop();
    const shorter = `${characters.join('').trimEnd()}…`;
    if (estimatedWidthMm(shorter, size, bold) <= room) return shorter;
  }
  return '';
}
