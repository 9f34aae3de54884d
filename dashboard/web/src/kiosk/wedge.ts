/**
 * A barcode scanner types like a keyboard, only faster, and ends with Enter. A wired VALIDER button is a keyboard with
 * nothing but Enter.
 */

/** Between two characters of a scanner there is less than this; between two of a person more. */
const SCANNER_GAP_MS = 60;
/** The shortest code that is ours has more characters; a figure typed by a person has fewer. */
const SCAN_LENGTH_MIN = 6;
/** Longer than any code: what comes after it is left out. */
const SCAN_LENGTH_MAX = 512;

/** An Enter so soon after characters ends them: it is no touch of a wired button. */
const BROKEN_MS = 1_000;

export interface Wedge {
  readonly text: string;
  readonly lastMs: number;
}

export const NOTHING_TYPED: Wedge = { text: '', lastMs: Number.NEGATIVE_INFINITY };

export type WedgeOutcome =
  | { readonly kind: 'typed' }
  /** Enter, and no scan before it. */
  | { readonly kind: 'enter' }
  | { readonly kind: 'scan'; readonly text: string };

/**
 * @param key as `KeyboardEvent.key` has it.
 * @param nowMs monotonic.
 */
export function nextWedge(
  wedge: Wedge,
  key: string,
  nowMs: number,
): { readonly wedge: Wedge; readonly outcome: WedgeOutcome } {
  const inTime = nowMs - wedge.lastMs <= SCANNER_GAP_MS;
  if (key === 'Enter') {
    const isScan = inTime && wedge.text.length >= SCAN_LENGTH_MIN;
    const outcome: WedgeOutcome = isScan ? { kind: 'scan', text: wedge.text } : { kind: 'enter' };
    return { wedge: NOTHING_TYPED, outcome };
  }
  // Scanners send FNC1 as the control character 0x1D; browsers name it by its key combination.
  const character = key.length === 1 ? key : key === 'F8' ? '\u001D' : '';
  if (character === '') return { wedge, outcome: { kind: 'typed' } };
  const text = inTime ? (wedge.text + character).slice(0, SCAN_LENGTH_MAX) : character;
  return { wedge: { text, lastMs: nowMs }, outcome: { kind: 'typed' } };
}

/** Whether an Enter now, that is none of a scan, ends characters which came too slowly for one. */
export function isBroken({ text, lastMs }: Wedge, nowMs: number): boolean {
  return text !== '' && nowMs - lastMs <= BROKEN_MS;
}
