/** `clock.confirm`: a person says that the clock is right although it reads earlier than an event. */
import type { EventClock } from '@trame/protocol/ledger-event';
import { Type } from 'typebox';
import type { Clock } from '../ports/clock.ts';
import { ledgerRecord } from '../ports/ledger.ts';
import type { RecordCommand } from './record-command.ts';

export interface ClockConfirmOptions {
  /** What is known of the clock at this moment. */
  readonly state: () => EventClock['state'];
  /** Marks to keep with the confirmation: a restart must not ask again. */
  readonly marks: (nowMs: number) => Readonly<Record<string, string>>;
  readonly clock: Clock;
  /** The confirmation is on the disk. */
  readonly onConfirmed: () => void;
}

export function clockConfirm({ state, marks, clock, onConfirmed }: ClockConfirmOptions): RecordCommand {
  return {
    command: 'clock.confirm',
    args: Type.Object({}, { additionalProperties: false }),
    record(_args, { id }) {
      if (state() !== 'behind') {
        return {
          kind: 'refused',
          detail: 'the clock does not read earlier than an event: there is nothing to confirm',
        };
      }
      const nowMs = clock.nowMs();
      const payload = { at: nowMs, request: id };
      return {
        kind: 'records',
        records: [ledgerRecord('clock.confirmed', nowMs, payload, { marks: marks(nowMs) })],
      };
    },
    recorded: onConfirmed,
  };
}
