import type { TagType, TagValue } from '@trame/protocol/tag';

const INTEGER_BOUNDS: Readonly<Partial<Record<TagType, readonly [min: bigint, max: bigint]>>> = {
  int16: [-(2n ** 15n), 2n ** 15n - 1n],
  uint16: [0n, 2n ** 16n - 1n],
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
};

/**
 * @returns whether a value can be published as the type that its birth announced. A value that cannot would
 * arrive as another number: it counts as no value at all.
 */
export function fitsType(value: TagValue, type: TagType): boolean {
  switch (type) {
    case 'bool':
      return typeof value === 'boolean';
    case 'string':
      return typeof value === 'string';
    case 'float32':
      return typeof value === 'number' && Number.isFinite(Math.fround(value));
    case 'float64':
      return typeof value === 'number' && Number.isFinite(value);
    case 'int16':
    case 'uint16':
    case 'int32':
    case 'uint32':
    case 'int64':
    case 'uint64':
      return integerFits(value, type);
  }
}

function integerFits(value: TagValue, type: TagType): boolean {
  const bounds = INTEGER_BOUNDS[type];
  if (bounds === undefined) return false;
  if (typeof value === 'number') {
    return Number.isInteger(value) && value >= bounds[0] && value <= bounds[1];
  }
  return typeof value === 'bigint' && value >= bounds[0] && value <= bounds[1];
}
