/** Carrying one command out: recorded first, then step by step, each step judged anew. */
import type { CommandReason } from '@trame/protocol/control/control-events';
import {
  SETTING_IN_MOTION,
  type LineCommand,
  type MotionCommand,
} from '@trame/protocol/control/control-names';
import { isOvertaken, marksOfRequest } from './bin-claim.ts';
import { modeAsked, programmeOf } from './command-targets.ts';
import { OUTCOME_WITHIN_MS, RECORD_WITHIN_MS, type AnyJob, type Running } from './control-state.ts';
import { CONTROL_MARKS, type StepOutcome } from './control-types.ts';
import { endRunning, openMark } from './end-command.ts';
import { done, failed, type JobAsk, type JobEnd, type JobEvent, type JobStep, type JobView } from './job.ts';
import { enableUsed } from './local-enable.ts';
import { isModeByHand, modeJob, nextModeJob } from './mode-job.ts';
import { plcCommandOf } from './packml.ts';
import { nextPlcJob, plcJob, takeBackOf } from './plc-job.ts';
import { downloadJob, leftBetween, nextDownload } from './programme-download.ts';
import { isStopOrHold, refusals, safetyReasons } from './refusals.ts';
import { nextScaleJob, scaleJob } from './scale-job.ts';
import { mayStillStand, takeBack } from './take-back.ts';
import { answerFinally, change, emit, inputsNow, nextStep, record, refusalView, type Turn } from './turn.ts';
import { nextWriteJob, writeJob } from './write-job.ts';

type Working = Running['stage'] & { kind: 'working' };

/** Begins what was found to be followed: recorded before anything is written, but for stop and hold. */
export function beginCommand(turn: Turn, asked: Omit<Running, 'since' | 'stage'>): Turn {
  const { request, command, actor, by, args } = asked;
  const { turn: counted, step } = nextStep(turn);
  const isUrgent = isStopOrHold(command);
  const running: Running = { ...asked, since: turn.at, stage: { kind: 'recording', step } };
  const open = [...turn.state.open, { request, command, actor, at: turn.at.wallMs }];
  const marks = { ...openMark(open), ...marksOfRequest(asked) };
  const recorded = record(
    change(counted, { running, open }),
    'command.requested',
    { request, command, args: recordedArgs(args), by },
    { actorRef: actor, key: `request:${request}`, marks, ...(isUrgent ? {} : { step }) },
  );
  return isUrgent ? work(recorded, running) : recorded;
}

/** The ledger has it, or has refused it. */
export function commandRecorded(turn: Turn, step: number, stored: boolean): Turn {
  const { running } = turn.state;
  if (running?.stage.kind !== 'recording' || running.stage.step !== step) return turn;
  if (!stored) return notStored(turn, running);
  const view = { ...refusalView(turn), running: null };
  const { command, args, by, actor } = running;
  const isInControl = by === 'person' ? actor !== null && actor === turn.state.lease.holder : null;
  const asked = { command, args, isInControl };
  const reasons = refusals(turn.setup, view, asked);
  if (reasons.length === 0 && !isOvertaken(turn, running)) return work(turn, running);
  return endRunning(turn, running, failed('Rien n’a été écrit.', { outcome: 'refused', reasons }));
}

/** What was asked for has an outcome. */
export function stepWritten(turn: Turn, step: number, outcome: StepOutcome): Turn {
  const { running } = turn.state;
  if (running?.stage.kind !== 'working' || running.stage.pending?.step !== step) return turn;
  return advance(turn, running, { ...running.stage, pending: null }, { kind: 'outcome', outcome });
}

/** A new snapshot, or time has passed: nothing waits for ever. */
export function continueCommand(turn: Turn): Turn {
  const { running } = turn.state;
  if (running === null) return turn;
  const nowMs = turn.at.monotonicMs;
  const { stage } = running;
  if (stage.kind === 'recording') {
    const isLate = nowMs - running.since.monotonicMs >= RECORD_WITHIN_MS;
    const words = 'Le journal de la ligne n’a pas répondu : rien n’a été demandé.';
    return isLate ? endRunning(turn, running, failed(words)) : turn;
  }
  if (stage.pending !== null && nowMs - stage.pending.sinceMs >= OUTCOME_WITHIN_MS) {
    const reason = 'L’appareil n’a pas répondu à l’écriture.';
    const left = emit(turn, { kind: 'forget', step: stage.pending.step });
    const outcome = { kind: 'unconfirmed', readBack: null, reason } as const;
    return advance(left, running, { ...stage, pending: null }, { kind: 'outcome', outcome });
  }
  return advance(turn, running, stage, { kind: 'look' });
}

