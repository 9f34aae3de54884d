/**
 * The control of a line as a pure machine: requests come in, the line is looked at, writes and records go out. What it
 * keeps to, whatever order things come in:
 *
 * - one command at a time; stop and hold end what runs;
 * - nothing is written that an open emergency stop or an interlock forbids at that moment, except that a request bit is
 *   taken back; stop and hold are forbidden by neither;
 * - every request gets exactly one final answer, and every command ends, for each step of it has a bound.
 */
import { LINE_MODES } from '@trame/protocol/control/control-names';
import { startSteady } from '../line-events-steady.ts';
import type { Instant } from '../tag-state.ts';
import { claimedBins } from './bin-claim.ts';
import type { ControlState, OpenRequest } from './control-state.ts';
import {
  CONTROL_MARKS,
  pressMark,
  type ControlEvent,
  type ControlSetup,
  type ControlStep,
  type DeviceView,
} from './control-types.ts';
import { openMark } from './end-command.ts';
import { nextLate } from './late-station.ts';
import { FREE } from './lease.ts';
import { beatEnded, nextBeat, UNBORN } from './life.ts';
import { NEVER_PRESSED, nextEnable } from './local-enable.ts';
import { isModeByHand } from './mode-job.ts';
import { noteLine } from './note-line.ts';
import { startPress } from './press-watch.ts';
import { lookAtBins, reactToBins } from './react-to-bins.ts';
import { readInputs } from './read-inputs.ts';
import { commandRecorded, continueCommand, leaveAtEnd, stepWritten } from './run-command.ts';
import { NOTHING_STANDS, takeBackAtEnd, takenBack, tidyRequestBit } from './take-back.ts';
import { takeRequest, withLease } from './take-request.ts';
import { readOpenRequests } from './open-requests.ts';
import { change, emit, inputsNow, record, type Turn } from './turn.ts';

type Step = ControlStep<ControlState>;

/**
 * Nobody has the line in hand after a restart; what had been asked for and had not ended is ended as unknown.
 * @param mark what the ledger kept under this name, or null.
 */
export function startControl(setup: ControlSetup, mark: (name: string) => string | null, at: Instant): Step {
  const open = readOpenRequests(mark(CONTROL_MARKS.open));
  const mode = mark(CONTROL_MARKS.mode);
  const state: ControlState = {
    inputs: readInputs(setup, new Map(), -Infinity),
    lineSince: { state: 'unknown', sinceMs: at.wallMs },
    enable: NEVER_PRESSED,
    lease: FREE,
    handMode: isModeByHand(setup) ? (LINE_MODES.find((name) => name === mode) ?? null) : null,
    running: null,
    last: null,
    late: null,
    open,
    answered: [],
    steps: 0,
    // The last edge may have ended while its request bit was set.
    takeBack: { ...NOTHING_STANDS, isDue: true },
    life: UNBORN,
    mode: startSteady(mode),
    programme: startSteady(mark(CONTROL_MARKS.programme)),
    bins: claimedBins(setup, mark),
    presses: new Map(setup.control.presses.map(({ id }) => [id, startPress(countOf(mark(pressMark(id))))])),
    refusalsAtMs: [],
  };
  const begun: Turn = { setup, at, state, effects: [] };
  const holder = mark(CONTROL_MARKS.holder) ?? '';
  const freed = holder === '' ? begun : freeLine(begun);
  const { state: after, effects } = open.reduce(endUnknown, freed);
  return { state: after, effects };
}

export function nextControl(setup: ControlSetup, state: ControlState, event: ControlEvent): Step {
  const turn: Turn = { setup, at: event.at, state, effects: [] };
  const { state: after, effects } = take(turn, event);
  return { state: after, effects };
}

function take(turn: Turn, event: ControlEvent): Turn {
  switch (event.kind) {
    case 'look':
      return passTime(noteLine(lookAtBins(look(turn, event.devices))), event.freshId);
    case 'tick':
      return passTime(turn, event.freshId);
    case 'request':
      return takeRequest(turn, event);
    case 'recorded':
      return commandRecorded(turn, event.step, event.stored);
    case 'written':
      return stepWritten(takenBack(turn, event.step, event.outcome), event.step, event.outcome);
    case 'lived':
      return change(turn, { life: beatEnded(turn.state.life, event.outcome) });
    case 'end':
      return endRun(turn);
  }
}

/** What runs is recorded and answered while there is somebody to do it, and the request bit is taken back. */
function endRun(turn: Turn): Turn {
  const isFalling = turn.state.takeBack.step;
  const left = leaveAtEnd(turn);
  return left.state.takeBack.step === isFalling ? takeBackAtEnd(left) : left;
}

function look(turn: Turn, devices: ReadonlyMap<string, DeviceView>): Turn {
  const { setup, at, state } = turn;
  const inputs = readInputs(setup, devices, at.monotonicMs);
  const isSame = inputs.state === state.lineSince.state;
  return change(turn, {
    inputs,
    lineSince: isSame ? state.lineSince : { state: inputs.state, sinceMs: at.wallMs },
    enable: nextEnable(state.enable, inputs.localEnable, at.monotonicMs),
    late: nextLate(state.late, state.lineSince.state, inputs),
  });
}

/** What has its time on every event that tells it: bounds of a command, the lease, the life counter. */
function passTime(turn: Turn, freshId: string): Turn {
  const carried = continueCommand(withLease(turn, { kind: 'time' }));
  return beat(tidyRequestBit(reactToBins(carried, freshId)));
}

function beat(turn: Turn): Turn {
  const { plc } = turn.setup.control;
  if (plc === null || plc.life === null) return turn;
  const isOnline = inputsNow(turn).online.has(plc.life.write.device);
  const life = nextBeat(turn.state.life, plc.life.everyMs, isOnline, turn.at.monotonicMs);
  if (life === null) return turn;
  return emit(change(turn, { life }), { kind: 'live', target: plc.life.write, value: life.value });
}

function freeLine(turn: Turn): Turn {
  const marks = { [CONTROL_MARKS.holder]: '' };
  return record(turn, 'control.changed', { holder: null, why: 'lapsed' }, { marks });
}

const TOOK_MAX_MS = 3_600_000;

function endUnknown(turn: Turn, { request, command, actor, at }: OpenRequest): Turn {
  const open = turn.state.open.filter((one) => one.request !== request);
  const tookMs = Math.min(Math.max(Math.round(turn.at.wallMs - at), 0), TOOK_MAX_MS);
  const detail = 'Trame a redémarré pendant cette commande : personne ne sait si elle a abouti.';
  const ended = { request, command, outcome: 'unknown', reasons: [], late: null, detail } as const;
  const seen = change(turn, { open, last: { ...ended, at: turn.at.wallMs } });
  return record(
    seen,
    'command.ended',
    { ...ended, reasons: [], readBack: null, tookMs },
    { actorRef: actor, key: `ended:${request}`, marks: openMark(open) },
  );
}

/** @returns null: this is no count. */
function countOf(text: string | null): number | null {
  const count = text === null || text === '' ? Number.NaN : Number(text);
  return Number.isSafeInteger(count) && count >= 0 ? count : null;
}
