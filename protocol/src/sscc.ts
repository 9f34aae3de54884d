/**
 * Serial Shipping Container Codes: the number that makes one bale, sack or crate unlike any other in the world.
 *
 * 18 digits: an extension digit, the GS1 company prefix, a serial reference that fills up to 17 digits, and a check
 * digit (GS1 General Specifications, AI 00).
 */

declare const checked: unique symbol;
/** 18 digits whose check digit is right. */
export type Sscc = string & { readonly [checked]: 'sscc' };

/** Digits of a GS1 company prefix. */
const PREFIX = /^\d{4,12}$/u;
const BODY_DIGITS = 17;

export type MadeSscc =
  | { readonly kind: 'made'; readonly sscc: Sscc }
  /** The prefix has no serial reference of that number any more: another prefix or extension digit is needed. */
  | { readonly kind: 'exhausted'; readonly serials: number };

/** @returns whether a text can be a GS1 company prefix: 4 to 12 digits. */
export function isGs1Prefix(text: string): boolean {
  return PREFIX.test(text);
}

/** @returns how many serial references one extension digit gives under a prefix: 0 up to this, less one. */
export function serialsOf(prefix: string): number {
  return 10 ** (BODY_DIGITS - 1 - prefix.length);
}

/**
 * Makes the code of a serial reference.
 * @param prefix GS1 company prefix, see `isGs1Prefix`.
 * @param extension 0 to 9, free to the owner of the prefix.
 * @param serial whole number from 0.
 * @throws on a prefix, extension or serial that can never be right: the configuration was not checked.
 */
export function makeSscc(prefix: string, extension: number, serial: number): MadeSscc {
  if (!isGs1Prefix(prefix)) throw new RangeError(`not a GS1 company prefix: ${JSON.stringify(prefix)}`);
  if (!Number.isInteger(extension) || extension < 0 || extension > 9)
    throw new RangeError(`not an extension digit: ${extension}`);
  if (!Number.isSafeInteger(serial) || serial < 0) throw new RangeError(`not a serial reference: ${serial}`);
  const serials = serialsOf(prefix);
  if (serial >= serials) return { kind: 'exhausted', serials };
  const reference = String(serial).padStart(BODY_DIGITS - 1 - prefix.length, '0');
  const body = `${extension}${prefix}${reference}`;
  return { kind: 'made', sscc: `${body}${checkDigit(body)}` as Sscc };
}

/** @returns the code, or null when the text is not 18 digits or its check digit is wrong. */
export function parseSscc(text: string): Sscc | null {
  if (!/^\d{18}$/u.test(text)) return null;
  return checkDigit(text.slice(0, -1)) === Number(text.slice(-1)) ? (text as Sscc) : null;
}

/**
 * The check digit that follows these digits: weights 3, 1, 3… counted from the right, which is from the left too for
 * the odd lengths of SSCC (17), GTIN-8 (7) and GTIN-14 (13); (10 − sum mod 10) mod 10.
 */
export function checkDigit(digits: string): number {
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const weight = place % 2 === 0 ? 3 : 1;
    sum += weight * (digits.charCodeAt(digits.length - 1 - place) - 48);
  }
  return (10 - (sum % 10)) % 10;
}
