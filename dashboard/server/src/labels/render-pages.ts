/** Rolls of pre-printed labels and fallback sheets, ready to be printed. */
import { preprintedDrawing, type PreprintedLabel, type RollLook } from './preprinted-label.ts';
import { paperSheets, type SheetRequest } from './paper-sheet.ts';
import type { LabelFormat, RenderedLabel } from './render-label.ts';

/**
 * Draws a roll: as PDF one page a label, as ZPL one job, as SVG the first label alone, to look at.
 * @param labels one at least, see `rollOf`. @param madeAtMs ms since 1970, kept in the PDF.
 */
export async function renderRoll(
  labels: readonly PreprintedLabel[],
  look: RollLook,
  format: LabelFormat,
  madeAtMs: number,
): Promise<RenderedLabel> {
  const [first, ...others] = labels.map((label) => preprintedDrawing(label, look));
  if (first === undefined) throw new RangeError('a roll without labels');
  switch (format) {
    case 'svg': {
      const { svgOf } = await import('./svg.ts');
      return { contentType: 'image/svg+xml; charset=utf-8', body: svgOf(first) };
    }
    case 'pdf': {
      const { pdfOf } = await import('./pdf.ts');
      return { contentType: 'application/pdf', body: await pdfOf([first, ...others], madeAtMs) };
    }
    case 'zpl': {
      const { zplOf } = await import('./zpl.ts');
      const body = [first, ...others].map(zplOf).join('');
      return { contentType: 'application/zpl; charset=utf-8', body };
    }
  }
}

/** Draws fallback sheets as one PDF. @param madeAtMs ms since 1970, kept in the PDF. */
export async function renderSheets(request: SheetRequest, madeAtMs: number): Promise<RenderedLabel> {
  const { pdfOf } = await import('./pdf.ts');
  return { contentType: 'application/pdf', body: await pdfOf(paperSheets(request), madeAtMs) };
}
