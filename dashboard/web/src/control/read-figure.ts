/** A number as people type it: French comma or point, spaces between thousands. */
const FIGURE = /^-?\d{1,9}(?:[.,]\d{0,6})?$/u;
const SPACES = /[\s\u00a0\u202f]/gu;

/** @returns null when it is no number. */
export function readFigure(text: string): number | null {
  const bare = text.replace(SPACES, '').replace('−', '-');
  return FIGURE.test(bare) ? Number(bare.replace(',', '.')) : null;
}
