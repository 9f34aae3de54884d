/** What tags of every driver have in common. */
import type { TagType } from '@trame/protocol/tag';
import type { ConfigMap } from './config-node.ts';
import { boolean, finiteNumber, range, unitOfMeasure } from './scalar-readers.ts';

/** Keys read by {@link readTagCommon}. */
export const COMMON_TAG_KEYS = [
  'name',
  'type',
  'unit',
  'scale',
  'offset',
  'deadband',
  'writable',
  'range',
] as const;

/**
 * Raw types of the tags of each device, tags with other errors included, so that a role repeats no error.
 * A device is null when none of its tags could be read; a type is null when only the device knows it.
 */
export type TagIndex = Map<string, Map<string, TagType | null> | null>;

interface TagCommon {
  readonly unit: string | null;
  readonly scale: number;
  readonly offset: number;
  readonly deadband: number;
  readonly range: readonly [min: number, max: number] | null;
  readonly writable: boolean;
}

/** @param type what the tag reads before scaling; null when only the device knows. */
export function readTagCommon(
  map: ConfigMap,
  type: TagType | null,
): {
  readonly [K in keyof TagCommon]: TagCommon[K] | undefined;
} {
  if (type === 'bool' || type === 'string') {
    for (const key of ['scale', 'offset', 'deadband', 'range']) {
      map.get(key)?.fail(`${key} has no meaning with type ${type}`);
    }
  }
  const scale = map.optional('scale', finiteNumber, 1);
  if (scale === 0) map.get('scale')?.fail('expected a scale other than 0: every value would become the same');
  const deadband = map.optional('deadband', finiteNumber, 0);
  if (deadband !== undefined && deadband < 0) {
    map.get('deadband')?.fail(`expected a deadband of 0 or more, got ${deadband}`);
  }
  return {
    unit: map.optional('unit', unitOfMeasure, null),
    scale,
    offset: map.optional('offset', finiteNumber, 0),
    deadband,
    range: map.optional('range', range, null),
    writable: map.optional('writable', boolean, false),
  };
}
