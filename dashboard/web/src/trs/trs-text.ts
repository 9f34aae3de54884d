/** Rates and reasons as they are written. */
import type { TrsRow } from '@trame/protocol/stops/stop-answers';
import { formatNumber } from '../format/quantity.ts';
import { t } from '../messages/translate.ts';
import { NO_FIGURE_WORDS } from '../stops/stop-words.ts';

/** @param rate 0–1. @returns `61 %`; a dash where there is none. */
export function rateText(rate: number | null): string {
  return rate === null ? '—' : `${formatNumber(rate * 100, 0)}\u00a0%`;
}

/** What a person reads first of a row: its TRS, what the team sorted in an hour, or why there is neither. */
export function headline(row: Pick<TrsRow, 'figures' | 'teamKgPerHour' | 'why'>): {
  readonly label: string;
  readonly value: string | null;
  /** Why there is no value, or why it is not all there is. */
  readonly why: string | null;
} {
  const isHand = row.why === 'hand-line';
  if (isHand || row.teamKgPerHour !== null) {
    const value = row.teamKgPerHour === null ? null : kgPerHour(row.teamKgPerHour);
    return { label: t('trs.teamRate'), value, why: value === null ? whyText(row.why) : null };
  }
  const trs = row.figures?.trs ?? null;
  return { label: t('trs.trs'), value: trs === null ? null : rateText(trs), why: whyText(row.why) };
}

export function kgPerHour(kg: number): string {
  return `${formatNumber(kg, 0)}\u00a0kg/h`;
}

export function whyText(why: TrsRow['why']): string | null {
  return why === null ? null : t(NO_FIGURE_WORDS[why]);
}
