/** The process image as a monitor wants to see it: one line for each device. */
import type { QualityLevel } from '@trame/protocol/quality';
import type { DeviceState } from './process-image.ts';

export interface DeviceSummary {
  readonly id: string;
  readonly state: DeviceState['presence'];
  readonly reason: string | null;
  /** UTC ms. */
  readonly sinceMs: number;
  /** Time since the last value that was not bad, ms; null before the first. */
  readonly dataAgeMs: number | null;
  readonly tags: Readonly<Record<QualityLevel, number>>;
}

export function deviceHealth(
  devices: ReadonlyMap<string, DeviceState>,
  monotonicMs: number,
): readonly DeviceSummary[] {
  return [...devices].map(([id, { presence, reason, sinceMs, lastDataAtMs, tags }]) => ({
    id,
    state: presence,
    reason,
    sinceMs,
    dataAgeMs: lastDataAtMs === null ? null : monotonicMs - lastDataAtMs,
    tags: countQualities([...tags.values()].map(({ quality }) => quality.level)),
  }));
}

function countQualities(levels: readonly QualityLevel[]): Readonly<Record<QualityLevel, number>> {
  const counts = { good: 0, uncertain: 0, bad: 0 };
  for (const level of levels) counts[level] += 1;
  return counts;
}
