/**
 * The fonts of printed pages: the screens' own, Atkinson Hyperlegible Next, as static WOFF of the package that the
 * screens take too. (Variable WOFF2 breaks the PDF writer.)
 */
import { create } from 'fontkit';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const FILES = '@fontsource/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next';
/** Stands for a character that no font here has: a gap could be overlooked. */
const MISSING = '?';

export type FontName = `${'latin' | 'latin-ext'}-${'400' | '700'}`;
const FONT_NAMES: readonly FontName[] = ['latin-400', 'latin-700', 'latin-ext-400', 'latin-ext-700'];

export interface PdfFont {
  readonly file: Buffer;
  /** Whether it can draw the character. */
  readonly has: (codePoint: number) => boolean;
}
export type PdfFonts = ReadonlyMap<FontName, PdfFont>;

let loaded: Promise<PdfFonts> | null = null;

/** @returns the fonts, read once for the life of the program. Rejects when their package is not installed. */
export function pdfFonts(): Promise<PdfFonts> {
  loaded ??= loadFonts();
  return loaded;
}

async function loadFonts(): Promise<PdfFonts> {
  const entries = await Promise.all(
    FONT_NAMES.map(async (name) => {
      const file = await readFile(fileURLToPath(import.meta.resolve(`${FILES}-${name}-normal.woff`)));
      const font = create(file);
      if (!('hasGlyphForCodePoint' in font)) throw new Error(`${name}: a collection, not a font`);
      return [name, { file, has: (codePoint: number) => font.hasGlyphForCodePoint(codePoint) }] as const;
    }),
  );
  return new Map(entries);
}

export interface TextRun {
  readonly font: FontName;
  readonly text: string;
}

/** Cuts a line where the font has to change. */
export function runsOf(text: string, bold: boolean, fonts: PdfFonts): readonly TextRun[] {
  const weight = bold ? '700' : '400';
  const usable: readonly FontName[] = [`latin-${weight}`, `latin-ext-${weight}`];
  const runs: { font: FontName; text: string }[] = [];
  for (const character of text) {
    const found = usable.find((name) => fonts.get(name)?.has(character.codePointAt(0) ?? 0));
    const font: FontName = found ?? `latin-${weight}`;
    const drawn = found === undefined ? MISSING : character;
    const last = runs.at(-1);
    if (last?.font === font) last.text += drawn;
    else runs.push({ font, text: drawn });
  }
  return runs;
}
