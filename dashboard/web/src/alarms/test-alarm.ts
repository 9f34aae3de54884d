/** Alarms for tests. */
import type { AlarmRow } from '@trame/protocol/alarms/alarm-answers';

export function testAlarm(changes: Partial<AlarmRow> = {}): AlarmRow {
  return {
    id: 'tri-1:jam',
    site: 's',
    line: 'tri-1',
    alarm: 'jam',
    priority: 2,
    source: 'tag',
    label: 'Bourrage',
    cause: 'c',
    consequence: 'k',
    response: 'r',
    group: null,
    station: null,
    device: null,
    state: 'unacknowledged',
    occurrence: 1,
    condition: true,
    value: null,
    raisedAt: 1_000,
    changedAt: 1_000,
    first: false,
    comment: null,
    until: null,
    ...changes,
  };
}
