/** The modules of the two symbols that scanners read. */
import bwip from 'bwip-js/node';
import type { Sscc } from '@trame/protocol/sscc';

/** Width of the narrowest bar, mm: within GS1's 0.495 to 1.016 for logistic labels, and 4 dots of a 203 dpi printer. */
export const GS1_MODULE_MM = 0.5;
/** Start, FNC1, AI 00 and 18 digits in pairs, check character, stop. */
export const GS1_MODULES = 156;
/** Free on both sides of the bars: 10 modules. */
export const GS1_QUIET_MM = 10 * GS1_MODULE_MM;
export const GS1_WIDTH_MM = GS1_MODULES * GS1_MODULE_MM;
/** Free around a QR code: 4 modules. */
export const QR_QUIET_MODULES = 4;
/** More would need modules too small for a 203 dpi printer. */
export const MAX_QR_CHARACTERS = 150;

/** A bar, in modules from the first one. */
export interface Bar {
  readonly at: number;
  readonly width: number;
}

/** GS1-128 of `(00)` and the code. @returns the black bars, within `GS1_MODULES`. */
export function gs1Bars(sscc: Sscc): readonly Bar[] {
  const [symbol] = bwip.raw({ bcid: 'gs1-128', text: `(00)${sscc}` });
  if (symbol === undefined || !('sbs' in symbol)) throw new Error('bwip-js gave no bars for GS1-128');
  const bars: Bar[] = [];
  let at = 0;
  for (const [index, width] of symbol.sbs.entries()) {
    if (index % 2 === 0) bars.push({ at, width });
    at += width;
  }
  if (at !== GS1_MODULES) throw new Error(`GS1-128 of an SSCC has ${at} modules, not ${GS1_MODULES}`);
  return bars;
}

export interface QrModules {
  /** Modules along one side, quiet zone not counted. */
  readonly side: number;
  /** Black runs, row by row. */
  readonly runs: readonly { readonly x: number; readonly y: number; readonly width: number }[];
}

/** QR code, error correction M (15 %): a label on a bale is scratched. @throws when the content is too long. */
export function qrModules(content: string): QrModules {
  if (content.length > MAX_QR_CHARACTERS)
    throw new RangeError(`QR content of ${content.length} characters, at most ${MAX_QR_CHARACTERS}`);
  const [symbol] = bwip.raw('qrcode', content, 'eclevel=M');
  if (symbol === undefined || !('pixs' in symbol)) throw new Error('bwip-js gave no modules for a QR code');
  const side = symbol.pixx;
  const runs: { x: number; y: number; width: number }[] = [];
  for (let y = 0; y < symbol.pixy; y += 1) {
    for (let x = 0; x < side; x += 1) {
      if (symbol.pixs[y * side + x] !== 1) continue;
      const last = runs.at(-1);
      if (last !== undefined && last.y === y && last.x + last.width === x) last.width += 1;
      else runs.push({ x, y, width: 1 });
    }
  }
  return { side, runs };
}
