/** The French words and figures of labels and printed sheets. */
import type { LabelFacts, LabelUnit, LabelWeight } from './label-facts.ts';

const UNITS: Readonly<Record<LabelUnit, string>> = {
  bale: 'Balle',
  sack: 'Sac',
  crate: 'Caisse',
  skip: 'Benne',
  loose: 'Vrac',
};
const COUNTED = { pieces: 'pièces', pairs: 'paires' } as const;

const figures = new Intl.NumberFormat('fr-FR', { maximumFractionDigits: 3 });

/** @param grams whole grams. @returns kilograms with a decimal comma, as exact as they are: `1 042,5 kg`. */
export function kgText(grams: number): string {
  return `${plainSpaces(figures.format(grams / 1000))}\u00A0kg`;
}

/** @returns `Balle`, or with pieces or pairs counted: `Sac · 120 pièces`. */
export function unitText({ unit, count }: Pick<LabelFacts, 'unit' | 'count'>): string {
  const name = UNITS[unit];
  return count === null
    ? name
    : `${name} · ${plainSpaces(figures.format(count.n))}\u00A0${COUNTED[count.of]}`;
}

/** @returns how the net weight came about: `net · brut 250 kg · emballage 1,5 kg · poids saisi`. */
export function weightDetail(weight: LabelWeight): string {
  if (weight.kind === 'to-weigh') return 'poids à relever avant expédition';
  const parts = ['net'];
  if (weight.grossG !== null) parts.push(`brut ${kgText(weight.grossG)}`);
  if (weight.packagingG !== null && weight.packagingG > 0)
    parts.push(`emballage ${kgText(weight.packagingG)}`);
  if (weight.typed) parts.push('poids saisi');
  return parts.join(' · ');
}

/** @returns day and time on the wall of that zone: `22/11/2026 13:06`. */
export function dateTimeText(atMs: number, timeZone: string): string {
  const format = new Intl.DateTimeFormat('fr-FR', {
    timeZone,
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  });
  return plainSpaces(format.format(atMs));
}

/** Narrow and other rare blanks are in few fonts of printers. */
function plainSpaces(text: string): string {
  return text.replaceAll('\u202F', '\u00A0');
}
