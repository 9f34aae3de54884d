/** Draws a page as SVG. Text stays text: it can be read aloud, searched and copied. */
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
import { PICTOGRAM_GRID, PICTOGRAM_STROKE, pictogramOutline } from './pictograms.ts';
import { GS1_MODULE_MM, gs1Bars, QR_QUIET_MODULES, qrModules } from './symbols.ts';

const FONTS = "'Atkinson Hyperlegible Next', Arial, sans-serif";

/** @returns a whole document, in mm, black on white. */
export function svgOf({ title, widthMm, heightMm, marks }: Drawing): string {
  const size = `width="${widthMm}mm" height="${heightMm}mm" viewBox="0 0 ${widthMm} ${heightMm}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" font-family="${FONTS}">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${widthMm}" height="${heightMm}" fill="#fff"/>`,
    ...marks.map(markSvg),
    '</svg>\n',
  ].join('\n');
}

function markSvg(mark: Mark): string {
  switch (mark.kind) {
    case 'text':
      return textSvg(mark);
    case 'frame':
      return frameSvg(mark);
    case 'rule':
      return `<path d="${rectangle(mark.x, mark.y, mark.width, mark.height)}"/>`;
    case 'hatch':
      return hatchSvg(mark);
    case 'pictogram':
      return pictogramSvg(mark);
    case 'gs1':
      return gs1Svg(mark);
    case 'qr':
      return qrSvg(mark);
  }
}

function textSvg({ x, y, anchor, size, bold, text }: TextMark): string {
  const weight = bold ? ' font-weight="700"' : '';
  const place = `x="${round(x)}" y="${round(y)}" font-size="${round(size)}" text-anchor="${anchor}"`;
  return `<text ${place}${weight} xml:space="preserve">${escapeXml(text)}</text>`;
}

function frameSvg({ x, y, width, height, line }: FrameMark): string {
  const inner = [x + line / 2, y + line / 2, width - line, height - line].map(round);
  const [left = 0, top = 0, wide = 0, high = 0] = inner;
  const place = `x="${left}" y="${top}" width="${wide}" height="${high}"`;
  return `<rect ${place} fill="none" stroke="#000" stroke-width="${line}"/>`;
}

function hatchSvg({ x, y, width, height, pattern }: HatchMark): string {
  const { filled, strokes, strokeMm, dots } = hatchStrokes(pattern, width, height);
  const lines = strokes
    .map(({ x1, y1, x2, y2 }) => `M${round(x + x1)} ${round(y + y1)}L${round(x + x2)} ${round(y + y2)}`)
    .join('');
  return [
    filled ? `<path d="${rectangle(x, y, width, height)}"/>` : '',
    lines === '' ? '' : `<path d="${lines}" stroke="#000" stroke-width="${strokeMm}"/>`,
    ...dots.map((dot) => `<circle cx="${round(x + dot.x)}" cy="${round(y + dot.y)}" r="${dot.radius}"/>`),
  ].join('');
}

function pictogramSvg({ x, y, size, pictogram }: PictogramMark): string {
  const placed = `transform="translate(${round(x)} ${round(y)}) scale(${size / PICTOGRAM_GRID})"`;
  const stroke = `stroke="#000" stroke-width="${PICTOGRAM_STROKE}" stroke-linecap="round" stroke-linejoin="round"`;
  return `<path ${placed} fill="none" ${stroke} d="${pictogramOutline(pictogram)}"/>`;
}

function gs1Svg({ x, y, height, sscc }: Gs1Mark): string {
  const bars = gs1Bars(sscc).map(({ at, width }) =>
    rectangle(x + at * GS1_MODULE_MM, y, width * GS1_MODULE_MM, height),
  );
  return `<path d="${bars.join('')}" shape-rendering="crispEdges"/>`;
}

/** On a grid of modules, so that neighbouring ones leave no seam between them. */
function qrSvg({ x, y, size, content }: QrMark): string {
  const { side, runs } = qrModules(content);
  const scale = size / (side + 2 * QR_QUIET_MODULES);
  const path = runs.map((run) => rectangle(run.x + QR_QUIET_MODULES, run.y + QR_QUIET_MODULES, run.width, 1));
  const placed = `transform="translate(${round(x)} ${round(y)}) scale(${scale})"`;
  return `<path ${placed} d="${path.join('')}" shape-rendering="crispEdges"/>`;
}

function rectangle(x: number, y: number, width: number, height: number): string {
  return `M${round(x)} ${round(y)}h${round(width)}v${round(height)}h${round(-width)}z`;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
