/** What the banner says while the emergency stop is engaged. */
import type { LiveLine } from '@trame/protocol/live-state';
import type { InstantFormat } from '../format/instant.ts';
import { tagTrust, type LineFreshness } from '../live/freshness.ts';
import { t } from '../messages/translate.ts';
import { findTag } from './tag-number.ts';

/**
 * An engaged stop stays on the screen when its device or the link falls silent, as the last known state: the
 * device may be silent because of it.
 *
 * @param nowMs server time, ms since 1970 UTC.
 * @returns null when the stop is released, was never read, or the line does not tell it.
 */
export function emergencyStopWords(
  line: Pick<LiveLine, 'description' | 'devices'>,
  freshness: LineFreshness,
  format: Pick<InstantFormat, 'recent'>,
  nowMs: number,
): string | null {
  const { safety } = line.description;
  const tag = findTag(line, safety?.device, safety?.emergencyStop);
  if (tag?.value !== true) return null;
  const known = tagTrust(tag, freshness).quality === 'good';
  if (tag.sourceTime === null) return known ? t('emergencyStop.engaged') : t('emergencyStop.lastKnown');
  const time = format.recent(tag.sourceTime, nowMs);
  return known ? t('emergencyStop.engagedSince', { time }) : t('emergencyStop.lastKnownSince', { time });
}
