/** `life: { tag: lifeCounter, within: 5s }` of a device. */
import type { LifeCounter } from '../domain/line-config.ts';
import { complete, readMap, type ConfigMap, type Reader } from './config-node.ts';
import { MAX_PERIOD_MS } from './limits.ts';
import { durationMs, tagName } from './scalar-readers.ts';

const LIFE_KEYS = ['tag', 'within'] as const;
const DEFAULT_WITHIN_MS = 5000;
/** Sooner than this a slow poll would look like a dead program. */
const MIN_WITHIN_MS = 1000;

/** @returns what to add to the device: nothing when no life counter is named; undefined when it is wrong. */
export function readLife(
  map: ConfigMap,
  tags: readonly { readonly name: string }[] | undefined,
): { readonly life?: LifeCounter } | undefined {
  const life = map.optional('life', lifeCounter(tags), null);
  if (life === undefined) return undefined;
  return life === null ? {} : { life };
}

function lifeCounter(tags: readonly { readonly name: string }[] | undefined): Reader<LifeCounter> {
  return (node) => {
    const map = readMap(node, LIFE_KEYS);
    if (map === undefined) return undefined;
    const tag = map.required('tag', tagName);
    if (tag !== undefined && tags !== undefined && !tags.some(({ name }) => name === tag)) {
      return (map.get('tag') ?? node).fail(`the device has no tag ${JSON.stringify(tag)}`);
    }
    return complete<LifeCounter>({
      tag,
      withinMs: map.optional('within', durationMs(MIN_WITHIN_MS, MAX_PERIOD_MS), DEFAULT_WITHIN_MS),
    });
  };
}
