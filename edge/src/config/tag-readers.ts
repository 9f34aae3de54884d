/** What tags of every driver have in common. */
import type { TagType } from '@trame/protocol/tag';
import { DEFAULT_READBACK_MS } from '../domain/line-config.ts';
import type { ConfigMap } from './config-node.ts';
import { MAX_READBACK_MS } from './limits.ts';
import { boolean, durationMs, finiteNumber, range, unitOfMeasure } from './scalar-readers.ts';

/** Keys read by {@link readTagCommon}. */
export const COMMON_TAG_KEYS = [
  'name',
  'type',
  'unit',
  'scale',
  'offset',
  'deadband',
  'writable',
  'readback',
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
  /** Only of a writable tag. */
  readonly readbackMs?: number;
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
  const writable = map.optional('writable', boolean, false);
  return {
    unit: map.optional('unit', unitOfMeasure, null),
    scale,
    offset: map.optional('offset', finiteNumber, 0),
    deadband,
    range: map.optional('range', range, null),
    writable,
    ...readReadback(map, writable === true),
  };
}

function readReadback(map: ConfigMap, isWritable: boolean): { readonly readbackMs?: number | undefined } {
  const written = map.get('readback');
  if (!isWritable) {
    written?.fail('readback is for tags that are written: give the tag writable: true');
    return {};
  }
  return { readbackMs: map.optional('readback', durationMs(0, MAX_READBACK_MS), DEFAULT_READBACK_MS) };
}
