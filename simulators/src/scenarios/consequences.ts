import {
  maxNirDriftNm,
  noHazards,
  type DeviceId,
  type Hazards,
  type LieTarget,
  type NirUpset,
} from '../plant/hazards.ts';
import type { MotorId } from '../plant/plant-state.ts';
import type { SequencedStation } from '../plant/plc-state.ts';
import type { OutletId } from '../plant/outlets.ts';
import type { HandHazards } from '../hand/hand-inputs.ts';
import { handScaleIds } from '../hand/hand-state.ts';
import { soundLink, type LinkBehaviour } from '../modbus/link-behaviour.ts';
import type { ForcedValue } from '../modbus/register-map.ts';
import type { FaultRequest } from './fault.ts';
import type { FaultKindId } from './fault-kinds.ts';

const slowMs = 300;
const lateMs = 3_000;
const deviceFailure = 4;
/** The float register that NaN and ∞ take when none is named. */
const usualFloatField: Readonly<Record<string, string>> = {
  'infeed-scale': 'gross',
  'energy-meter': 'activePower',
};

function has(faults: readonly FaultRequest[], kind: FaultKindId, target: string): boolean {
  return faults.some((fault) => fault.kind === kind && fault.target === target);
}

function targetsOf(faults: readonly FaultRequest[], kind: FaultKindId): string[] {
  return faults.filter((fault) => fault.kind === kind).map((fault) => fault.target);
}

const upsetOf = {
  nirBlank: 'blank',
  nirSaturated: 'saturated',
  nirNaN: 'nan',
  nirZeros: 'zeros',
} as const satisfies Partial<Record<FaultKindId, NirUpset>>;

function nirUpsetsOf(faults: readonly FaultRequest[]): NirUpset[] {
  const kinds = Object.keys(upsetOf) as (keyof typeof upsetOf)[];
  return kinds.filter((kind) => has(faults, kind, 'nir')).map((kind) => upsetOf[kind]);
}

/** Where the latest fault of the axis leads it. */
function nirDriftOf(faults: readonly FaultRequest[]): number {
  const fault = faults.findLast(({ kind }) => kind === 'nirDrift');
  return fault === undefined ? 0 : (fault.shiftNm ?? maxNirDriftNm);
}

/** What the faults do to the plant itself. */
export function hazardsOf(faults: readonly FaultRequest[]): Hazards {
  if (faults.length === 0) return noHazards;
  return {
    beltJam: has(faults, 'jam', 'belt'),
    sorterJam: has(faults, 'jam', 'sorter'),
    fullOutlets: targetsOf(faults, 'binFull') as OutletId[],
    pressBlocked: has(faults, 'pressBlocked', 'press'),
    infeedScaleDisturbed: has(faults, 'scaleUnstable', 'infeed-scale'),
    infeedScaleOverloaded: has(faults, 'scaleOverload', 'infeed-scale'),
    infeedScaleDirty: has(faults, 'scaleDirty', 'infeed-scale'),
    baleScaleDisturbed: has(faults, 'scaleUnstable', 'bale-scale'),
    baleScaleOverloaded: has(faults, 'scaleOverload', 'bale-scale'),
    nirDirty: has(faults, 'nirDirty', 'nir'),
    nirDriftNm: nirDriftOf(faults),
    nirLampOld: has(faults, 'nirLampOld', 'nir'),
    nirUpsets: nirUpsetsOf(faults),
    emergencyStop: has(faults, 'estop', 'line'),
    hopperEmpty: has(faults, 'hopperEmpty', 'hopper'),
    unpowered: targetsOf(faults, 'powerCut') as DeviceId[],
    guardOpen: has(faults, 'guard-open', 'line'),
    noLocalEnable: has(faults, 'no-local-enable', 'line'),
    plcIgnores: has(faults, 'plc-ignores', 'plc'),
    plcMute: has(faults, 'plc-mute', 'plc'),
    plcReboot: has(faults, 'plc-reboot', 'plc'),
    stuckStations: targetsOf(faults, 'station-stuck') as SequencedStation[],
    lies: targetsOf(faults, 'write-lies') as LieTarget[],
    hotMotors: targetsOf(faults, 'motor-hot') as MotorId[],
    overloadedMotors: targetsOf(faults, 'motor-overload') as MotorId[],
  };
}

/** What the faults do to a hand line. */
export function handHazardsOf(faults: readonly FaultRequest[]): HandHazards {
  return {
    pressBlocked: has(faults, 'pressBlocked', 'press'),
    disturbed: handScaleIds.filter((id) => has(faults, 'scaleUnstable', id)),
    overloaded: handScaleIds.filter((id) => has(faults, 'scaleOverload', id)),
    unpowered: targetsOf(faults, 'powerCut'),
  };
}

/** How the Modbus link of a device behaves under the faults that lie on it. The latest damage wins. */
export function linkBehaviourOf(faults: readonly FaultRequest[], device: string): LinkBehaviour {
  let behaviour = soundLink;
  for (const fault of faults) {
    // Without power the PLC answers on neither of its links.
    const dark = fault.kind === 'powerCut' && fault.target === 'plc' && device === 'line';
    if (dark) behaviour = { ...behaviour, refuse: true };
    if (fault.target !== device) continue;
    switch (fault.kind) {
      case 'powerCut':
      case 'disconnect':
        behaviour = { ...behaviour, refuse: true };
        break;
      case 'freeze':
        behaviour = { ...behaviour, mute: true };
        break;
      case 'slow':
        behaviour = { ...behaviour, delayMs: fault.delayMs ?? slowMs };
        break;
      case 'late':
        behaviour = { ...behaviour, delayMs: fault.delayMs ?? lateMs };
        break;
      case 'exception':
        behaviour = { ...behaviour, exception: fault.code ?? deviceFailure };
        break;
      case 'truncate':
      case 'garbage':
      case 'wrongUnit':
        behaviour = { ...behaviour, damage: fault.kind };
        break;
      default:
        break;
    }
  }
  return behaviour;
}

/** The value that a fault forces on a float register of a device, if any. */
export function forcedValueOf(faults: readonly FaultRequest[], device: string): ForcedValue | null {
  const fault = faults.findLast(
    ({ kind, target }) => target === device && (kind === 'nan' || kind === 'inf'),
  );
  if (fault === undefined) return null;
  const field = fault.field ?? usualFloatField[device];
  if (field === undefined) return null;
  return { field, value: fault.kind === 'nan' ? Number.NaN : Number.POSITIVE_INFINITY };
}

/** How an OPC UA device behaves under the faults that lie on it. */
export interface OpcUaBehaviour {
  readonly refuse: boolean;
  /** `node` null means every node. */
  readonly bad: { readonly node: string | null } | null;
}

export function opcUaBehaviourOf(faults: readonly FaultRequest[], device: string): OpcUaBehaviour {
  const bad = faults.findLast(({ kind, target }) => target === device && kind === 'badStatus');
  return {
    refuse: has(faults, 'powerCut', device) || has(faults, 'disconnect', device),
    bad: bad === undefined ? null : { node: bad.node ?? null },
  };
}

/** Whether a device's values stand still while its link lives. */
export function isFrozen(faults: readonly FaultRequest[], device: string): boolean {
  return has(faults, 'freezeValues', device);
}
