/** Set-points that a supervisor may change, each within its bounds. */
import type { SetpointConfig } from '../domain/control/control-config.ts';
import { complete, listOf, readMap, type ConfigMap, type Reader } from './config-node.ts';
import { label, positive } from './control-scalars.ts';
import type { DeviceBook, Target } from './device-book.ts';
import { finiteNumber, identifier, Names, unitOfMeasure } from './scalar-readers.ts';
import { tagRef, targetOf } from './target-refs.ts';

const MAX_SETPOINTS = 32;
const UNIT_CHARS_MAX = 16;

export function setpoints(book: DeviceBook, device: string | null): Reader<SetpointConfig[]> {
  const names = new Names('set-point');
  const tags = new Names('tag of a set-point');
  return listOf((node) => {
    const map = readMap(node, ['id', 'label', 'tag', 'unit', 'min', 'max', 'step']);
    if (map === undefined) return undefined;
    const id = map.required('id', identifier);
    const tag = map.required('tag', tagRef({ book, device, kind: 'a number', use: 'both' }));
    const target = tag === undefined ? null : targetOf(book, tag);
    const bounds = readBounds(map, target);
    const unit = map.optional('unit', unitOfMeasure, target?.unit ?? null);
    if (typeof unit === 'string' && unit.length > UNIT_CHARS_MAX) {
      return (map.get('unit') ?? node).fail(
        `expected a unit of 1 to ${UNIT_CHARS_MAX} characters, got ${unit}`,
      );
    }
    if (tag !== undefined && !tags.claim(`${tag.device}/${tag.tag}`, map.get('tag') ?? node))
      return undefined;
    const parts = complete<Pick<SetpointConfig, 'id' | 'label' | 'tag' | 'unit'>>({
      id: id !== undefined && names.claim(id, map.get('id') ?? node) ? id : undefined,
      label: map.required('label', label),
      tag,
      unit,
    });
    return parts === undefined || bounds === undefined ? undefined : { ...parts, ...bounds };
  }, MAX_SETPOINTS);
}

/** Within the range of the tag, which is what the device takes. */
function readBounds(
  map: ConfigMap,
  target: Target | null,
): Pick<SetpointConfig, 'min' | 'max' | 'step'> | undefined {
  const range = target?.range ?? null;
  const min =
    range === null ? map.required('min', finiteNumber) : map.optional('min', finiteNumber, range[0]);
  const max =
    range === null ? map.required('max', finiteNumber) : map.optional('max', finiteNumber, range[1]);
  const step = map.required('step', positive);
  const bounds = complete<Pick<SetpointConfig, 'min' | 'max' | 'step'>>({ min, max, step });
  if (bounds === undefined) return undefined;
  if (bounds.min >= bounds.max) {
    return (map.get('min') ?? map.at).fail(`min is below max, but ${bounds.min} is not below ${bounds.max}`);
  }
  if (bounds.step > bounds.max - bounds.min) {
    return map
      .get('step')
      ?.fail(`one step of ${bounds.step} is more than from ${bounds.min} to ${bounds.max}`);
  }
  if (range !== null && (bounds.min < range[0] || bounds.max > range[1])) {
    const key = bounds.min < range[0] ? 'min' : 'max';
    return map.get(key)?.fail(`the tag takes ${range[0]} to ${range[1]}, so ${key} cannot be ${bounds[key]}`);
  }
  return bounds;
}
