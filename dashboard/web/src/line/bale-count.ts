/** Bales as the presses count them. */
import type { LiveLine } from '@trame/protocol/live-state';
import { tagTrust, TRUSTED, worseTrust, type LineFreshness, type Trust } from '../live/freshness.ts';
import { findTag, tagNumber } from './tag-number.ts';

export interface BaleCount {
  /** Sum of the counters, which never reset; null when one of them was never read. */
  readonly value: number | null;
  readonly trust: Trust;
}

/** @returns null for a line whose presses do not count. */
export function baleCount(
  line: Pick<LiveLine, 'description' | 'devices'>,
  freshness: LineFreshness,
): BaleCount | null {
  const presses = line.description.stations.filter(
    (station) => station.kind === 'press' && station.count !== undefined,
  );
  if (presses.length === 0) return null;
  let sum: number | null = 0;
  let trust: Trust = TRUSTED;
  for (const press of presses) {
    const tag = findTag(line, press.device, press.count);
    const count = tagNumber(tag?.value);
    sum = sum === null || count === null ? null : sum + count;
    trust = worseTrust(trust, tagTrust(tag, freshness));
  }
  return { value: sum, trust };
}
