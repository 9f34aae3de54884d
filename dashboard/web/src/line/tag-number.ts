/** Numbers out of live tags. */
import type { LiveDevice, LiveLine, LiveTag } from '@trame/protocol/live-state';
import type { JsonTagValue } from '@trame/protocol/tag';

const INTEGER = /^-?\d+$/u;

/** @returns the value as a number (64-bit counters come as text), or null when it is none. */
export function tagNumber(value: JsonTagValue | undefined): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'string' && INTEGER.test(value)) return Number(value);
  return null;
}

/** @returns the tag, or undefined when device or tag is not named or not there. */
export function findTag(
  line: Pick<LiveLine, 'devices'>,
  device: string | undefined,
  tag: string | undefined,
): LiveTag | undefined {
  if (device === undefined || tag === undefined) return undefined;
  const found: LiveDevice | undefined = Object.hasOwn(line.devices, device)
    ? line.devices[device]
    : undefined;
  return found !== undefined && Object.hasOwn(found.tags, tag) ? found.tags[tag] : undefined;
}
