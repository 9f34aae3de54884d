/** Numbers as French readers write them. Grouping is a narrow no-break space, the sign of a decimal a comma. */
import { unitLabel } from '@trame/protocol/unit';

export interface QuantityText {
  readonly number: string;
  /** Empty for a pure number. */
  readonly unit: string;
}

/** Tonnes are easier to read than kg from here on. */
const TONNES_FROM_G = 10_000_000;

const FORMATS = [0, 1, 2, 3].map(
  (decimals) =>
    new Intl.NumberFormat('fr-FR', { minimumFractionDigits: decimals, maximumFractionDigits: decimals }),
);

/**
 * From here on a number is no measurement that a person reads digit by digit, but an overflow or memory that
 * nobody filled: written out, the greatest double is 309 digits wide.
 */
const SCIENTIFIC_FROM = 1e12;
/** Below this, and not 0, all decimals that we show would be 0. */
const SCIENTIFIC_BELOW = 1e-6;
const SCIENTIFIC = new Intl.NumberFormat('fr-FR', { notation: 'scientific', maximumFractionDigits: 2 });

/** @returns the number with that many decimals (0 to 3), as `1,8e308` from 1e12 on. */
export function formatNumber(value: number, decimals: number): string {
  if (Math.abs(value) >= SCIENTIFIC_FROM) return formatScientific(value);
  const format = FORMATS[decimals];
  if (format === undefined) throw new RangeError(`no number format with ${decimals} decimals`);
  // A value that rounds to nothing is 0, not −0.
  const text = format.format(value);
  return /^-[0,]+$/u.test(text) ? text.slice(1) : text;
}

/** @returns a mass given in grams, in kg below ten tonnes (`1 234 kg`) and in tonnes above (`12,3 t`). */
export function formatMass(grams: number): QuantityText {
  if (Math.abs(grams) >= TONNES_FROM_G) {
    return { number: formatNumber(grams / 1_000_000, 1), unit: unitLabel('t') };
  }
  return { number: formatNumber(grams / 1000, Math.abs(grams) < 10_000 ? 1 : 0), unit: unitLabel('kg') };
}

/** `1,8e308`: of one script and one size, where superscripts are not in every font. */
function formatScientific(value: number): string {
  return SCIENTIFIC.format(value).replace('E', 'e');
}

/**
 * @returns a value and its UCUM unit as the screen shows them; grams become kg or tonnes. What is too great or
 * too small to be written out is in scientific notation.
 */
export function formatQuantity(value: number, unit: string | null): QuantityText {
  if (value !== 0 && Math.abs(value) < SCIENTIFIC_BELOW) {
    return { number: formatScientific(value), unit: unit === null ? '' : unitLabel(unit) };
  }
  if (unit === 'g') return formatMass(value);
  if (unit === null) return { number: formatNumber(value, Number.isInteger(value) ? 0 : 2), unit: '' };
  return { number: formatNumber(value, decimalsOf(unit, value)), unit: unitLabel(unit) };
}

/** Decimals that mean something to a person for that unit, not those that the device happens to send. */
const DECIMALS: Readonly<Record<string, number>> = {
  '%': 0,
  'kg/h': 0,
  't/h': 2,
  'm/s': 2,
  'm/min': 1,
  t: 1,
  A: 1,
  V: 0,
  W: 0,
  kW: 1,
  'W.h': 0,
  Cel: 0,
  bar: 0,
  Hz: 1,
  '1': 0,
  'r/min': 0,
  s: 0,
  ms: 0,
};

function decimalsOf(unit: string, value: number): number {
  if (unit === 'kg' || unit === 'kW.h') return Math.abs(value) < 100 ? 1 : 0;
  return DECIMALS[unit] ?? (Number.isInteger(value) ? 0 : 2);
}
