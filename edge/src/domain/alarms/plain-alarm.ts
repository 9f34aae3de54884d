/** What an alarm is when nothing else is said. */
import type { AlarmConfig } from './alarm-config.ts';

export const PLAIN_ALARM: Omit<AlarmConfig, 'id' | 'label' | 'source'> = {
  priority: 3,
  cause: '',
  consequence: '',
  response: '',
  when: null,
  of: null,
  limit: null,
  deadband: 0,
  onDelayMs: 0,
  offDelayMs: 0,
  latching: false,
  unless: [],
  group: null,
  station: null,
  device: null,
};
