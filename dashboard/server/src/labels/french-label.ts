/** The French words and figures of labels and printed sheets. */
import type { OutputUnit } from '@trame/protocol/material/material-names';
import type { WeightSource } from '@trame/protocol/material/move';
import type { LabelFacts, LabelWeight } from './label-facts.ts';

const UNITS: Readonly<Record<OutputUnit, string>> = {
  bale: 'Balle',
  sack: 'Sac',
  crate: 'Caisse',
  skip: 'Benne',
  loose: 'Vrac',
  pieces: 'Pièces',
  pairs: 'Paires',
};
/** Null: from the scale, as always. */
const SOURCES: Readonly<Record<WeightSource, string | null>> = {
  scale: null,
  typed: 'poids saisi',
  paper: 'poids saisi (papier)',
  weighbridge: 'pont-bascule',
  estimated: 'poids estimé',
};

const figures = new Intl.NumberFormat('fr-FR', { maximumFractionDigits: 3 });

/** @param grams whole grams. @returns kilograms with a decimal comma, as exact as they are: `1 042,5 kg`. */
export function kgText(grams: number): string {
  return `${plainSpaces(figures.format(grams / 1000))}\u00A0kg`;
}

/** @returns `Balle`, or with what was counted: `Sac · 120 pièces`. */
export function unitText({ unit, pieces, pairs }: Pick<LabelFacts, 'unit' | 'pieces' | 'pairs'>): string {
  const counted = [
    ...(pieces === null ? [] : [`${plainSpaces(figures.format(pieces))}\u00A0pièces`]),
    ...(pairs === null ? [] : [`${plainSpaces(figures.format(pairs))}\u00A0paires`]),
  ];
  // «Paires · 40 paires» would say it twice.
  const isOnlyCount = counted.length > 0 && (unit === 'pieces' || unit === 'pairs');
  return [...(isOnlyCount ? [] : [UNITS[unit]]), ...counted].join(' · ');
}

/** @returns how the net weight came about: `net · brut 250 kg · emballage 1,5 kg · poids saisi`. */
export function weightDetail(weight: LabelWeight): string {
  if (weight.kind === 'to-weigh') return 'poids à relever avant expédition';
  const parts = ['net'];
  if (weight.grossGrams !== null) parts.push(`brut ${kgText(weight.grossGrams)}`);
  if (weight.packagingGrams !== null && weight.packagingGrams > 0)
    parts.push(`emballage ${kgText(weight.packagingGrams)}`);
  const source = SOURCES[weight.how];
  if (source !== null) parts.push(source);
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
