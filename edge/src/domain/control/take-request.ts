/** Somebody asks: known requests get their answer again, the line is handed over, a command is refused or begun. */
import { LEASE_COMMANDS, type LeaseCommand, type MotionCommand } from '@trame/protocol/control/control-names';
import { askAnew } from './ask-anew.ts';
import { EMPTY_BIN, ledByHand } from './bin-reaction.ts';
import { diverterAsked } from './command-targets.ts';
import type { Running } from './control-state.ts';
import { CONTROL_MARKS, type ControlRequest } from './control-types.ts';
import { refuse } from './end-command.ts';
import { nextLease, type LeaseEvent, type LeaseStep } from './lease.ts';
import { isStopOrHold, reason, refusals } from './refusals.ts';
import { beginCommand, preempt } from './run-command.ts';
import { answerFinally, canRemember, change, emit, record, refusalView, type Turn } from './turn.ts';

const TOO_MANY = 'Trop de demandes à la fois.';

export function takeRequest(turn: Turn, asked: ControlRequest): Turn {
  const { id, command, isRecorded } = asked;
  const known = turn.state.answered.find((answer) => answer.id === id);
  if (known !== undefined) {
    const { code, reasons, detail } = known;
    return emit(turn, { kind: 'answer', id, code, reasons, detail, isFinal: true });
  }
  if (isUnderWay(turn, id)) {
    return emit(turn, { kind: 'answer', id, code: 'accepted', reasons: [], detail: null, isFinal: false });
  }
  if (isRecorded) {
    return emit(turn, { kind: 'answer', id, code: 'already-done', reasons: [], detail: null, isFinal: true });
  }
  if (!canRemember(turn) && command !== 'line.stop' && command !== 'line.hold') {
    const busy = [reason('busy')];
    return emit(turn, {
      kind: 'answer',
      id,
      code: 'refused',
      reasons: busy,
      detail: TOO_MANY,
      isFinal: true,
    });
  }
  return isLease(command) ? takeLease(turn, asked, command) : takeCommand(turn, asked, command);
}

/** Asks for itself, without anybody: what it may not is refused like anybody's. */
export function askOneself(turn: Turn, request: string, command: MotionCommand, args: Running['args']): Turn {
  const asked = { request, command, args, actor: null, by: 'bin-full' } as const;
  const reasons = refusals(turn.setup, refusalView(turn), { command, args, isInControl: null });
  return reasons.length > 0 ? refuse(turn, asked, reasons, null) : beginCommand(turn, asked);
}

/** @returns whether it is being carried out, or waits for the holder's answer. */
function isUnderWay({ state: { running, lease } }: Turn, id: string): boolean {
  const repeats = running?.repeats ?? [];
  return (
    running?.request === id || repeats.some(({ request }) => request === id) || lease.asking?.request === id
  );
}

function isLease(command: ControlRequest['command']): command is LeaseCommand {
  return (LEASE_COMMANDS as readonly string[]).includes(command);
}

function takeCommand(turn: Turn, { id, args, actor }: ControlRequest, command: MotionCommand): Turn {
  const asked = { request: id, command, args, actor, by: 'person' } as const;
  const isInControl = actor !== null && actor === turn.state.lease.holder;
  const used = actor === null ? turn : withLease(turn, { kind: 'use', actor });
  const reasons = refusals(turn.setup, refusalView(used), { command, args, isInControl });
  if (reasons.length > 0) return refuse(used, asked, reasons, null);
  const { running } = used.state;
  if (isStopOrHold(command) && running?.command === command) {
    return askAnew(used, { ...asked, command }, running);
  }
  const free = isStopOrHold(command) ? preempt(used, command) : used;
  return beginCommand(command === 'diverter.set' ? noteByHand(free, args) : free, asked);
}

/** What a person leads elsewhere, Trame does not lead back the next moment. */
function noteByHand(turn: Turn, args: Running['args']): Turn {
  const outlet = diverterAsked(args)?.outlet;
  if (outlet === undefined) return turn;
  const watch = ledByHand(turn.state.bins.get(outlet) ?? EMPTY_BIN, turn.at.monotonicMs);
  return change(turn, { bins: new Map([...turn.state.bins, [outlet, watch]]) });
}

function takeLease(turn: Turn, { id, actor, args }: ControlRequest, command: LeaseCommand): Turn {
  if (actor === null) return answerFinally(turn, id, 'refused', [reason('not-in-control')], null);
  switch (command) {
    case 'control.take':
      return withLease(turn, { kind: 'take', actor, request: id });
    case 'control.answer':
      return withLease(turn, {
        kind: 'answer',
        actor,
        request: id,
        grant: args['grant'] === true,
        to: args['to'],
      });
    case 'control.release':
      return withLease(turn, { kind: 'release', actor, request: id });
  }
}

/** Takes the lease one event further: what changes is recorded, who asked is answered. */
export function withLease(turn: Turn, event: LeaseEvent): Turn {
  const step = nextLease(turn.state.lease, event, turn.at.monotonicMs);
  const recorded = step.changes.reduce(recordChange, change(turn, { lease: step.lease }));
  return step.answers.reduce(answerOne, recorded);
}

function recordChange(turn: Turn, { holder, why, request }: LeaseStep['changes'][number]): Turn {
  return record(
    turn,
    'control.changed',
    { holder, why },
    {
      actorRef: why === 'lapsed' || why === 'timed-out' ? null : holder,
      key: request === null ? null : `request:${request}`,
      marks: { [CONTROL_MARKS.holder]: holder ?? '' },
    },
  );
}

function answerOne(turn: Turn, { request, kind, code, detail }: LeaseStep['answers'][number]): Turn {
  if (kind === 'waits') {
    return emit(turn, { kind: 'answer', id: request, code: 'accepted', reasons: [], detail, isFinal: false });
  }
  const reasons = code === null ? [] : [reason(code)];
  return answerFinally(turn, request, kind === 'done' ? 'done' : 'refused', reasons, detail);
}
