/** From an OPC UA variant to a tag value, and from an OPC UA data type to a tag type. No library: only shapes. */
import type { TagType, TagValue } from '@trame/protocol/tag';

/** What is needed of a decoded variant (OPC 10000-6 §5.2.2.16). */
export interface VariantLike {
  /** Built-in type, 0 (null) to 25. */
  readonly dataType: number;
  /** 0 scalar, 1 array, 2 matrix. */
  readonly arrayType: number;
  readonly value: unknown;
}

/** Built-in types (OPC 10000-6 table 1) and, above 25, standard types of namespace 0 that nodes often name. */
const TAG_TYPE_OF: ReadonlyMap<number, TagType> = new Map([
  [1, 'bool'],
  [2, 'int16'], // SByte
  [3, 'uint16'], // Byte
  [4, 'int16'],
  [5, 'uint16'],
  [6, 'int32'],
  [7, 'uint32'],
  [8, 'int64'],
  [9, 'uint64'],
  [10, 'float32'],
  [11, 'float64'],
  [12, 'string'],
  [13, 'int64'], // DateTime, ms since 1970
  [14, 'string'], // Guid
  [16, 'string'], // XmlElement
  [17, 'string'], // NodeId
  [18, 'string'], // ExpandedNodeId
  [19, 'string'], // StatusCode
  [20, 'string'], // QualifiedName
  [21, 'string'], // LocalizedText
  [26, 'float64'], // Number
  [27, 'int64'], // Integer
  [28, 'uint64'], // UInteger
  [29, 'int32'], // Enumeration
  [289, 'uint32'], // Counter
  [290, 'float64'], // Duration
  [294, 'int64'], // UtcTime
  [295, 'string'], // LocaleId
]);

/**
 * @param id numeric identifier of a data type in namespace 0.
 * @returns the tag type of its values; null when only a value can tell.
 */
export function tagTypeOfDataType(id: number): TagType | null {
  return TAG_TYPE_OF.get(id) ?? null;
}

/**
 * @returns the scalar in the variant: 64-bit integers as bigint, a date as bigint ms since 1970, texts of every
 *   kind as string. Null for an array, a structure, a byte string, an empty variant.
 */
export function valueOfVariant({ dataType, arrayType, value }: VariantLike): TagValue | null {
  if (arrayType !== 0 || value === null || value === undefined) return null;
  switch (TAG_TYPE_OF.get(dataType)) {
    case 'bool':
      return typeof value === 'boolean' ? value : null;
    case 'int64':
      return value instanceof Date ? fromDate(value) : fromWords(value, (bits) => BigInt.asIntN(64, bits));
    case 'uint64':
      return fromWords(value, (bits) => BigInt.asUintN(64, bits));
    case 'string':
      return toText(value);
    case 'int16':
    case 'uint16':
    case 'int32':
    case 'uint32':
    case 'float32':
    case 'float64':
      return typeof value === 'number' ? value : null;
    case undefined:
      return null;
  }
}

function fromDate(date: Date): bigint | null {
  const ms = date.getTime();
  return Number.isNaN(ms) ? null : BigInt(ms);
}

/** The library gives a 64-bit integer as its high and low 32-bit words. */
function fromWords(value: unknown, sign: (bits: bigint) => bigint): bigint | null {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  if (!Array.isArray(value) || value.length !== 2) return null;
  const [high, low]: readonly unknown[] = value;
  if (typeof high !== 'number' || typeof low !== 'number') return null;
  return sign((BigInt(high) << 32n) | BigInt(low));
}

function toText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return null;
  // LocalizedText keeps its text, QualifiedName and StatusCode their name; a NodeId is written whole.
  if ('text' in value) return typeof value.text === 'string' ? value.text : '';
  if ('name' in value) return typeof value.name === 'string' ? value.name : '';
  return isNodeId(value) ? value.toString() : null;
}

interface NodeIdLike {
  readonly identifierType: number;
  toString(): string;
}

function isNodeId(value: object): value is NodeIdLike {
  return 'identifierType' in value;
}
