/** Words of controlling a line that edge, server and page share: stable, since programs and translations hang on them. */

/** Unit modes of ISA-TR88.00.02 (PackML): 1–3 are the standard's, further ones are the user's. */
export const LINE_MODES = ['production', 'maintenance', 'manual', 'school'] as const;
export type LineMode = (typeof LINE_MODES)[number];

/** `UnitModeCurrent` of each mode, unless a line is configured otherwise. */
export const MODE_NUMBERS: Readonly<Record<LineMode, number>> = {
  production: 1,
  maintenance: 2,
  manual: 3,
  school: 4,
};

/** What the PLC is asked to do. `reset` is PackML's Clear when the line is aborted, Reset otherwise. */
export const LINE_COMMANDS = [
  'line.start',
  'line.stop',
  'line.hold',
  'line.unhold',
  'line.reset',
  'line.mode',
] as const;
export type LineCommand = (typeof LINE_COMMANDS)[number];

/** Everything that changes something on the line: it quotes a heartbeat of the edge, and expires. */
export const MOTION_COMMANDS = [
  ...LINE_COMMANDS,
  'setpoint.write',
  'programme.download',
  'diverter.set',
  'scale.tare',
  'scale.zero',
] as const;
export type MotionCommand = (typeof MOTION_COMMANDS)[number];

export function isMotionCommand(command: string): command is MotionCommand {
  return (MOTION_COMMANDS as readonly string[]).includes(command);
}

/** These set the line in motion: they want the local enable and the warning, and never come from a phone. */
export const SETTING_IN_MOTION: readonly MotionCommand[] = ['line.start', 'line.unhold'];

/** One controller at a time: `take` asks for the line, `answer` {grant, to} is the holder's, `release` gives it back. They expire like a motion. */
export const LEASE_COMMANDS = ['control.take', 'control.answer', 'control.release'] as const;
export type LeaseCommand = (typeof LEASE_COMMANDS)[number];

/** Why a command is refused now. `ref` of a reason names what: an interlock, a station, a set-point. */
export const COMMAND_REFUSALS = [
  /** No PLC is configured: people start and stop this line by hand. */
  'not-commanded',
  /** The device that would carry it out does not answer. */
  'device-offline',
  /** The switch at the line stands on local, or does not say. */
  'not-remote',
  /** Nobody pressed the local enable within the last seconds. */
  'no-local-enable',
  'emergency-stop',
  /** An interlock forbids it: `ref`. */
  'interlock',
  /** The line does not say in which state it is. */
  'state-unknown',
  'wrong-state',
  'wrong-mode',
  /** Another command is being carried out. */
  'busy',
  /** Somebody else has the line in hand, or nobody has. */
  'not-in-control',
  'out-of-range',
  'unknown-setpoint',
  'unknown-programme',
  'unknown-outlet',
  'unknown-scale',
  /** The sorter stands between two programmes: `ref` is the one that it names and does not follow. */
  'programme-mixed',
  /** The scale is loaded, unstable or cannot be asked for it. */
  'scale-not-ready',
  /** The device said no. */
  'refused-by-device',
] as const;
export type CommandRefusal = (typeof COMMAND_REFUSALS)[number];

/** How a command ended. */
export const COMMAND_OUTCOMES = [
  /** Carried out and read back. */
  'done',
  /** Nothing was written. */
  'refused',
  /** It was asked and did not come about within its bound: the line is as `detail` says. */
  'failed',
  /** It was written, and what is read back differs or nothing is read back. */
  'unconfirmed',
  /** The edge ended in the middle of it: nobody knows. */
  'unknown',
] as const;
export type CommandOutcomeName = (typeof COMMAND_OUTCOMES)[number];

/** Where a command is between its request and its end. */
export const COMMAND_PHASES = [
  /** The request bit is set; the PLC has not acknowledged. */
  'requested',
  /** It acknowledged; the warning sounds. */
  'warning',
  /** Stations come, one after the other. */
  'sequence',
  /** Written; waiting for what is read back. */
  'readback',
] as const;
export type CommandPhase = (typeof COMMAND_PHASES)[number];

/** A person who asks for the line gets it after so long, when its holder does not answer, ms. */
export const TAKE_OVER_MS = 30_000;
/** Who has the line in hand and gives no command for so long has it no more, ms. */
export const LEASE_IDLE_MS = 10 * 60_000;
/** The local enable counts for so long, ms. A line may configure less, never more. */
export const LOCAL_ENABLE_MS = 10_000;
/** The hard-wired warning sounds at least so long before anything moves, ms. */
export const WARNING_MIN_MS = 3_000;
