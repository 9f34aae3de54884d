/**
 * `alarm.…`: what people, and the server, ask of alarms. All of them record, and expire with the heartbeat that they quote, so
 * that one that was refused is not followed later. One that quotes none comes from a dashboard of before that, and is
 * taken whenever it comes.
 */
import { ALARM_REQUESTS } from '@trame/protocol/alarms/alarm-requests';
import type { AlarmCommand, AlarmRequests } from '../ports/alarm-requests.ts';
import type { RecordCommand } from './record-command.ts';

/** @param alarms null: the ledger cannot be used, so nobody keeps any. */
export function alarmRequests(alarms: AlarmRequests | null): readonly RecordCommand[] {
  return Object.entries(ALARM_REQUESTS).map(([command, args]) => ({
    command,
    args,
    record(checked) {
      if (alarms === null)
        return { kind: 'not-stored', detail: 'le journal de la ligne n’est pas utilisable' };
      return alarms.decide(command as AlarmCommand, checked);
    },
    recorded: () => alarms?.settled(true),
    notRecorded: () => alarms?.settled(false),
  }));
}
