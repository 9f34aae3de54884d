/** What a row of rates is about: a shift, a day, or the whole period. */
import type { TrsRow } from '@trame/protocol/stops/stop-answers';
import type { InstantFormat } from '../format/instant.ts';
import { dayText } from '../material/calendar.ts';
import { t } from '../messages/translate.ts';

const DAY = /^\d{4}-\d{2}-\d{2}$/u;

export function rowName(
  { key, team, from, to }: Pick<TrsRow, 'key' | 'team' | 'from' | 'to'>,
  format: InstantFormat,
): string {
  if (DAY.test(key)) return dayText(key);
  const times = t('trs.fromTo', { from: format.dayTime(from), to: timeOnly(to, from, format) });
  if (key === 'period') return times;
  return t('trs.shiftOf', { team: team ?? key, times });
}

function timeOnly(to: number, from: number, format: InstantFormat): string {
  return format.day(to) === format.day(from) ? format.hourMinute(to) : format.dayTime(to);
}