/** Ends what runs because something more urgent was asked. */
export function preempt(turn: Turn, by: 'line.stop' | 'line.hold'): Turn {
  return leave(turn, (left) =>
    failed(`${by === 'line.stop' ? 'Arrêt demandé.' : 'Maintien demandé.'}${left}`),
  );
}

const ENDING = 'Trame s’arrête.';

/** Ends what runs because nobody watches it any more: how it goes on from where it was left, nobody knows. */
export function leaveAtEnd(turn: Turn): Turn {
  const isAsked = turn.state.running?.stage.kind === 'working';
  return leave(turn, (left) => failed(`${ENDING}${left}`, isAsked ? { outcome: 'unknown' } : {}));
}

/** Ends what runs in its middle, its request bit taken back. @param endOf given what is left behind, in words. */
function leave(turn: Turn, endOf: (left: string) => JobEnd): Turn {
  const { running } = turn.state;
  if (running === null) return turn;
  const { plc } = turn.setup.control;
  const job = running.stage.kind === 'working' ? running.stage.job : null;
  const asks = job?.kind === 'plc' && plc !== null ? takeBackOf(job, plc) : [];
  const ended = endRunning(turn, running, endOf(leftBehind(running)));
  return asks.length === 0 ? ended : takeBack(ended, running.request);
}

/** Asks the PLC once more for what it was asked for and does not follow: nothing waits for an outcome now. */
export function askAgain(turn: Turn, running: Running): Turn {
  const { plc } = turn.setup.control;
  const { stage } = running;
  if (plc === null || stage.kind !== 'working' || stage.job.kind !== 'plc') return turn;
  const asks = takeBackOf(stage.job, plc);
  const down = asks.length === 0 ? turn : takeBack(turn, running.request);
  const job = plcJob(plc, stage.job.command, viewOf(down));
  return job === null ? down : advance(down, running, { ...stage, job }, { kind: 'begin' });
}

/** What is not known of a command that is left in its middle, in words. */
function leftBehind({ stage }: Running): string {
  if (stage.kind === 'recording') return ' Rien n’avait été demandé.';
  if (stage.job.kind === 'download') return ` ${leftBetween(stage.job)}`;
  return stage.pending === null ? '' : ' On ne sait pas si l’appareil a suivi la commande interrompue.';
}

function notStored(turn: Turn, running: Running): Turn {
  const { request, by } = running;
  const open = turn.state.open.filter((one) => one.request !== request);
  const left = change(turn, { running: null, open });
  if (by !== 'person') return left;
  const detail = 'Le journal de la ligne n’enregistre pas : rien n’a été demandé.';
  const answered = answerFinally(left, request, 'not-stored', [], detail);
  // Nothing was done and nothing is known of it: the same request may come again.
  return change(answered, { answered: turn.state.answered });
}

function work(turn: Turn, running: Running): Turn {
  const { request, by } = running;
  const accepted =
    by === 'person'
      ? emit(turn, {
          kind: 'answer',
          id: request,
          code: 'accepted',
          reasons: [],
          detail: null,
          isFinal: false,
        })
      : turn;
  if (running.command === 'line.mode' && isModeByHand(turn.setup)) return modeByHand(accepted, running);
  const job = jobOf(turn, running);
  if (job === null) return endRunning(accepted, running, failed('La ligne ne connaît pas cette commande.'));
  const stage = { kind: 'working', job, pending: null, phase: 'requested', station: null } as const;
  return advance(accepted, running, stage, { kind: 'begin' });
}

/** Where no PLC says the mode, it is what a person says it is. */
function modeByHand(turn: Turn, running: Running): Turn {
  const mode = modeAsked(running.args);
  const told = { ...turn.state.mode, told: mode };
  const changed = record(
    change(turn, { handMode: mode, mode: told }),
    'mode.changed',
    { mode },
    { actorRef: running.actor, marks: { [CONTROL_MARKS.mode]: mode ?? '' } },
  );
  return endRunning(changed, running, done());
}

