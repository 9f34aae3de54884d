/** What each command writes to, and whether what it names exists and may be written as asked. */
import type { CommandReason } from '@trame/protocol/control/control-events';
import type { CommandRefusal, LineMode, MotionCommand } from '@trame/protocol/control/control-names';
import { LINE_MODES } from '@trame/protocol/control/control-names';
import { unitLabel } from '@trame/protocol/unit';
import type { ScaleControlConfig, SetpointConfig, SortProgrammeConfig } from './control-config.ts';
import type { TagRef } from '../tag-ref.ts';
import type { ControlSetup } from './control-types.ts';
import { figure } from './control-words.ts';
import type { ControlInputs } from './read-inputs.ts';

/** As `CONTROL_ARGS` of the command says. */
export type CommandArgs = Readonly<Record<string, unknown>>;

/** A device, and the tag of it where one is written. */
interface Target {
  readonly device: string;
}

export function setpointOf({ control }: ControlSetup, args: CommandArgs): SetpointConfig | null {
  return control.setpoints.find(({ id }) => id === args['setpoint']) ?? null;
}

export function programmeOf({ control }: ControlSetup, args: CommandArgs): SortProgrammeConfig | null {
  return control.sorter?.programmes.find(({ id }) => id === args['programme']) ?? null;
}

export function scaleOf({ control }: ControlSetup, args: CommandArgs): ScaleControlConfig | null {
  return control.scales.find(({ scale }) => scale === args['scale']) ?? null;
}

export function modeAsked(args: CommandArgs): LineMode | null {
  return LINE_MODES.find((mode) => mode === args['mode']) ?? null;
}

/** What a diverter is set to. */
export interface DiverterAsked {
  readonly outlet: string;
  /** Null: the outlet is led nowhere else. */
  readonly to: string | null;
}

export function diverterAsked({ outlet, to }: CommandArgs): DiverterAsked | null {
  if (typeof outlet !== 'string') return null;
  return { outlet, to: typeof to === 'string' && to !== '' ? to : null };
}

/** @returns where this outlet is led elsewhere; null: it cannot be. */
export function diverterTag({ control }: ControlSetup, outlet: string | undefined): TagRef | null {
  const diverters = new Map(Object.entries(control.sorter?.diverters ?? {}));
  return diverters.get(outlet ?? '') ?? null;
}

/** @returns the number of this outlet in the sorter's table; null: it has none. */
export function outletNumber({ control }: ControlSetup, outlet: string): number | null {
  return new Map(Object.entries(control.sorter?.outlets ?? {})).get(outlet) ?? null;
}

/** @returns the devices that carry this command out; none when what it names does not exist. */
export function targetsOf(setup: ControlSetup, command: MotionCommand, args: CommandArgs): readonly Target[] {
  const { plc, sorter } = setup.control;
  switch (command) {
    case 'setpoint.write':
      return some(setpointOf(setup, args)?.tag);
    case 'programme.download':
      return sorter === null ? [] : [...sorter.table, sorter.programme, sorter.version];
    case 'diverter.set':
      return some(diverterTag(setup, diverterAsked(args)?.outlet));
    case 'scale.tare':
      return some(scaleOf(setup, args)?.tare);
    case 'scale.zero':
      return some(scaleOf(setup, args)?.zero);
    case 'line.start':
    case 'line.stop':
    case 'line.hold':
    case 'line.unhold':
    case 'line.reset':
    case 'line.mode':
      return plc === null ? [] : [plc];
  }
}

/** @returns why what it names cannot be; empty: it can. */
export function targetReasons(
  setup: ControlSetup,
  inputs: ControlInputs,
  command: MotionCommand,
  args: CommandArgs,
): readonly CommandReason[] {
  switch (command) {
    case 'setpoint.write':
      return setpointReasons(setup, args);
    case 'programme.download':
      return programmeOf(setup, args) === null ? [why('unknown-programme', args['programme'])] : [];
    case 'diverter.set':
      return diverterReasons(setup, args);
    case 'scale.tare':
    case 'scale.zero':
      return scaleReasons(setup, inputs, command, args);
    case 'line.mode':
      return modeReasons(setup, args);
    case 'line.start':
    case 'line.stop':
    case 'line.hold':
    case 'line.unhold':
    case 'line.reset':
      return [];
  }
}

