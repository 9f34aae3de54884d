/** Labelled spectra as comma-separated values: what is wrong with a file is said with its line. */
import type { RegularGrid } from '../domain/nir/spectrum.ts';
import {
  isBackground,
  LABEL_COLUMNS,
  REQUIRED_LABELS,
  type LabelledRow,
  type LabelFibre,
} from './labelled-row.ts';

const REQUIRED = ['dataset', 'sample', 'class', ...REQUIRED_LABELS, 'file'] as const;
const NAMED: readonly string[] = [...REQUIRED, ...LABEL_COLUMNS];

/** Wrong in a way that a person has to mend; the message says where. */
export class SpectraError extends Error {
  override readonly name = 'SpectraError';
}

/** Rows of one file; more than that are not swatches that somebody measured. */
export const MAX_ROWS = 100_000;
const MAX_COLUMNS = 9000;
const LEAST_WAVELENGTHS = 2;
/** Labels are rounded by those who sew them. */
const MOST_LABEL_SUM = 101;
const LEAST_LABEL_SUM = 99;
/** A sum up to here is one of fractions. */
const MOST_FRACTIONS = 1.01;

interface Header {
  readonly columns: ReadonlyMap<string, number>;
  /** Index of the column of each wavelength. */
  readonly channels: readonly number[];
  readonly wavelengthsNm: RegularGrid | readonly number[];
  readonly width: number;
}

/**
 * The first line names the columns: `dataset,sample,class,cotton,polyester,nylon,wool,acetate,acrylic,file`, then one
 * column per wavelength, named in nm. `flax`, `viscose`, `polypropylene` and `elastane` may be there as well. A
 * cell of the spectrum that is empty or `NaN` is not a number, and judged as such.
 *
 * @throws SpectraError
 */
export function parseSpectra(text: string, name: string): LabelledRow[] {
  const lines = text.replace(/^\uFEFF/u, '').split(/\r?\n/u);
  const [first = ''] = lines;
  if (first.trim() === '')
    throw new SpectraError(`${name}:1: the file is empty: expected the names of columns`);
  const header = readHeader(splitLine(first, `${name}:1`), name);
  const rows: LabelledRow[] = [];
  for (let i = 1; i < lines.length; i += 1) {
    const line = lines[i] ?? '';
    if (line.trim() === '') continue;
    if (rows.length === MAX_ROWS) throw new SpectraError(`${name}: more than ${MAX_ROWS} rows`);
    rows.push(readRow(line, header, `${name}:${i + 1}`));
  }
  if (rows.length === 0) throw new SpectraError(`${name}: no row under the names of columns`);
  return rows;
}

function readHeader(cells: readonly string[], name: string): Header {
  const place = `${name}:1`;
  if (cells.length > MAX_COLUMNS) throw new SpectraError(`${place}: more than ${MAX_COLUMNS} columns`);
  const columns = new Map<string, number>();
  const channels: number[] = [];
  const nm: number[] = [];
  for (const [index, cell] of cells.entries()) {
    const title = cell.trim();
    if (columns.has(title)) throw new SpectraError(`${place}: the column «${title}» is there twice`);
    columns.set(title, index);
    if (NAMED.includes(title)) continue;
    const wavelength = title === '' ? Number.NaN : Number(title);
    if (!(Number.isFinite(wavelength) && wavelength > 0)) {
      throw new SpectraError(
        `${place}: unknown column «${title}»: expected ${REQUIRED.join(', ')} or a wavelength in nm`,
      );
    }
    channels.push(index);
    nm.push(wavelength);
  }
  const missing = REQUIRED.filter((title) => !columns.has(title));
  if (missing.length > 0) throw new SpectraError(`${place}: missing column ${missing.join(', ')}`);
  if (nm.length < LEAST_WAVELENGTHS) throw new SpectraError(`${place}: no columns of wavelengths`);
  const falling = nm.findIndex((value, i) => i > 0 && value <= (nm[i - 1] ?? 0));
  if (falling >= 0) throw new SpectraError(`${place}: wavelength ${nm[falling]} does not rise`);
  return { columns, channels, wavelengthsNm: asGrid(nm), width: cells.length };
}

