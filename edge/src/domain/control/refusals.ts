/**
 * Why a command would be refused now: all reasons, in a fixed order, that in which they are put right. The emergency stop
 * and interlocks are reckoned apart, so that nothing before can leave them out; the local enable comes after them, for it
 * counts only for seconds, and pressing it moves nothing while a jam or a door forbids.
 *
 * Stop and hold are asked of the PLC whoever has the line in hand, wherever its switch stands, whatever is carried out,
 * whatever an interlock says and however the emergency circuit reads: a contact may stick, or a circuit cover one zone
 * only. Only a line that stands already, or is on its way to, leaves them nothing to do.
 */
import type { CommandReason } from '@trame/protocol/control/control-events';
import {
  SETTING_IN_MOTION,
  type CommandRefusal,
  type LineCommand,
  type LineMode,
  type MotionCommand,
} from '@trame/protocol/control/control-names';
import type { PlcConfig } from './control-config.ts';
import type { ControlSetup } from './control-types.ts';
import { forbidding } from './interlock.ts';
import { isLegal, isPastStopping, mayStartIn, plcCommandOf } from './packml.ts';
import type { ControlInputs } from './read-inputs.ts';
import { mixedProgramme } from './sorter-table.ts';
import { targetReasons, targetsOf, type CommandArgs } from './command-targets.ts';

/** What is known when it is asked. */
export interface RefusalView {
  readonly inputs: ControlInputs;
  /** How long the local enable still counts, ms. */
  readonly enableLeftMs: number;
  /** What is being carried out; null: nothing. */
  readonly running: MotionCommand | null;
  /** Of a line without a PLC that says its mode: as a person set it; null: nobody did. */
  readonly handMode: LineMode | null;
}

export interface Asked {
  readonly command: MotionCommand;
  readonly args: CommandArgs;
  /** Whether who asks has the line in hand; null: nobody in particular asks, so that it does not matter. */
  readonly isInControl: boolean | null;
}

export const REASONS_MAX = 16;

/** @returns why it is refused, most useful first, at most {@link REASONS_MAX}; empty: it is followed. */
export function refusals(setup: ControlSetup, view: RefusalView, asked: Asked): readonly CommandReason[] {
  const safety = safetyReasons(setup, view.inputs, asked.command);
  const last = [...safety, ...enableReasons(setup, view, asked.command)].slice(0, REASONS_MAX);
  const first = isStopOrHold(asked.command)
    ? stopReasons(setup, view, asked.command)
    : ordinaryReasons(setup, view, asked);
  return [...first.slice(0, REASONS_MAX - last.length), ...last];
}

/** @returns what forbids any write for this command at this moment, whatever was decided before. */
export function safetyReasons(
  { emergencyStop }: ControlSetup,
  inputs: ControlInputs,
  command: MotionCommand,
): readonly CommandReason[] {
  if (isStopOrHold(command)) return [];
  const open = inputs.emergencyStop === true ? [reason('emergency-stop')] : [];
  const isUnknown = emergencyStop !== null && inputs.emergencyStop === null && !isScale(command);
  return [
    ...(isUnknown ? [reason('emergency-stop', 'unknown')] : open),
    ...forbidding(inputs.interlocks, command),
  ];
}

export function isStopOrHold(command: MotionCommand): command is 'line.stop' | 'line.hold' {
  return command === 'line.stop' || command === 'line.hold';
}

export function reason(code: CommandRefusal, ref: string | null = null, words = ''): CommandReason {
  return { code, ref, words };
}

function isScale(command: MotionCommand): boolean {
  return command === 'scale.tare' || command === 'scale.zero';
}

function isLineCommand(command: MotionCommand): command is LineCommand {
  return command.startsWith('line.');
}

