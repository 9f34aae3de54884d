/** Draws pages as one PDF with its fonts inside: bars and modules are vectors, exact at any resolution. */
import PdfDocument from 'pdfkit';
import type {
  Drawing,
  FrameMark,
  Gs1Mark,
  HatchMark,
  Mark,
  PictogramMark,
  QrMark,
  TextMark,
} from './drawing.ts';
import { hatchStrokes } from './hatch.ts';
import { pdfFonts, runsOf, type PdfFonts } from './pdf-fonts.ts';
import { PICTOGRAM_GRID, PICTOGRAM_STROKE, pictogramOutline } from './pictograms.ts';
import { GS1_MODULE_MM, gs1Bars, QR_QUIET_MODULES, qrModules } from './symbols.ts';

type Pdf = InstanceType<typeof PdfDocument>;

const POINTS_PER_MM = 72 / 25.4;
/** More pages than a roll of labels has are asked for by mistake. */
export const MAX_PDF_PAGES = 2_000;

/**
 * One page per drawing.
 * @param madeAtMs ms since 1970, kept in the document: the same drawings at the same time give the same bytes.
 * @throws on no page, or more than `MAX_PDF_PAGES`.
 */
export async function pdfOf(pages: readonly Drawing[], madeAtMs: number): Promise<Buffer> {
  const [first] = pages;
  if (first === undefined || pages.length > MAX_PDF_PAGES)
    throw new RangeError(`a PDF of ${pages.length} pages, from 1 to ${MAX_PDF_PAGES}`);
  const fonts = await pdfFonts();
  const pdf = new PdfDocument({
    autoFirstPage: false,
    margin: 0,
    lang: 'fr-FR',
    displayTitle: true,
    info: { Title: first.title, CreationDate: new Date(madeAtMs) },
  });
  const bytes = collect(pdf);
  for (const [name, { file }] of fonts) pdf.registerFont(name, file);
  for (const page of pages) addPage(pdf, page, fonts);
  pdf.end();
  return bytes;
}

function collect(pdf: Pdf): Promise<Buffer> {
  const chunks: Buffer[] = [];
  return new Promise((resolve, reject) => {
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
    pdf.once('error', reject);
    pdf.once('end', () => resolve(Buffer.concat(chunks)));
  });
}

function addPage(pdf: Pdf, { widthMm, heightMm, marks }: Drawing, fonts: PdfFonts): void {
  pdf.addPage({ size: [widthMm * POINTS_PER_MM, heightMm * POINTS_PER_MM], margin: 0 });
  pdf.scale(POINTS_PER_MM);
  for (const mark of marks) drawMark(pdf, mark, fonts);
}

function drawMark(pdf: Pdf, mark: Mark, fonts: PdfFonts): void {
  switch (mark.kind) {
    case 'text':
      return drawText(pdf, mark, fonts);
    case 'frame':
      return drawFrame(pdf, mark);
    case 'rule':
      return void pdf.rect(mark.x, mark.y, mark.width, mark.height).fill('black');
    case 'hatch':
      return drawHatch(pdf, mark);
    case 'pictogram':
      return drawPictogram(pdf, mark);
    case 'gs1':
      return drawGs1(pdf, mark);
    case 'qr':
      return drawQr(pdf, mark);
  }
}

function drawText(pdf: Pdf, { x, y, anchor, size, bold, text }: TextMark, fonts: PdfFonts): void {
  const runs = runsOf(text, bold, fonts).map((run) => ({
    ...run,
    width: pdf.font(run.font).fontSize(size).widthOfString(run.text),
  }));
  const width = runs.reduce((sum, run) => sum + run.width, 0);
  let left = x - { start: 0, middle: width / 2, end: width }[anchor];
  for (const run of runs) {
    pdf.font(run.font).fontSize(size).fillColor('black');
    pdf.text(run.text, left, y, { lineBreak: false, baseline: 'alphabetic' });
    left += run.width;
  }
}

function drawFrame(pdf: Pdf, { x, y, width, height, line }: FrameMark): void {
  pdf.rect(x + line / 2, y + line / 2, width - line, height - line);
  pdf.lineWidth(line).stroke('black');
}

function drawHatch(pdf: Pdf, { x, y, width, height, pattern }: HatchMark): void {
  const { filled, strokes, strokeMm, dots } = hatchStrokes(pattern, width, height);
  if (filled) pdf.rect(x, y, width, height).fill('black');
  for (const { x1, y1, x2, y2 } of strokes) pdf.moveTo(x + x1, y + y1).lineTo(x + x2, y + y2);
  if (strokes.length > 0) pdf.lineWidth(strokeMm).lineCap('butt').stroke('black');
  for (const dot of dots) pdf.circle(x + dot.x, y + dot.y, dot.radius).fill('black');
}

function drawPictogram(pdf: Pdf, { x, y, size, pictogram }: PictogramMark): void {
  pdf.save();
  pdf.translate(x, y).scale(size / PICTOGRAM_GRID);
  pdf.lineWidth(PICTOGRAM_STROKE).lineCap('round').lineJoin('round');
  pdf.path(pictogramOutline(pictogram)).stroke('black');
  pdf.restore();
}

function drawGs1(pdf: Pdf, { x, y, height, sscc }: Gs1Mark): void {
  for (const { at, width } of gs1Bars(sscc))
    pdf.rect(x + at * GS1_MODULE_MM, y, width * GS1_MODULE_MM, height);
  pdf.fill('black');
}

function drawQr(pdf: Pdf, { x, y, size, content }: QrMark): void {
  const { side, runs } = qrModules(content);
  const module = size / (side + 2 * QR_QUIET_MODULES);
  for (const run of runs) {
    const left = x + (run.x + QR_QUIET_MODULES) * module;
    pdf.rect(left, y + (run.y + QR_QUIET_MODULES) * module, run.width * module, module);
  }
  pdf.fill('black');
}
