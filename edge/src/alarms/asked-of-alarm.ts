/** A request about an alarm, in the words of its machine. */
import type {
  AcknowledgeAlarm,
  AlarmOnly,
  ReportAlarm,
  ResetAlarm,
  RetireAlarm,
  ShelveAlarm,
} from '@trame/protocol/alarms/alarm-requests';
import type { AlarmEvent } from '../domain/alarms/alarm-machine.ts';
import type { AlarmCommand } from '../ports/alarm-requests.ts';

export interface AskedOfAlarm {
  readonly alarm: string;
  readonly event: Exclude<AlarmEvent, { kind: 'look' }>;
  /** Of a report; else null. */
  readonly value: number | null;
}

/** @param args checked against the schema of the command. @param nowMs UTC. */
export function askedOf(command: AlarmCommand, args: unknown, nowMs: number): AskedOfAlarm {
  const { alarm } = args as AlarmOnly;
  const asked = (event: AskedOfAlarm['event'], value: number | null = null): AskedOfAlarm => ({
    alarm,
    event,
    value,
  });
  switch (command) {
    case 'alarm.acknowledge': {
      const { occurrence, comment } = args as AcknowledgeAlarm;
      return asked({ kind: 'acknowledge', occurrence, comment: comment?.toWellFormed() ?? null });
    }
    case 'alarm.reset':
      return asked({ kind: 'reset', occurrence: (args as ResetAlarm).occurrence });
    case 'alarm.shelve': {
      const { forMs, reason } = args as ShelveAlarm;
      return asked({ kind: 'shelve', untilMs: nowMs + forMs, reason: reason.toWellFormed() });
    }
    case 'alarm.unshelve':
      return asked({ kind: 'unshelve' });
    case 'alarm.outOfService':
      return asked({ kind: 'outOfService', reason: (args as RetireAlarm).reason.toWellFormed() });
    case 'alarm.inService':
      return asked({ kind: 'inService' });
    case 'alarm.report': {
      const { condition, value } = args as ReportAlarm;
      return asked({ kind: 'report', condition }, value);
    }
  }
}
