/** SVG path data as straight strokes, for printers that know no curves. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Pieces into which a curve is cut: at 8 dots a millimetre no corner is seen. */
const PIECES = 16;

const ARGUMENTS: Readonly<Record<string, number>> = { M: 2, L: 2, H: 1, V: 1, C: 6, A: 7, Z: 0 };

/**
 * Flattens path data of the commands M L H V C A Z, in either case.
 * @returns one line of points per pen stroke. @throws on any other command.
 */
export function flattenPath(data: string): readonly (readonly Point[])[] {
  const lines: Point[][] = [];
  let at: Point = { x: 0, y: 0 };
  let line: Point[] = [];
  for (const { command, values } of segmentsOf(data)) {
    const isRelative = command !== command.toUpperCase();
    const origin = isRelative ? at : { x: 0, y: 0 };
    const point = (index: number): Point => ({
      x: origin.x + (values[index] ?? 0),
      y: origin.y + (values[index + 1] ?? 0),
    });
    const upper = command.toUpperCase();
    if (upper === 'M') {
      line = [point(0)];
      lines.push(line);
    } else if (upper === 'Z') {
      line = line.slice(0, 1);
      lines.at(-1)?.push(...line);
      lines.push(line);
    } else {
      line.push(...pointsOf(upper, at, origin, values, point));
    }
    at = line.at(-1) ?? at;
  }
  return lines.filter(({ length }) => length > 1);
}

interface Segment {
  readonly command: string;
  readonly values: readonly number[];
}

/** Each command with its own arguments; repeated arguments repeat the command, after a move as lines. */
function segmentsOf(data: string): readonly Segment[] {
  const segments: Segment[] = [];
  for (const [, letter = '', rest = ''] of data.matchAll(/([A-Za-z])([^A-Za-z]*)/gu)) {
    const count = ARGUMENTS[letter.toUpperCase()];
    if (count === undefined) throw new RangeError(`path command ${letter} is not drawn here`);
    if (count === 0) {
      segments.push({ command: letter, values: [] });
      continue;
    }
    const values = numbersOf(rest, letter.toUpperCase() === 'A');
    let command = letter;
    for (let from = 0; from + count <= values.length; from += count) {
      segments.push({ command, values: values.slice(from, from + count) });
      if (letter === 'M') command = 'L';
      if (letter === 'm') command = 'l';
    }
  }
  return segments;
}

/** The two flags of an arc are one digit each and may touch what follows. */
function numbersOf(text: string, isArc: boolean): number[] {
  const numbers: number[] = [];
  const pattern = /[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/uy;
  const flag = /[01]/uy;
  let at = 0;
  while (at < text.length) {
    if (/[\s,]/u.test(text[at] ?? '')) {
      at += 1;
      continue;
    }
    const place = numbers.length % 7;
    const reader = isArc && (place === 3 || place === 4) ? flag : pattern;
    reader.lastIndex = at;
    const [found] = reader.exec(text) ?? [];
    if (found === undefined) throw new RangeError(`no number at «${text.slice(at)}»`);
    numbers.push(Number(found));
    at = reader.lastIndex;
  }
  return numbers;
}

function pointsOf(
  command: string,
  from: Point,
  origin: Point,
  values: readonly number[],
  point: (index: number) => Point,
): readonly Point[] {
  switch (command) {
    case 'H':
      return [{ x: origin.x + (values[0] ?? 0), y: from.y }];
    case 'V':
      return [{ x: from.x, y: origin.y + (values[0] ?? 0) }];
    case 'C':
      return cubic(from, point(0), point(2), point(4));
    case 'A':
      return arc(from, values, point(5));
    default:
      return [point(0)];
  }
}

function cubic(a: Point, b: Point, c: Point, d: Point): readonly Point[] {
  return pieces((t) => {
    const u = 1 - t;
    const mix = (p: number, q: number, r: number, s: number) =>
      u ** 3 * p + 3 * u * u * t * q + 3 * u * t * t * r + t ** 3 * s;
    return { x: mix(a.x, b.x, c.x, d.x), y: mix(a.y, b.y, c.y, d.y) };
  });
}

/** A circular arc by its end points (SVG 2, appendix B.2.4, for equal radii). */
function arc(from: Point, values: readonly number[], to: Point): readonly Point[] {
  const [radius = 0, second = 0, , large = 0, sweep = 0] = values;
  if (radius !== second) throw new RangeError('only circular arcs are drawn here');
  const half = { x: (from.x - to.x) / 2, y: (from.y - to.y) / 2 };
  const distance = Math.hypot(half.x, half.y);
  if (distance === 0 || radius === 0) return [to];
  const r = Math.max(radius, distance);
  const side = large === sweep ? -1 : 1;
  const factor = (side * Math.sqrt(Math.max(0, r * r - distance * distance))) / distance;
  const centre = {
    x: (from.x + to.x) / 2 + factor * half.y,
    y: (from.y + to.y) / 2 - factor * half.x,
  };
  const start = Math.atan2(from.y - centre.y, from.x - centre.x);
  const end = Math.atan2(to.y - centre.y, to.x - centre.x);
  const full = 2 * Math.PI;
  const turn = sweep === 1 ? (end - start + full) % full : -((start - end + full) % full);
  return pieces((t) => ({
    x: centre.x + r * Math.cos(start + turn * t),
    y: centre.y + r * Math.sin(start + turn * t),
  }));
}

function pieces(at: (t: number) => Point): readonly Point[] {
  return Array.from({ length: PIECES }, (_, index) => at((index + 1) / PIECES));
}
