/** Figures typed on the big keypad: kilograms, with at most three decimals. */

export type KeypadKey = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9' | ',' | 'back' | 'clear';

/** 99 999 kg, and grams: nothing that a person reads off an indicator is longer. */
const WHOLE_DIGITS_MAX = 5;
const DECIMALS_MAX = 3;

/** @returns what stands in the display after the key; a key that makes no figure changes nothing. */
export function typeKey(text: string, key: KeypadKey): string {
  if (key === 'clear') return '';
  if (key === 'back') return text.slice(0, -1);
  const [whole = '', decimals] = text.split(',');
  if (key === ',') return decimals === undefined ? `${whole === '' ? '0' : whole},` : text;
  if (decimals !== undefined) return decimals.length < DECIMALS_MAX ? text + key : text;
  if (whole === '0') return key;
  return whole.length < WHOLE_DIGITS_MAX ? text + key : text;
}

/** @returns whole grams, or null when no weight was typed. */
export function typedGrams(text: string): number | null {
  if (!/^\d{1,5}(?:,\d{0,3})?$/u.test(text)) return null;
  const [whole = '0', decimals = ''] = text.split(',');
  const grams = Number(whole) * 1_000 + Number(decimals.padEnd(3, '0'));
  return grams > 0 ? grams : null;
}

/** The key of a real keyboard that means the same, or null. */
export function keypadKeyOf(key: string): KeypadKey | null {
  if (/^\d$/u.test(key)) return key as KeypadKey;
  if (key === ',' || key === '.') return ',';
  if (key === 'Backspace') return 'back';
  return key === 'Delete' ? 'clear' : null;
}
