/**
 * The sheet for the hours without computer: A4 landscape, numbered beforehand, so that what is written on it can be
 * entered later and a row entered twice is noticed. It asks what was made and when, never who made it.
 */
import type { Drawing, Mark } from './drawing.ts';
import { fitText } from './fit-text.ts';
import type { HatchPattern } from './hatch.ts';
import type { PictogramId } from './pictograms.ts';

const WIDTH_MM = 297;
const HEIGHT_MM = 210;
const MARGIN = 10;
const HEAD_TOP = 30;
const HEAD_HEIGHT = 22;
const ROW_HEIGHT = 9;
const ROWS_TOP = HEAD_TOP + HEAD_HEIGHT;
/** Rows of a sheet. */
export const ROWS_PER_SHEET = 15;
/** Boxes that stay wide enough to be crossed with gloves on. */
export const MAX_SHEET_OUTLETS = 12;
export const MAX_SHEETS = 100;
/** Outlets' boxes are no wider than this, so that few of them stay together. */
const WIDEST_BOX = 24;
const LINE = 0.25;

export interface SheetOutlet {
  readonly name: string;
  readonly pictogram: PictogramId;
  readonly pattern: HatchPattern;
}

export interface SheetRequest {
  readonly siteName: string;
  /** As people call it; null: to be written by hand. */
  readonly pressName: string | null;
  /** Open at this press, in the order of its tiles; 1 to `MAX_SHEET_OUTLETS`. */
  readonly outlets: readonly SheetOutlet[];
  /** Number of the first sheet, whole, from 1. */
  readonly firstSheet: number;
  /** 1 to `MAX_SHEETS`. */
  readonly sheets: number;
  readonly demo: boolean;
}

/** @returns the number of a row as it is printed and typed later: `12-07`. */
export function sheetRowNumber(sheet: number, row: number): string {
  return `${sheet}-${String(row).padStart(2, '0')}`;
}

/** One drawing per sheet. @throws on numbers that were not checked. */
export function paperSheets(request: SheetRequest): readonly Drawing[] {
  const { outlets, sheets, firstSheet } = request;
  if (outlets.length < 1 || outlets.length > MAX_SHEET_OUTLETS)
    throw new RangeError(`a sheet for ${outlets.length} outlets, from 1 to ${MAX_SHEET_OUTLETS}`);
  if (!Number.isInteger(sheets) || sheets < 1 || sheets > MAX_SHEETS)
    throw new RangeError(`${sheets} sheets, from 1 to ${MAX_SHEETS}`);
  if (!Number.isSafeInteger(firstSheet) || firstSheet < 1)
    throw new RangeError(`sheet ${firstSheet}, numbers begin at 1`);
  return Array.from({ length: sheets }, (_, index) => sheetDrawing(request, firstSheet + index));
}

interface Column {
  readonly x: number;
  readonly width: number;
  readonly title: string;
  readonly outlet: SheetOutlet | null;
}

function columnsOf(outlets: readonly SheetOutlet[]): readonly Column[] {
  const before = [
    { title: 'Ligne', width: 20 },
    { title: 'Heure', width: 24 },
  ];
  const after = [
    { title: 'Poids brut kg', width: 34 },
    { title: 'Étiquette n°', width: 32 },
  ];
  const fixed = [...before, ...after].reduce((sum, { width }) => sum + width, 0);
  const box = Math.min(WIDEST_BOX, (WIDTH_MM - 2 * MARGIN - fixed) / outlets.length);
  const all = [
    ...before.map((column) => ({ ...column, outlet: null })),
    ...outlets.map((outlet) => ({ title: outlet.name, width: box, outlet })),
    ...after.map((column) => ({ ...column, outlet: null })),
  ];
  let x = MARGIN;
  return all.map((column) => {
    const placed = { ...column, x };
    x += column.width;
    return placed;
  });
}

