/** The figures of a refusal: what the words of its code do not say, but whoever decides wants to know. */
import { formatKg } from '../format/kilograms.ts';
import { t, type MessageKey } from '../messages/translate.ts';

/** In this order; those that a refusal does not have are left out. */
const GRAMS: readonly (readonly [string, MessageKey])[] = [
  ['grams', 'matter.figAsked'],
  ['thereGrams', 'matter.figThere'],
  ['checkGrams', 'matter.figCheck'],
  ['bookedGrams', 'matter.figBooked'],
  ['differenceGrams', 'matter.figDifference'],
  ['limitGrams', 'matter.figLimit'],
  ['missingGrams', 'matter.figMissing'],
];
const COUNTS: readonly (readonly [string, MessageKey])[] = [
  ['counted', 'matter.figCounted'],
  ['named', 'matter.figNamed'],
  ['booked', 'matter.figBookedCount'],
  ['max', 'matter.figMax'],
  ['next', 'matter.figNext'],
  ['shipment', 'matter.figShipment'],
];

/** @returns one line, empty when there is nothing to add. */
export function refusalFigures(params: Readonly<Record<string, unknown>>): string {
  const grams = GRAMS.flatMap(([name, key]) => {
    const value = params[name];
    return typeof value === 'number' ? [t(key, { figure: signed(name, value) })] : [];
  });
  const counts = COUNTS.flatMap(([name, key]) => {
    const value = params[name];
    return typeof value === 'number' || typeof value === 'string' ? [t(key, { figure: value })] : [];
  });
  return [...grams, ...counts].join(' · ');
}

function signed(name: string, grams: number): string {
  return name === 'differenceGrams' ? signedKg(grams) : formatKg(grams);
}

/** @returns `+3,5 kg`, `−12 kg`, `0 kg`. */
export function signedKg(grams: number, intervalGrams: number | null = null): string {
  const sign = grams > 0 ? '+' : grams < 0 ? '−' : '';
  return `${sign}${formatKg(Math.abs(grams), intervalGrams)}`;
}
