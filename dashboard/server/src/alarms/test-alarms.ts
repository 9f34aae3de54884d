/** Alarms as an edge tells them, for tests. */
import type { AlarmChanged, AlarmDeclared } from '@trame/protocol/alarms/alarm-events';
import type { LedgerEvent } from '@trame/protocol/ledger-event';
import type { TestLedger } from '../ledger/test-ledger.ts';

export function alarmDeclared(alarm: string, changes: Partial<AlarmDeclared> = {}): AlarmDeclared {
  return {
    alarm,
    priority: 1,
    source: 'tag',
    label: `Alarme ${alarm}`,
    cause: 'Trop de matière',
    consequence: 'La ligne s’arrête',
    response: 'Dégager',
    latching: false,
    group: 'trieur',
    station: 'trieur',
    device: null,
    rule: {
      when: { device: 'plc', tag: 'jam', is: '=', value: true },
      of: null,
      limit: null,
      deadband: 0,
      onDelayMs: 500,
      offDelayMs: 0,
      unless: [],
    },
    ...changes,
  };
}

export function alarmChanged(
  alarm: string,
  from: AlarmChanged['from'],
  to: AlarmChanged['to'],
  changes: Partial<AlarmChanged> = {},
): AlarmChanged {
  return {
    alarm,
    occurrence: 1,
    from,
    to,
    because: 'condition',
    condition: to === 'unacknowledged' || to === 'acknowledged',
    value: null,
    first: true,
    comment: null,
    until: null,
    ...changes,
  };
}

/** Appends one that comes up and goes away unseen. */
export function comesUp(ledger: TestLedger, alarm: string, atMs: number, occurrence = 1): LedgerEvent {
  const payload = alarmChanged(alarm, 'normal', 'unacknowledged', { occurrence });
  return ledger.add('alarm.changed', payload, { occurredAt: atMs, recordedAt: atMs });
}
