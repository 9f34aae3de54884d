/** A spectrum as bytes: 32-bit floats, little-endian; four bytes a point, and more exact than any detector. */
import { crc32 } from 'node:zlib';

/** Longest spectrum that is kept, points: more is no spectrum. */
export const SPECTRUM_POINTS_MAX = 4096;
const POINT_BYTES = 4;

/** What is past {@link SPECTRUM_POINTS_MAX} is left out. */
export function spectrumBytes(values: ArrayLike<number>): Uint8Array {
  const count = Math.min(values.length, SPECTRUM_POINTS_MAX);
  const bytes = new Uint8Array(POINT_BYTES * count);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < count; index += 1) {
    view.setFloat32(POINT_BYTES * index, values[index] ?? Number.NaN, true);
  }
  return bytes;
}

export function spectrumChecksum(n: number, bytes: Uint8Array): number {
  return crc32(bytes, n >>> 0);
}

/** @returns null: these are no floats. */
export function spectrumValues(bytes: Uint8Array): Float32Array | null {
  if (bytes.length % POINT_BYTES !== 0) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.length / POINT_BYTES }, (_, index) =>
    view.getFloat32(POINT_BYTES * index, true),
  );
}
