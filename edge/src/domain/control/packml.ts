/**
 * What the states of a PackML line (ISA-TR88.00.02) mean for commands: in which state each is taken, where it leads, and
 * which states lie on its way. The sequence itself is the PLC's; this only says what to ask for and what to expect.
 */
import type { LineCommand, LineMode } from '@trame/protocol/control/control-names';
import type { LineStateName } from '@trame/protocol/ledger-payloads';
import type { PlcCommand } from './control-config.ts';

/** The line runs, or starves or is blocked and goes on by itself. */
const RUNNING_STATES: readonly LineStateName[] = ['execute', 'suspending', 'suspended', 'unsuspending'];
/** It is on its way to run, or runs: hold is taken. */
const HOLDABLE_STATES: readonly LineStateName[] = ['starting', 'unholding', ...RUNNING_STATES];
/** Stop has nothing to stop: the line stands, or an abort is under way, which outranks it. */
const PAST_STOPPING: readonly LineStateName[] = ['stopped', 'stopping', 'aborting', 'aborted', 'clearing'];
/** The unit mode may change only where nothing moves. */
const MODE_STATES: readonly LineStateName[] = ['stopped', 'idle', 'aborted'];

/** Where Trame sets nothing in motion: people work at the machine, who start it at the panel. */
const LOCAL_MODES: readonly LineMode[] = ['maintenance', 'manual'];

export interface PackmlPath {
  /** The command has come about. */
  readonly goals: readonly LineStateName[];
  /** States on the way, beside the one from which it was asked. */
  readonly via: readonly LineStateName[];
}

const RUN: PackmlPath = { goals: RUNNING_STATES, via: [] };

const PATHS: Readonly<Record<PlcCommand, PackmlPath>> = {
  reset: { goals: ['idle'], via: ['resetting'] },
  clear: { goals: ['stopped'], via: ['clearing'] },
  start: { ...RUN, via: ['starting'] },
  unhold: { ...RUN, via: ['unholding'] },
  hold: { goals: ['held'], via: ['holding'] },
  stop: { goals: ['stopped'], via: ['stopping'] },
};

/** @returns where this command leads, and by which states. */
export function pathOf(command: PlcCommand): PackmlPath {
  return PATHS[command];
}

/** @returns what the PLC is asked for; null: this command asks it for no state. */
export function plcCommandOf(command: LineCommand, state: LineStateName): PlcCommand | null {
  switch (command) {
    case 'line.start':
      return 'start';
    case 'line.stop':
      return 'stop';
    case 'line.hold':
      return 'hold';
    case 'line.unhold':
      return 'unhold';
    case 'line.reset':
      return state === 'aborted' ? 'clear' : 'reset';
    case 'line.mode':
      return null;
  }
}

/**
 * @returns whether a line in this state takes the command. Of a line that does not say its state: stop and hold are
 * sent all the same, the PLC decides.
 */
export function isLegal(command: LineCommand, state: LineStateName): boolean {
  switch (command) {
    case 'line.start':
      return state === 'idle';
    case 'line.unhold':
      return state === 'held';
    case 'line.reset':
      return state === 'stopped' || state === 'complete' || state === 'aborted';
    case 'line.hold':
      return state === 'unknown' || HOLDABLE_STATES.includes(state);
    case 'line.stop':
      return !PAST_STOPPING.includes(state);
    case 'line.mode':
      return MODE_STATES.includes(state);
  }
}

/** @returns whether it stands, or is on its way to: what an emergency stop brings a line to. */
export function isPastStopping(state: LineStateName): boolean {
  return PAST_STOPPING.includes(state);
}

/** @returns whether an abort is under way, or has ended. */
export function isAborted(state: LineStateName): boolean {
  return state === 'aborting' || state === 'aborted' || state === 'clearing';
}

/** @param mode null: the line has modes and does not say which. @returns whether Trame may move anything of it in it. */
export function mayStartIn(mode: LineMode | null): boolean {
  return mode !== null && !LOCAL_MODES.includes(mode);
}

/** @returns whether material moves in this state, or is about to. */
export function isMoving(state: LineStateName): boolean {
  return HOLDABLE_STATES.includes(state);
}