function sheetDrawing(request: SheetRequest, sheet: number): Drawing {
  const columns = columnsOf(request.outlets);
  return {
    title: `Feuille de secours ${sheet}`,
    widthMm: WIDTH_MM,
    heightMm: HEIGHT_MM,
    marks: [
      ...titleMarks(request, sheet),
      ...gridMarks(columns),
      ...columns.flatMap(headMarks),
      ...Array.from({ length: ROWS_PER_SHEET }, (_, row) => rowMarks(columns, sheet, row)).flat(),
      fitText({
        text: 'À saisir dès le retour de l’informatique, avec le numéro de ligne. N’écrire aucun nom.',
        x: MARGIN,
        y: HEIGHT_MM - 10,
        size: 4,
        room: WIDTH_MM - 2 * MARGIN,
      }),
    ],
  };
}

function titleMarks({ siteName, pressName, demo }: SheetRequest, sheet: number): readonly Mark[] {
  const right = WIDTH_MM - MARGIN;
  const press = pressName === null ? [] : [fitText({ text: pressName, x: 122, y: 24, size: 5, room: 60 })];
  return [
    fitText({ text: 'Feuille de secours', x: MARGIN, y: 16, size: 8, room: 100, bold: true }),
    fitText({ text: siteName, x: MARGIN, y: 24, size: 5, room: 80 }),
    fitText({ text: 'Presse', x: 106, y: 24, size: 4, room: 15 }),
    ...(press.length > 0 ? press : [blank(122, 24, 60)]),
    fitText({ text: 'Jour', x: 188, y: 24, size: 4, room: 12 }),
    blank(200, 24, right - 200),
    ...(demo ? [fitText({ text: 'DÉMO', x: 122, y: 16, size: 8, room: 40, bold: true })] : []),
    fitText({ text: `n° ${sheet}`, x: right, anchor: 'end', y: 16, size: 10, room: 60, bold: true }),
  ];
}

function blank(x: number, y: number, width: number): Mark {
  return { kind: 'rule', x, y: y + 0.5, width, height: LINE };
}

function gridMarks(columns: readonly Column[]): readonly Mark[] {
  const [first] = columns;
  const last = columns.at(-1);
  if (first === undefined || last === undefined) return [];
  const [left, right] = [first.x, last.x + last.width];
  const bottom = ROWS_TOP + ROWS_PER_SHEET * ROW_HEIGHT;
  const across = Array.from({ length: ROWS_PER_SHEET + 1 }, (_, row) => ROWS_TOP + row * ROW_HEIGHT);
  const down = [...columns.map(({ x }) => x), right];
  return [
    ...[HEAD_TOP, ...across].map((y): Mark => ({
      kind: 'rule',
      x: left,
      y,
      width: right - left + LINE,
      height: LINE,
    })),
    ...down.map((x): Mark => ({ kind: 'rule', x, y: HEAD_TOP, width: LINE, height: bottom - HEAD_TOP })),
  ];
}

function headMarks({ x, width, title, outlet }: Column): readonly Mark[] {
  const middle = x + width / 2;
  const line = { x: middle, anchor: 'middle', room: width - 1.5, bold: true } as const;
  if (outlet === null) return [fitText({ ...line, text: title, y: ROWS_TOP - 3, size: 4, smallest: 3 })];
  const picture = 10;
  return [
    {
      kind: 'pictogram',
      x: middle - picture / 2,
      y: HEAD_TOP + 1.5,
      size: picture,
      pictogram: outlet.pictogram,
    },
    { kind: 'hatch', x: x + 1.5, y: HEAD_TOP + 12.5, width: width - 3, height: 2.5, pattern: outlet.pattern },
    fitText({ ...line, text: title, y: ROWS_TOP - 2.2, size: 3.6, smallest: 2 }),
  ];
}

function rowMarks(columns: readonly Column[], sheet: number, row: number): readonly Mark[] {
  const top = ROWS_TOP + row * ROW_HEIGHT;
  const number = sheetRowNumber(sheet, row + 1);
  const side = 6;
  return columns.flatMap(({ x, width, title, outlet }): readonly Mark[] => {
    const middle = x + width / 2;
    const line = { x: middle, anchor: 'middle', y: top + 6.2, room: width - 1.5 } as const;
    if (outlet !== null)
      return [{ kind: 'frame', x: middle - side / 2, y: top + 1.6, width: side, height: side, line: 0.35 }];
    if (title === 'Ligne') return [fitText({ ...line, text: number, size: 5, smallest: 3, bold: true })];
    return title === 'Heure' ? [fitText({ ...line, text: ':', size: 5 })] : [];
  });
}
