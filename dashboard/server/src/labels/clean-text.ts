/**
 * What may be printed of a text that people typed: one line, without anything that is no visible character. Control
 * and format characters (bidirectional overrides among them) could make a label say something else than the page.
 */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll(/[\p{Cf}\p{Co}\p{Cn}]/gu, '')
    .trim();
}
