import type { AlarmRow } from '@trame/protocol/alarms/alarm-answers';
import { formatNumber } from '../format/quantity.ts';
import { t } from '../messages/translate.ts';

/** @returns what was measured, as a person reads it; empty when nothing was. */
export function valueText(value: AlarmRow['value']): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return t(value ? 'alarm.on' : 'alarm.off');
  if (typeof value === 'string') return value;
  return formatNumber(value, Number.isInteger(value) ? 0 : 2);
}
