/** Hashes and epochs: of their digits a person compares the first ones. */

/** Enough to compare by eye with what the line's own command prints. */
const SHOWN_DIGITS = 8;
const LONG = /[0-9a-f]{32,}/gu;

/** @returns the digits that a person compares. */
export function shortDigits(digits: string): string {
  return digits.slice(0, SHOWN_DIGITS);
}

/** @returns a text for a person, in which long rows of digits are cut. */
export function withShortDigits(text: string): string {
  return text.replace(LONG, (digits) => `${shortDigits(digits)}…`);
}