function stopReasons(
  { control }: ControlSetup,
  { inputs, running }: RefusalView,
  command: 'line.stop' | 'line.hold',
): readonly CommandReason[] {
  if (control.plc === null) return [reason('not-commanded')];
  return [
    ...channelReasons(control.plc, command, inputs),
    // A stop that is under way is not made less by a hold. The same again is asked anew.
    ...(command === 'line.hold' && running === 'line.stop' ? [reason('busy', running)] : []),
    ...(isLegal(command, inputs.state) ? [] : [reason('wrong-state', inputs.state)]),
    ...(inputs.emergencyStop === true && isPastStopping(inputs.state) ? [reason('emergency-stop')] : []),
  ];
}

function ordinaryReasons(
  setup: ControlSetup,
  view: RefusalView,
  { command, args, isInControl }: Asked,
): readonly CommandReason[] {
  const { plc } = setup.control;
  if (plc === null && !isScale(command) && command !== 'line.mode') return [reason('not-commanded')];
  const { inputs, running } = view;
  return [
    ...(isLineCommand(command) && plc !== null ? channelReasons(plc, command, inputs) : []),
    ...targetReasons(setup, inputs, command, args),
    ...awayReasons(setup, inputs, command, args),
    ...(isInControl === false ? [reason('not-in-control')] : []),
    ...(running === null ? [] : [reason('busy', running)]),
    ...(plc === null || isScale(command) ? [] : plcReasons(setup, plc, view, command)),
  ];
}

/** The PLC has no such command, or no way to be asked for a mode. */
function channelReasons(
  plc: PlcConfig,
  command: LineCommand,
  { state }: ControlInputs,
): readonly CommandReason[] {
  const asked = plcCommandOf(command, state);
  const { channel, mode } = plc;
  if (asked === null) return mode !== null && mode.ask === null ? [reason('not-commanded', 'mode')] : [];
  const known = channel.kind === 'methods' ? channel.methods[asked] : channel.codes[asked];
  return known === undefined ? [reason('not-commanded', asked)] : [];
}

function awayReasons(
  setup: ControlSetup,
  inputs: ControlInputs,
  command: MotionCommand,
  args: CommandArgs,
): readonly CommandReason[] {
  const devices = new Set(targetsOf(setup, command, args).map(({ device }) => device));
  return [...devices]
    .filter((device) => !inputs.online.has(device))
    .map((device) => deviceOffline(device, inputs));
}

/** With why it is away, in the words of its driver. */
export function deviceOffline(device: string, { away }: ControlInputs): CommandReason {
  return reason('device-offline', device, (away.get(device) ?? '').slice(0, 300).toWellFormed());
}

function plcReasons(
  { control }: ControlSetup,
  plc: PlcConfig,
  { inputs, handMode }: RefusalView,
  command: MotionCommand,
): readonly CommandReason[] {
  const mixed = mixedProgramme(control.sorter, inputs.sorter);
  const setsInMotion = SETTING_IN_MOTION.includes(command);
  const mode = modeNow(plc, inputs.mode, handMode);
  return [
    ...(plc.remote !== null && inputs.remote !== true ? [reason('not-remote')] : []),
    ...(isLineCommand(command) ? stateReasons(command, inputs) : []),
    ...((setsInMotion || command === 'diverter.set') && !mayStartIn(mode)
      ? [reason('wrong-mode', mode)]
      : []),
    ...(setsInMotion && mixed !== null ? [reason('programme-mixed', mixed)] : []),
  ];
}

/** @returns the mode of a line whose PLC says it, or that which a person stated; null: its PLC does not say. */
export function modeNow(
  plc: PlcConfig | null,
  said: LineMode | null,
  stated: LineMode | null,
): LineMode | null {
  return plc === null || plc.mode === null ? (stated ?? 'production') : said;
}

function enableReasons(
  { control: { plc } }: ControlSetup,
  { enableLeftMs }: RefusalView,
  command: MotionCommand,
): readonly CommandReason[] {
  if (plc === null || !SETTING_IN_MOTION.includes(command)) return [];
  return plc.localEnable === null || enableLeftMs === 0 ? [reason('no-local-enable')] : [];
}

function stateReasons(command: LineCommand, { state }: ControlInputs): readonly CommandReason[] {
  if (state === 'unknown') return [reason('state-unknown')];
  return isLegal(command, state) ? [] : [reason('wrong-state', state)];
}