function asGrid(nm: readonly number[]): RegularGrid | readonly number[] {
  const [from = 0, second = 0] = nm;
  const step = second - from;
  const isRegular = nm.every((value, i) => Math.abs(value - from - i * step) < 1e-6);
  return isRegular ? { from, step, count: nm.length } : nm;
}

function readRow(line: string, header: Header, place: string): LabelledRow {
  const cells = splitLine(line, place);
  if (cells.length !== header.width) {
    throw new SpectraError(`${place}: ${cells.length} cells, the first line names ${header.width} columns`);
  }
  const cell = (title: string): string => (cells[header.columns.get(title) ?? -1] ?? '').trim();
  const sample = cell('sample');
  if (sample === '') throw new SpectraError(`${place}: sample is empty: spectra are split by swatch`);
  return {
    dataset: cell('dataset'),
    sample,
    className: cell('class'),
    label: readLabel(cell, place),
    wavelengthsNm: header.wavelengthsNm,
    values: Float64Array.from(header.channels, (index) => readValue(cells[index] ?? '', place)),
    place,
  };
}

function readLabel(cell: (title: string) => string, place: string): LabelledRow['label'] {
  const label: Partial<Record<LabelFibre, number>> = {};
  let sum = 0;
  for (const fibre of LABEL_COLUMNS) {
    const text = cell(fibre);
    const percent = text === '' ? 0 : Number(text);
    if (!(percent >= 0 && percent <= 100)) {
      throw new SpectraError(`${place}: ${fibre} is «${text}»: expected a percentage, 0 to 100`);
    }
    sum += percent;
    if (percent > 0) label[fibre] = percent;
  }
  checkSum(sum, place);
  return label;
}

/** Nothing at all is what none of the fibres is in. */
function checkSum(sum: number, place: string): void {
  if (sum === 0 || (sum >= LEAST_LABEL_SUM && sum <= MOST_LABEL_SUM)) return;
  const told = Number(sum.toFixed(3));
  if (sum <= MOST_FRACTIONS) {
    throw new SpectraError(
      `${place}: the fibres add up to ${told}: these are fractions: expected percentages, 100 for all of it`,
    );
  }
  throw new SpectraError(`${place}: the fibres add up to ${told} %: expected 100, or 0 for none of them`);
}

/**
 * Whichever of two labels is right, the other one would teach the wrong fibre.
 * @throws SpectraError naming the first row of each label
 */
export function oneLabelEach(rows: readonly LabelledRow[]): void {
  const first = new Map<string, LabelledRow>();
  for (const row of rows) {
    const before = first.get(row.sample);
    if (before === undefined) first.set(row.sample, row);
    else if (labelWords(before) !== labelWords(row)) {
      throw new SpectraError(
        `the swatch «${row.sample}» has two labels: ${before.place} says ${labelWords(before)}, ` +
          `${row.place} says ${labelWords(row)}`,
      );
    }
  }
}

function labelWords(row: LabelledRow): string {
  const fibres = LABEL_COLUMNS.flatMap((fibre) => {
    const percent = row.label[fibre];
    return percent === undefined ? [] : [`${fibre} ${percent} %`];
  });
  if (fibres.length > 0) return fibres.join(', ');
  return isBackground(row) ? 'background' : 'none of the fibres';
}

function readValue(cell: string, place: string): number {
  const text = cell.trim();
  if (text === '' || /^[+-]?(?:nan|inf|infinity)$/iu.test(text)) return Number.NaN;
  const value = Number(text);
  if (Number.isNaN(value)) throw new SpectraError(`${place}: «${text.slice(0, 40)}» is not a number`);
  return value;
}

/** Cells of a line; a cell in quotes may hold commas, and quotes written twice (RFC 4180), but no end of line. */
function splitLine(line: string, place: string): string[] {
  if (!line.includes('"')) return line.split(',');
  const cells: string[] = [];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/gy;
  while (pattern.lastIndex <= line.length) {
    const match = pattern.exec(line);
    if (match === null) throw new SpectraError(`${place}: a quote is not closed, or stands inside a cell`);
    cells.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] !== ',') break;
  }
  return cells;
}
