/** What somebody scanned or typed to find an output, as the server looks it up. */
import { readScan } from '@trame/protocol/scanned-code';

const SHORT_NUMBER = /^(?:B|n°)?\s*(?<number>[1-9]\d{0,8})$/iu;
const NAME = /^[\w.~-]{1,63}$/u;

/** @returns an SSCC, an id or a short number; null: it is nothing that an output of ours bears. */
export function scannedName(text: string): string | null {
  const typed = text.trim();
  const number = SHORT_NUMBER.exec(typed)?.groups?.['number'];
  if (number !== undefined) return number;
  // Whose address it is, is for the server to judge: it knows under which ones labels were printed.
  const origin = URL.parse(typed)?.origin;
  const scan = readScan(text, origin === undefined ? [] : [origin]);
  if (scan.kind === 'sscc') return scan.sscc;
  if (scan.kind === 'output') return scan.id;
  return NAME.test(typed) ? typed : null;
}
