/** A spectrum as a row: 32-bit floats, little-endian, four bytes a point, and more exact than any detector. */
import { crc32 } from 'node:zlib';
import { MAX_POINTS, QUANTITIES, type Spectrum } from '../domain/nir/spectrum.ts';

const FLOAT32_BYTES = 4;
const FLOAT64_BYTES = 8;

/** On which wavelengths, and what the values stand for. */
export interface SpectrumRow {
  readonly quantity: string;
  readonly instrument: string | null;
  /** Of a regular grid, nm; null: the wavelengths are told one by one. */
  readonly fromNm: number | null;
  readonly stepNm: number | null;
  /** Points of a regular grid, which may be others than there are values: it is kept as it came. */
  readonly points: number;
  /** Wavelengths one by one, 64-bit floats; null: they are regular. */
  readonly axis: Uint8Array | null;
  readonly values: Uint8Array;
}

/** Of its own: whoever gave it may write over it. Points past {@link MAX_POINTS} are left out. */
export function spectrumRow({ quantity, instrument, wavelengthsNm, values }: Spectrum): SpectrumRow {
  const common = { quantity, instrument, values: bytesOf(values, FLOAT32_BYTES) };
  if ('count' in wavelengthsNm) {
    const { from, step, count } = wavelengthsNm;
    return { ...common, fromNm: from, stepNm: step, points: count, axis: null };
  }
  const axis = bytesOf(wavelengthsNm, FLOAT64_BYTES);
  return { ...common, fromNm: null, stepNm: null, points: axis.length / FLOAT64_BYTES, axis };
}

/** @returns null: it is none. */
export function spectrumOfRow(row: SpectrumRow): Spectrum | null {
  const { instrument, fromNm, stepNm, points, axis, values } = row;
  const quantity = QUANTITIES.find((known) => known === row.quantity);
  if (quantity === undefined || values.length % FLOAT32_BYTES !== 0) return null;
  const common = {
    quantity,
    instrument,
    values: Float32Array.from(numbersOf(values, FLOAT32_BYTES)),
  };
  if (axis !== null) {
    return { ...common, wavelengthsNm: Float64Array.from(numbersOf(axis, FLOAT64_BYTES)) };
  }
  if (fromNm === null || stepNm === null) return null;
  return { ...common, wavelengthsNm: { from: fromNm, step: stepNm, count: points } };
}

/** @param n of the row: a spectrum of another piece is none of this one. */
export function spectrumChecksum(n: number, row: SpectrumRow): number {
  const { quantity, instrument, fromNm, stepNm, points, axis, values } = row;
  const words = crc32(JSON.stringify([n, quantity, instrument, fromNm, stepNm, points]));
  return crc32(values, axis === null ? words : crc32(axis, words));
}

function bytesOf(values: ArrayLike<number>, width: typeof FLOAT32_BYTES | typeof FLOAT64_BYTES): Uint8Array {
  const count = Math.min(values.length, MAX_POINTS);
  const bytes = new Uint8Array(width * count);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < count; index += 1) {
    const value = values[index] ?? Number.NaN;
    if (width === FLOAT32_BYTES) view.setFloat32(width * index, value, true);
    else view.setFloat64(width * index, value, true);
  }
  return bytes;
}

function numbersOf(bytes: Uint8Array, width: typeof FLOAT32_BYTES | typeof FLOAT64_BYTES): readonly number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / width) }, (_, index) =>
    width === FLOAT32_BYTES ? view.getFloat32(width * index, true) : view.getFloat64(width * index, true),
  );
}
