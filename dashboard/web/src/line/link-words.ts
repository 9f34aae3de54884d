/** What the banner says when a line's numbers are not live. */
import type { InstantFormat } from '../format/instant.ts';
import type { LineFreshness } from '../live/freshness.ts';
import { t } from '../messages/translate.ts';

/** @returns null while the line is live, or only a little late. */
export function linkWords(freshness: LineFreshness, format: InstantFormat, nowMs: number): string | null {
  if (freshness.kind !== 'lost') return null;
  const time = freshness.lastAt === null ? null : format.recent(freshness.lastAt, nowMs);
  switch (freshness.cause) {
    case 'link':
      return time === null ? t('fresh.bannerLinkNever') : t('fresh.bannerLink', { time });
    case 'edge':
      return time === null ? t('fresh.bannerSilenceNever') : t('fresh.bannerEdge', { time });
    case 'silence':
      return time === null ? t('fresh.bannerSilenceNever') : t('fresh.bannerSilence', { time });
  }
}
