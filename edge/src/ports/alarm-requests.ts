/** What people and the server ask of alarms, decided by whoever keeps them. */
import type { AlarmRefusal } from '@trame/protocol/alarms/alarm-names';
import type { ALARM_REQUESTS } from '@trame/protocol/alarms/alarm-requests';
import type { LedgerRecord } from './ledger.ts';

export type AlarmCommand = keyof typeof ALARM_REQUESTS;

export type AlarmVerdict =
  /** To be recorded together; until {@link AlarmRequests.settled} no alarm moves. */
  | { readonly kind: 'records'; readonly records: readonly LedgerRecord[] }
  /** In words for a person. */
  | { readonly kind: 'refused'; readonly refusal: AlarmRefusal; readonly detail: string }
  /** What was recorded last is not on the disk yet: it may be asked again. */
  | { readonly kind: 'not-stored'; readonly detail: string };

export interface AlarmRequests {
  /** @param args checked against the schema of the command. */
  decide(command: AlarmCommand, args: unknown): AlarmVerdict;
  /** What was decided last is on the disk, or never will be. */
  settled(isStored: boolean): void;
}