function jobOf(turn: Turn, { command, args }: Running): AnyJob | null {
  const { setup } = turn;
  const { plc, sorter } = setup.control;
  const view = viewOf(turn);
  if (command === 'programme.download') {
    const programme = programmeOf(setup, args);
    const seen = view.inputs.sorter;
    return sorter === null || programme === null || seen === null
      ? null
      : downloadJob(sorter, programme, seen);
  }
  if (!isLineCommand(command)) return scaleJob(setup, command, args) ?? writeJob(setup, command, args);
  if (plc === null) return null;
  const asked = plcCommandOf(command, view.inputs.state);
  if (asked !== null) return plcJob(plc, asked, view);
  const mode = modeAsked(args);
  return mode === null ? null : modeJob(plc, mode);
}

/** Takes the job one event further; a write that is forbidden at this moment is not made. */
function advance(turn: Turn, running: Running, stage: Working, event: JobEvent): Turn {
  // While a write is under way its outcome is waited for; the line is watched all the same.
  const { job, asks, end, phase, station } = nextJob(turn, stage.job, event);
  const isBusy = stage.pending !== null;
  const wanted = asks.find(({ kind }) => kind !== 'take-back') ?? null;
  const taken = asks.some(({ kind }) => kind === 'take-back') ? takeBack(turn, running.request) : turn;
  const next: Working = { ...stage, job, phase, station };
  if (end !== null) return endRunning(taken, { ...running, stage: next }, end);
  if (wanted === null || isBusy) return change(taken, { running: { ...running, stage: next } });
  const reasons = forbiddenNow(turn, running);
  if (reasons.length > 0) return advance(taken, running, next, { kind: 'forbidden', reasons });
  return ask(taken, running, next, wanted);
}

function ask(turn: Turn, running: Running, stage: Working, wanted: JobAsk): Turn {
  const { turn: counted, step } = nextStep(turn);
  const pending = { step, sinceMs: turn.at.monotonicMs };
  const { request, command } = running;
  const { enable: before } = turn.state;
  const enable = SETTING_IN_MOTION.includes(command) ? enableUsed(before, request) : before;
  const asked = change(counted, { enable, running: { ...running, stage: { ...stage, pending } } });
  if (wanted.kind === 'call') {
    const { device, method, args } = wanted;
    return emit(asked, { kind: 'call', step, request, device, method, args });
  }
  const { target } = wanted;
  const value = wanted.kind === 'write' ? wanted.value : false;
  const { settle, expect } = wanted.kind === 'write' ? wanted : {};
  const readBack = { ...(settle === true ? { settle } : {}), ...(expect === null ? { expect } : {}) };
  return emit(asked, { kind: 'write', step, request, target, value, ...readBack });
}

/**
 * What was accepted may have waited for bits to fall and for a code to be read back: before each write all is judged anew.
 * A programme that is half written is only worse off when it is left, so that nothing but safety keeps it from its end.
 */
function forbiddenNow(turn: Turn, { request, command, args }: Running): readonly CommandReason[] {
  if (command === 'programme.download') return safetyReasons(turn.setup, inputsNow(turn), command);
  const view = { ...refusalView(turn, request), running: null };
  return isStopOrHold(command) ? [] : refusals(turn.setup, view, { command, args, isInControl: null });
}

function nextJob(turn: Turn, job: AnyJob, event: JobEvent): JobStep<AnyJob> {
  const view = viewOf(turn);
  const { plc } = turn.setup.control;
  switch (job.kind) {
    case 'plc':
      if (plc === null) throw new Error('a PLC is asked that is not configured');
      return nextPlcJob(job, event, plc, view);
    case 'mode':
      return nextModeJob(job, event, view);
    case 'write':
      return nextWriteJob(job, event);
    case 'scale':
      return nextScaleJob(job, event, view);
    case 'download':
      return nextDownload(job, event, view);
  }
}

function viewOf(turn: Turn): JobView {
  const mayStand = mayStillStand(turn.state.takeBack, turn.at.monotonicMs);
  return { setup: turn.setup, inputs: inputsNow(turn), mayStand, nowMs: turn.at.monotonicMs };
}

function isLineCommand(command: MotionCommand): command is LineCommand {
  return command.startsWith('line.');
}

const ARG_CHARACTERS_MAX = 200;

/** The ledger holds no null: an outlet that is led nowhere is the empty text. */
function recordedArgs(args: Running['args']): Record<string, number | boolean | string> {
  const kept: Record<string, number | boolean | string> = {};
  for (const [name, value] of Object.entries(args)) {
    if (typeof value === 'number' || typeof value === 'boolean') kept[name] = value;
    if (typeof value === 'string') kept[name] = value.slice(0, ARG_CHARACTERS_MAX).toWellFormed();
    if (value === null) kept[name] = '';
  }
  return kept;
}
