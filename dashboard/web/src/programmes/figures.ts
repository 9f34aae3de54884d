/** Figures as people type them: a comma or a point for decimals, spaces between thousands. */

const FIGURE = /^[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?$/iu;

/** @returns what {@link readFigure} reads back as the same number. */
export function figureText(value: number): string {
  return String(value).replace('.', ',');
}

/** @returns null when it is no number. */
export function readFigure(text: string): number | null {
  const plain = text.replaceAll(/\s/gu, '').replace('−', '-').replace(',', '.');
  if (!FIGURE.test(plain)) return null;
  const value = Number(plain);
  return Number.isFinite(value) ? value : null;
}
