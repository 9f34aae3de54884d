/** `scale.verify`: a person states the outcome of the yearly verification of a scale. */
import type { CommandRequest } from '@trame/protocol/command';
import type { ScaleVerified } from '@trame/protocol/ledger-payloads';
import { literals, nullable } from '@trame/protocol/schema';
import { ID_PATTERN } from '@trame/protocol/topics';
import { Type, type Static } from 'typebox';
import { scaleVerifiedMark } from '../domain/scale-verified-mark.ts';
import type { Clock } from '../ports/clock.ts';
import { ledgerRecord } from '../ports/ledger.ts';
import { isCalendarDate, latestToday } from './calendar-date.ts';
import type { CommandVerdict, RecordCommand } from './record-command.ts';

const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });

const Args = Type.Object(
  {
    scale: Type.String({ pattern: ID_PATTERN }),
    outcome: literals(['accepted', 'refused'] as const),
    /** When it was verified. */
    on: Day,
    /** Last day for which it may weigh for payment; null when refused. */
    due: nullable(Day),
  },
  { additionalProperties: false },
);
type Args = Static<typeof Args>;

export interface ScaleVerifyOptions {
  /** Ids of the configured scales. */
  readonly scales: readonly string[];
  readonly clock: Clock;
  /** What was stated is on the disk. After a restart the mark {@link scaleVerifiedMark} tells. */
  readonly onVerified: (verified: ScaleVerified) => void;
}

export function scaleVerify({ scales, clock, onVerified }: ScaleVerifyOptions): RecordCommand {
  return {
    command: 'scale.verify',
    args: Args,
    record(args, request) {
      return recordOf(args as Args, request, scales, clock.nowMs());
    },
    recorded(records) {
      for (const { payload } of records) onVerified(payload as unknown as ScaleVerified);
    },
  };
}

function recordOf(
  args: Args,
  request: CommandRequest,
  scales: readonly string[],
  nowMs: number,
): CommandVerdict {
  const { scale, outcome, on, due } = args;
  if (!scales.includes(scale)) return refused(`this line has no scale «${scale}»`);
  const days = due === null ? [on] : [on, due];
  const impossible = days.find((day) => !isCalendarDate(day));
  if (impossible !== undefined) return refused(`there is no day ${impossible}`);
  if (on > latestToday(nowMs)) return refused(`it cannot have been verified on ${on}: that day is to come`);
  if (outcome === 'refused' && due !== null)
    return refused('a scale that was refused has no date until which it is valid');
  if (outcome === 'accepted' && due === null) return refused('until which day it is valid must be stated');
  if (due !== null && due <= on) return refused(`valid until ${due} cannot be: it was verified on ${on}`);
  const payload = { scale, outcome, on, due, request: request.id };
  const marks = { [scaleVerifiedMark(scale)]: JSON.stringify(payload) };
  return { kind: 'records', records: [ledgerRecord('scale.verified', nowMs, payload, { marks })] };
}

function refused(detail: string): CommandVerdict {
  return { kind: 'refused', detail };
}
