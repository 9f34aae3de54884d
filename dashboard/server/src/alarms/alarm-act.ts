/** What a person does about an alarm: asked of the edge, who decides and records. */
import type { AlarmAct } from '@trame/protocol/alarms/alarm-requests';
import type { CommandAnswer } from '@trame/protocol/health-api';
import type { CommandOutcome, CommandSender } from '../commands/command-sender.ts';
import { ambiguousLine, RequestProblem } from '../http/problem.ts';
import type { Records } from '../records/open-records.ts';
import { alarmOfId, sitesOfAlarm } from './alarm-repository.ts';

/** The request to the edge, by the last part of the address. */
export const ALARM_COMMANDS: Readonly<Record<AlarmAct, string>> = {
  acknowledge: 'alarm.acknowledge',
  reset: 'alarm.reset',
  shelve: 'alarm.shelve',
  unshelve: 'alarm.unshelve',
  'out-of-service': 'alarm.outOfService',
  'in-service': 'alarm.inService',
};

export interface AlarmOrder {
  /** Of the alarm, as rows have it. */
  readonly id: string;
  readonly act: AlarmAct;
  readonly body: Readonly<Record<string, unknown>>;
  readonly login: string;
  readonly idempotencyKey: string;
}

/** @throws RequestProblem when it was not recorded, or nobody knows. */
export async function actOnAlarm(
  records: Records,
  sender: Pick<CommandSender, 'send'>,
  { id, act, body, login, idempotencyKey }: AlarmOrder,
): Promise<CommandAnswer> {
  const named = alarmOfId(id);
  const sites = named === null ? [] : await sitesOfAlarm(records, named);
  const [site] = sites;
  if (named === null || site === undefined) throw new RequestProblem('not-found');
  if (sites.length > 1) throw ambiguousLine(sites);
  const outcome = await sender.send({
    site,
    line: named.line,
    login,
    idempotencyKey,
    command: ALARM_COMMANDS[act],
    args: { alarm: named.alarm, ...body },
    expires: true,
  });
  return answerTo(outcome);
}

function answerTo(outcome: CommandOutcome): CommandAnswer {
  switch (outcome.kind) {
    case 'busy':
    case 'key-reused':
    case 'edge-silent':
      throw new RequestProblem(outcome.kind);
    case 'replied': {
      const { code, detail, seq, refusal } = outcome.reply;
      if (code === 'done' || code === 'already-done') return { id: outcome.id, code, detail, seq };
      // Nothing about an alarm is carried out later: these are no answers to it.
      if (code === 'accepted' || code === 'failed' || code === 'unconfirmed') break;
      throw new RequestProblem(code, {
        ...(detail === null ? {} : { detail }),
        ...(refusal === undefined ? {} : { params: { refusal } }),
      });
    }
    default:
      break;
  }
  throw new RequestProblem('no-reply', { detail: 'It is noted all the same if the answer comes later.' });
}
