import type { AlarmRow } from '@trame/protocol/alarms/alarm-answers';
import { formatNumber } from '../format/quantity.ts';

/**
 * @returns what was measured, as a person reads it; empty when nothing was. Empty for a yes or a no too: that of a sensor
 * may mean the contrary of the alarm's title (`doors closed` of «Porte ouverte»).
 */
export function valueText(value: AlarmRow['value']): string {
  if (value === null || typeof value === 'boolean') return '';
  if (typeof value === 'string') return value;
  return formatNumber(value, Number.isInteger(value) ? 0 : 2);
}
