/** A loss of measured values in words. */
import type { HistoryGap } from '@trame/protocol/dashboard-api';
import type { Moment } from '../format/instant.ts';
import { formatNumber } from '../format/quantity.ts';
import { t } from './translate.ts';
import { GAP_WORDS } from './health-words.ts';

/** @returns how many, and why: `1 200, disque plein`. */
export function gapCause(gap: HistoryGap): string {
  const count = gap.samples === null ? t('gap.unknownCount') : formatNumber(gap.samples, 0);
  return t('gap.cause', { figure: count, reason: t(GAP_WORDS[gap.reason]) });
}

/** @returns `mesures perdues : 1 200, disque plein`. */
export function gapName(gap: HistoryGap): string {
  return t('gap.name', { cause: gapCause(gap) });
}

/** @returns `14:02:11 – 14:07:30`, with days where they are not those of `nowMs`. */
export function gapSpan(gap: Pick<HistoryGap, 'from' | 'to'>, { format, nowMs }: Moment): string {
  return t('gap.span', { from: format.recent(gap.from, nowMs), to: format.recent(gap.to, nowMs) });
}

/** @returns when, how many and why. */
export function gapSummary(gap: HistoryGap, moment: Moment): string {
  return t('gap.summary', { span: gapSpan(gap, moment), cause: gapCause(gap) });
}
