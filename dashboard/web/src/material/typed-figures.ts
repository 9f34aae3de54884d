/** Figures as people type them: French comma, spaces between thousands. */

/** Whole grams in a kilogram figure have three decimals. */
const KG = /^(?<whole>\d{1,6})(?:[.,](?<decimals>\d{0,3}))?$/u;
const SPACES = /[\s\u00a0\u202f]/gu;

/** @returns whole grams of kilograms such as `1 234,5`; null when it is no weight. 0 is one. */
export function gramsOf(text: string): number | null {
  const found = KG.exec(text.replace(SPACES, ''))?.groups;
  if (found === undefined) return null;
  return Number(found['whole']) * 1_000 + Number((found['decimals'] ?? '').padEnd(3, '0'));
}

/** @returns a whole number such as `1 200`; null when it is none. */
export function countOf(text: string): number | null {
  const bare = text.replace(SPACES, '');
  return /^\d{1,9}$/u.test(bare) ? Number(bare) : null;
}

/** @returns kilograms as {@link gramsOf} reads them. */
export function kgText(grams: number): string {
  const whole = Math.trunc(grams / 1_000);
  const decimals = String(grams % 1_000)
    .padStart(3, '0')
    .replace(/0+$/u, '');
  return decimals === '' ? String(whole) : `${whole},${decimals}`;
}
