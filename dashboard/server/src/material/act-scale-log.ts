/**
 * The log book of a scale over HTTP: a verification and its refusal are asked of the line of the scale, which stamps
 * every weighing with them; the rest is an event about material.
 */
import type { ScaleLogBody } from '@trame/protocol/material/line-acts';
import { commandFault } from '../commands/command-fault.ts';
import { invalidRequest } from '../http/problem.ts';
import { logScale } from '../scales/log-scale.ts';
import type { ActDecision } from './act-order.ts';
import { refused, type ActContext } from './decision.ts';
import { scaleOf } from './reference.ts';

const COMMAND = 'scale.verify';

/** @param id of the scale. @throws RequestProblem when its days cannot be. */
export async function decideScaleLog(
  context: ActContext,
  body: ScaleLogBody,
  id: string,
): Promise<ActDecision> {
  const { entry, on, due = null } = body;
  if (entry !== 'verification' && entry !== 'refusal') return logScale(context, body, id);
  const scale = scaleOf(context.reference, id);
  if (scale === undefined) return refused('unknown-scale', `no scale «${id}»`, { scale: id });
  const args = { scale: id, outcome: entry === 'verification' ? 'accepted' : 'refused', on, due };
  const fault = commandFault(COMMAND, args);
  if (fault !== null) throw invalidRequest(fault.path.replace('/body/args', '/body'), fault.message);
  return { kind: 'command', id, line: scale.line, command: COMMAND, args };
}
