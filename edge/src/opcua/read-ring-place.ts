/** From the nodes of one place of a ring to the result that lies there. */
import type { RingPlace } from './plan-ring-reads.ts';

interface NodeValue {
  readonly good: boolean;
  readonly value: unknown;
}

/** More is no spectrum, and would fill the memory. */
const SPECTRUM_VALUES_MAX = 8192;
const UINT32_MAX = 0xffff_ffff;

/**
 * A spectrum of another length than configured, or with values that are no numbers, is a result like any other: whoever
 * judges it says so. Its time may be missing.
 */
export function readRingPlace(
  seq: NodeValue | undefined,
  at: NodeValue | undefined,
  spectrum: NodeValue | undefined,
): RingPlace {
  const own = seqOf(seq);
  const values = spectrum?.good === true ? numbersOf(spectrum.value) : null;
  if (own === null || values === null) return { kind: 'unreadable', seq: own };
  return { kind: 'result', read: { seq: own, readAtMs: timeOf(at), values } };
}

/** @returns a number of a result, null for anything else. */
export function seqOf(node: NodeValue | undefined): number | null {
  if (node?.good !== true || typeof node.value !== 'number') return null;
  const { value } = node;
  return Number.isInteger(value) && value >= 0 && value <= UINT32_MAX ? value : null;
}

/** Copies: the library's arrays are windows on a whole answer, and would keep it. */
function numbersOf(value: unknown): Float32Array | Float64Array | null {
  if (!ArrayBuffer.isView(value) || value instanceof DataView) return null;
  if (value.byteLength > SPECTRUM_VALUES_MAX * Float64Array.BYTES_PER_ELEMENT) return null;
  if (value instanceof Float32Array)
    return value.length > SPECTRUM_VALUES_MAX ? null : Float32Array.from(value);
  if (value instanceof Float64Array) return Float64Array.from(value);
  // Counts of a detector.
  const isCounts =
    value instanceof Int16Array ||
    value instanceof Uint16Array ||
    value instanceof Int32Array ||
    value instanceof Uint32Array;
  return isCounts && value.length <= SPECTRUM_VALUES_MAX ? Float64Array.from(value) : null;
}

/** A station without a clock gives nothing, or the first instant of OPC UA time (1601). */
function timeOf(node: NodeValue | undefined): number | null {
  const ms = node?.good === true && node.value instanceof Date ? node.value.getTime() : Number.NaN;
  return ms > 0 ? ms : null;
}
