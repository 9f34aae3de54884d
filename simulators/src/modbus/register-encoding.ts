/** How a value lies in 16-bit registers. */
export type RegisterType =
  | 'bool'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'uint64'
  | 'float32'
  | 'float64'
  | 'string';

/**
 * Order of the bytes on the wire, A being the most significant of a 32-bit value: ABCD big end first; CDAB
 * lowest register first; BADC bytes swapped within each register; DCBA both. For 64 bits alike: CDAB sends
 * the four registers lowest first (GH EF CD AB), DCBA all eight bytes lowest first. Strings are never turned.
 */
export type ByteOrder = 'ABCD' | 'CDAB' | 'BADC' | 'DCBA';
export type RegisterValue = number | bigint | boolean | string;

function bigEndian(type: Exclude<RegisterType, 'bool' | 'string'>, value: number | bigint): Uint8Array {
  const number = Number(value);
  switch (type) {
    case 'int16':
    case 'uint16': {
      const view = new DataView(new ArrayBuffer(2));
      view.setUint16(0, number & 0xffff);
      return new Uint8Array(view.buffer);
    }
    case 'int32':
    case 'uint32': {
      const view = new DataView(new ArrayBuffer(4));
      view.setUint32(0, number >>> 0);
      return new Uint8Array(view.buffer);
    }
    case 'float32': {
      const view = new DataView(new ArrayBuffer(4));
      view.setFloat32(0, number);
      return new Uint8Array(view.buffer);
    }
    case 'float64': {
      const view = new DataView(new ArrayBuffer(8));
      view.setFloat64(0, number);
      return new Uint8Array(view.buffer);
    }
    case 'uint64': {
      const view = new DataView(new ArrayBuffer(8));
      view.setBigUint64(0, BigInt(value));
      return new Uint8Array(view.buffer);
    }
  }
}

function registersOf(bytes: Uint8Array): number[] {
  const words: number[] = [];
  for (let at = 0; at < bytes.length; at += 2) words.push(((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0));
  return words;
}

function swapBytes(word: number): number {
  return ((word & 0xff) << 8) | (word >>> 8);
}

/** How many registers a value of this type fills; `lengthBytes` is for strings. */
export function registerCount(type: RegisterType, lengthBytes = 0): number {
  switch (type) {
    case 'bool':
    case 'int16':
    case 'uint16':
      return 1;
    case 'int32':
    case 'uint32':
    case 'float32':
      return 2;
    case 'uint64':
    case 'float64':
      return 4;
    case 'string':
      return Math.ceil(lengthBytes / 2);
  }
}

/** The registers of a value, first address first. */
export function encodeRegisters(
  type: RegisterType,
  order: ByteOrder,
  value: RegisterValue,
  lengthBytes = 0,
): number[] {
  if (type === 'string') {
    const bytes = new Uint8Array(registerCount('string', lengthBytes) * 2);
    bytes.set(new TextEncoder().encode(String(value)).subarray(0, lengthBytes));
    return registersOf(bytes);
  }
  if (type === 'bool') return [value === true ? 1 : 0];
  if (typeof value !== 'number' && typeof value !== 'bigint') throw new Error(`${type} cannot hold ${value}`);
  const words = registersOf(bigEndian(type, value));
  const turned = order === 'CDAB' || order === 'DCBA' ? words.toReversed() : words;
  return order === 'BADC' || order === 'DCBA' ? turned.map(swapBytes) : turned;
}
