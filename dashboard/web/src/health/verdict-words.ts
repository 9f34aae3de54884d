/** What stands on top of the page, in words. */
import { formatNumber } from '../format/quantity.ts';
import { t } from '../messages/translate.ts';
import type { Moment } from '../format/instant.ts';
import { troubleWords } from './trouble-words.ts';
import type { Verdict } from './troubles.ts';

export interface VerdictWords {
  /** Above the sentence: how much it asks for somebody. Of a trouble its level says it. */
  readonly level: string;
  readonly mark: 'fine' | 'unknown';
  readonly sentence: string;
  readonly since: string | null;
  readonly advice: string | null;
}

export function verdictWords(verdict: Verdict, moment: Moment): VerdictWords {
  switch (verdict.kind) {
    case 'trouble':
      return { level: '', mark: 'unknown', ...troubleWords(verdict.trouble, moment) };
    case 'arrived': {
      const time = moment.format.recent(verdict.untilMs, moment.nowMs);
      return {
        level: t('health.fine'),
        mark: 'fine',
        sentence: t('health.arrived'),
        since: t('health.arrivedUntil', { time }),
        advice: null,
      };
    }
    case 'under-way': {
      const { events: count } = verdict;
      return {
        level: t('health.onItsWay'),
        mark: 'fine',
        sentence: t('health.underWay', { count, figure: formatNumber(count, 0) }),
        since: null,
        advice: t('health.underWayHint'),
      };
    }
    case 'no-line':
      return {
        level: t('health.notKnown'),
        mark: 'unknown',
        sentence: t('health.noLine'),
        since: null,
        advice: t('health.noLineHint'),
      };
  }
}