function setpointReasons(setup: ControlSetup, args: CommandArgs): readonly CommandReason[] {
  const setpoint = setpointOf(setup, args);
  if (setpoint === null) return [why('unknown-setpoint', args['setpoint'])];
  const { value } = args;
  const { id, unit, min, max, step } = setpoint;
  const isWithin = typeof value === 'number' && value >= min && value <= max;
  if (isWithin && isOnStep(value, setpoint)) return [];
  const most = unit === null ? figure(max) : `${figure(max)} ${unitLabel(unit)}`;
  const words = `Se règle de ${figure(min)} à ${most}, par pas de ${figure(step)}.`;
  return [{ ...why('out-of-range', id), words }];
}

/** How far from a step a value may lie, as a part of the step: 0.1 and 0.05 have no exact binary fraction. */
const STEP_TOLERANCE = 1e-6;

/** A whole number of steps, as the page counts them; the least and the greatest value may always be set. */
function isOnStep(value: number, { min, max, step }: SetpointConfig): boolean {
  const steps = value / step;
  return value === min || value === max || Math.abs(steps - Math.round(steps)) <= STEP_TOLERANCE;
}

function diverterReasons(setup: ControlSetup, args: CommandArgs): readonly CommandReason[] {
  const asked = diverterAsked(args);
  if (asked === null || diverterTag(setup, asked.outlet) === null)
    return [why('unknown-outlet', args['outlet'])];
  const { outlet, to } = asked;
  if (to === null) return [];
  return to === outlet || outletNumber(setup, to) === null ? [why('unknown-outlet', to)] : [];
}

function scaleReasons(
  setup: ControlSetup,
  { scales }: ControlInputs,
  command: 'scale.tare' | 'scale.zero',
  args: CommandArgs,
): readonly CommandReason[] {
  const scale = scaleOf(setup, args);
  if (scale === null) return [why('unknown-scale', args['scale'])];
  const notReady = (words: string): readonly CommandReason[] => [
    { ...why('scale-not-ready', scale.scale), words },
  ];
  if ((command === 'scale.tare' ? scale.tare : scale.zero) === null)
    return notReady('Cela se fait sur la bascule même : elle ne se commande pas d’ici.');
  const tags = setup.scales.get(scale.scale);
  const says = scales.get(scale.scale);
  // An indicator that tells neither decides for itself, within its own zero range.
  if (command === 'scale.zero' && tags !== undefined && tags.belowMin !== null && says?.belowMin !== true) {
    return says?.belowMin === false
      ? notReady('La bascule est chargée : videz-la, puis remettez-la à zéro.')
      : notReady('La bascule ne dit pas si elle est vide.');
  }
  if (tags === undefined || tags.stable === null || says?.stable === true) return [];
  return says?.stable === false
    ? notReady('Le poids bouge encore : attendez qu’il soit stable.')
    : notReady('La bascule ne dit pas si le poids est stable.');
}

function modeReasons({ control }: ControlSetup, args: CommandArgs): readonly CommandReason[] {
  const mode = modeAsked(args);
  if (mode === null) return [why('wrong-mode', args['mode'])];
  const numbers = control.plc?.mode?.numbers;
  return numbers !== undefined && numbers[mode] === undefined ? [why('wrong-mode', mode)] : [];
}

const REF_CHARACTERS_MAX = 80;

function why(code: CommandRefusal, ref: unknown): CommandReason {
  return {
    code,
    ref: typeof ref === 'string' ? ref.slice(0, REF_CHARACTERS_MAX).toWellFormed() : null,
    words: '',
  };
}

function some<T>(target: T | null | undefined): readonly T[] {
  return target === null || target === undefined ? [] : [target];
}
