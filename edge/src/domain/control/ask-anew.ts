/**
 * A stop or a hold that is asked for again while one is carried out: a PLC that lost the first is asked once more, at once,
 * and both share the outcome. A finger that presses fast does not keep the first from getting through.
 */
import type { CommandArgs } from './command-targets.ts';
import type { Running } from './control-state.ts';
import { openMark, refuse } from './end-command.ts';
import { isUnheeded } from './plc-job.ts';
import { reason } from './refusals.ts';
import { askAgain, beginCommand, preempt } from './run-command.ts';
import { change, emit, record, type Turn } from './turn.ts';

/** Requests that share the outcome of one; one more begins anew. */
export const REPEATS_MAX = 16;

export interface AskedAgain {
  readonly request: string;
  readonly command: 'line.stop' | 'line.hold';
  readonly args: CommandArgs;
  readonly actor: string | null;
  readonly by: 'person';
}

/** @param running the same command, of somebody. */
export function askAnew(turn: Turn, asked: AskedAgain, running: Running): Turn {
  const { request, command, actor } = asked;
  const repeats = running.repeats ?? [];
  const isWaitedFor = canBeAsked(turn, running);
  if (repeats.length >= REPEATS_MAX) {
    if (isWaitedFor) return beginCommand(preempt(turn, command), asked);
    return refuse(turn, asked, [reason('busy', command)], null);
  }
  const shared: Running = { ...running, repeats: [...repeats, { request, actor, since: turn.at }] };
  const open = [...turn.state.open, { request, command, actor, at: turn.at.wallMs }];
  const recorded = record(
    change(turn, { running: shared, open }),
    'command.requested',
    { request, command, args: {}, by: 'person' },
    { actorRef: actor, key: `request:${request}`, marks: openMark(open) },
  );
  const accepted = { code: 'accepted', reasons: [], detail: null, isFinal: false } as const;
  const told = emit(recorded, { kind: 'answer', id: request, ...accepted });
  return isWaitedFor ? askAgain(told, shared) : told;
}

/** @returns false: it is on its way to the PLC, or the line follows it already. */
function canBeAsked({ at }: Turn, { stage }: Running): boolean {
  if (stage.kind !== 'working' || stage.job.kind !== 'plc' || stage.pending !== null) return false;
  return isUnheeded(stage.job, at.monotonicMs);
}
