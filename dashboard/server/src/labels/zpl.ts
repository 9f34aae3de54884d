/**
 * Draws a page in ZPL II, for label printers of 203 dpi (8 dots a millimetre).
 *
 * Texts that people typed reach the printer between `^FD` and `^FS` alone, and every character that could begin a
 * command or an escape is written in hexadecimal (`^FH`).
 */
import type { Drawing, FrameMark, HatchMark, Mark, PictogramMark, QrMark, TextMark } from './drawing.ts';
import { hatchStrokes } from './hatch.ts';
import { pictogramRaster } from './pictogram-raster.ts';
import { GS1_MODULE_MM, QR_QUIET_MODULES, qrModules } from './symbols.ts';

const DOTS_PER_MM = 8;
/** From the top of the printer's own letters to their base line, in parts of their height. */
const ASCENT = 0.76;

/** @returns one label as UTF-8 text; printed once. */
export function zplOf({ widthMm, heightMm, marks }: Drawing): string {
  return [
    '^XA',
    '^CI28',
    `^PW${dots(widthMm)}`,
    `^LL${dots(heightMm)}`,
    '^LH0,0',
    ...marks.map(markZpl),
    '^PQ1',
    '^XZ\n',
  ].join('\n');
}

/** A text as field data after `^FH`: no character of it is a command. */
export function fieldData(text: string): string {
  return text.replaceAll(/[\p{Cc}^~_]/gu, (character) =>
    /\p{Cc}/u.test(character) ? ' ' : `_${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function markZpl(mark: Mark): string {
  switch (mark.kind) {
    case 'text':
      return textZpl(mark);
    case 'frame':
      return frameZpl(mark);
    case 'rule':
      return boxZpl(mark.x, mark.y, mark.width, mark.height);
    case 'hatch':
      return hatchZpl(mark);
    case 'pictogram':
      return pictogramZpl(mark);
    case 'gs1': {
      // Subset C throughout: `>;` begins in it, `>8` is FNC1.
      const bars = `^BY${dots(GS1_MODULE_MM)}^BCN,${dots(mark.height)},N,N,N,N^FD>;>800${mark.sscc}^FS`;
      return `^FO${dots(mark.x)},${dots(mark.y)}${bars}`;
    }
    case 'qr':
      return qrZpl(mark);
  }
}

function textZpl({ x, y, anchor, size, room, text }: TextMark): string {
  const height = dots(size);
  const font = `^A0N,${height},${height}`;
  if (anchor === 'start') return `^FT${dots(x)},${dots(y)}${font}^FH^FD${fieldData(text)}^FS`;
  const left = anchor === 'middle' ? x - room / 2 : x - room;
  const block = `^FB${dots(room)},1,0,${anchor === 'middle' ? 'C' : 'R'}`;
  // In a block a backslash would begin an escape.
  const data = fieldData(text.replaceAll('\\', '/'));
  return `^FO${dots(left)},${dots(y - ASCENT * size)}${font}${block}^FH^FD${data}^FS`;
}

function frameZpl({ x, y, width, height, line }: FrameMark): string {
  return `^FO${dots(x)},${dots(y)}^GB${dots(width)},${dots(height)},${dots(line)}^FS`;
}

function boxZpl(x: number, y: number, width: number, height: number): string {
  const [wide, high] = [Math.max(1, dots(width)), Math.max(1, dots(height))];
  return `^FO${dots(x)},${dots(y)}^GB${wide},${high},${Math.min(wide, high)}^FS`;
}

function hatchZpl({ x, y, width, height, pattern }: HatchMark): string {
  const { filled, strokes, strokeMm, dots: circles } = hatchStrokes(pattern, width, height);
  const lines = strokes.map(({ x1, y1, x2, y2 }) => {
    const box = `${Math.max(3, dots(x2 - x1))},${Math.max(3, dots(Math.abs(y2 - y1)))}`;
    const lean = y2 < y1 ? 'R' : 'L';
    return `^FO${dots(x + x1)},${dots(y + Math.min(y1, y2))}^GD${box},${dots(strokeMm)},B,${lean}^FS`;
  });
  const points = circles.map((circle) => {
    const place = `${dots(x + circle.x - circle.radius)},${dots(y + circle.y - circle.radius)}`;
    const diameter = dots(2 * circle.radius);
    return `^FO${place}^GC${diameter},${diameter},B^FS`;
  });
  return [...(filled ? [boxZpl(x, y, width, height)] : []), ...lines, ...points].join('\n');
}

function pictogramZpl({ x, y, size, pictogram }: PictogramMark): string {
  const rows = pictogramRaster(pictogram, dots(size));
  const bytesPerRow = Math.ceil(dots(size) / 8);
  const hex = rows.map((row) =>
    Array.from({ length: bytesPerRow }, (_, at) => byteOf(row.slice(8 * at, 8 * at + 8))).join(''),
  );
  const total = bytesPerRow * rows.length;
  return `^FO${dots(x)},${dots(y)}^GFA,${total},${total},${bytesPerRow},${hex.join('')}^FS`;
}

function byteOf(eight: readonly boolean[]): string {
  const value = Array.from({ length: 8 }, (_, bit) => (eight[bit] === true ? 0x80 >> bit : 0)).reduce(
    (sum, bit) => sum + bit,
    0,
  );
  return value.toString(16).toUpperCase().padStart(2, '0');
}

/** Whole dots per module, as many as fit into the mark's square with the quiet zone. */
function qrZpl({ x, y, size, content }: QrMark): string {
  const { side } = qrModules(content);
  const module = Math.min(10, Math.floor(dots(size) / (side + 2 * QR_QUIET_MODULES)));
  const inset = Math.floor((dots(size) - side * module) / 2);
  const place = `^FO${dots(x) + inset},${dots(y) + inset}`;
  return `${place}^BQN,2,${module}^FH^FDMA,${fieldData(content)}^FS`;
}

function dots(mm: number): number {
  return Math.round(mm * DOTS_PER_MM);
}
