import { Type, type TSchema } from 'typebox';
import { deviceIds as automaticIds, lieTargets, maxNirDriftNm } from '../plant/hazards.ts';
import { outletIds } from '../plant/outlets.ts';
import { motorIds } from '../plant/plant-state.ts';
import { startOrder } from '../plant/plc-state.ts';

const platform = 'platform-scale';
const printer = 'label-printer';
const deviceIds = [...automaticIds, platform] as const;
const poweredIds = [...deviceIds, printer] as const;
const modbusIds = ['infeed-scale', 'bale-scale', 'press', 'energy-meter', 'line', platform] as const;
const opcUaIds = ['plc', 'nir'] as const;
const scaleIds = ['infeed-scale', 'bale-scale', platform] as const;
const floatIds = ['infeed-scale', 'energy-meter'] as const;
const delayMs = Type.Integer({ minimum: 1, maximum: 60_000 });

interface FaultKind {
  readonly targets: readonly string[];
  readonly does: string;
  readonly options: Readonly<Record<string, TSchema>>;
  /** Mended by itself after so long, unless it is put for longer or shorter. */
  readonly usualMs?: number;
}

/**
 * Every fault a simulated line can have, as data: where it may lie, what it does, and its own options besides
 * `kind`, `target` and `durationMs`. All options may be left out. A line has some of the targets.
 */
export const faultKinds = {
  jam: { targets: ['belt', 'sorter'], does: 'material piles up, the line stops', options: {} },
  binFull: { targets: outletIds, does: 'the container counts as full, the line holds', options: {} },
  pressBlocked: { targets: ['press'], does: 'the press stays where it is', options: {} },
  scaleUnstable: { targets: scaleIds, does: 'the weight never settles', options: {} },
  scaleOverload: { targets: scaleIds, does: 'the load is beyond the capacity', options: {} },
  scaleDirty: { targets: ['infeed-scale'], does: '350 g of lint lie on the platform', options: {} },
  nirDirty: { targets: ['nir'], does: 'four reads in ten are refused, more are wrong', options: {} },
  nirDrift: {
    targets: ['nir'],
    does: 'the axis of wavelengths walks away, 0.1 nm a simulated minute, to shiftNm (-3 to 3, else 3)',
    options: { shiftNm: Type.Number({ minimum: -maxNirDriftNm, maximum: maxNirDriftNm }) },
  },
  nirLampOld: {
    targets: ['nir'],
    does: 'the lamp gives three tenths of its light: noise, a tilt',
    options: {},
  },
  nirBlank: { targets: ['nir'], does: 'reads come too late and see the bare belt', options: {} },
  nirSaturated: { targets: ['nir'], does: 'the detector is full: spectra are cut off flat', options: {} },
  nirNaN: { targets: ['nir'], does: 'up to six values of every spectrum are NaN', options: {} },
  nirZeros: { targets: ['nir'], does: 'up to six values of every spectrum are 0', options: {} },
  estop: { targets: ['line'], does: 'an emergency stop is pressed', options: {} },
  hopperEmpty: { targets: ['hopper'], does: 'nothing comes in, nothing comes out', options: {} },
  powerCut: { targets: poweredIds, does: 'the device is dark: no work, no link', options: {} },
  disconnect: { targets: poweredIds, does: 'connections are reset and refused', options: {} },
  freezeValues: { targets: deviceIds, does: 'the link lives, no value changes any more', options: {} },
  freeze: { targets: modbusIds, does: 'connections are accepted, nothing is answered', options: {} },
  slow: {
    targets: [...modbusIds, printer],
    does: 'every answer waits (delayMs, else 300)',
    options: { delayMs },
  },
  paperOut: { targets: [printer], does: 'connections are accepted, nothing is taken', options: {} },
  dropConnection: {
    targets: [printer],
    does: 'the connection is reset after the first bytes',
    options: {},
  },
  late: {
    targets: modbusIds,
    does: "answers come after the client's deadline (delayMs, else 3000)",
    options: { delayMs },
  },
  exception: {
    targets: modbusIds,
    does: 'every request is answered by an exception (code, else 4)',
    options: { code: Type.Integer({ minimum: 1, maximum: 255 }) },
  },
  truncate: { targets: modbusIds, does: 'answers are cut in half', options: {} },
  garbage: { targets: modbusIds, does: 'answers are noise of the right length', options: {} },
  wrongUnit: { targets: modbusIds, does: "answers carry another unit's number", options: {} },
  nan: { targets: floatIds, does: 'a float register holds NaN (field)', options: { field: Type.String() } },
  inf: { targets: floatIds, does: 'a float register holds +∞ (field)', options: { field: Type.String() } },
  badStatus: {
    targets: opcUaIds,
    does: 'values carry Bad_SensorFailure: all, or one (node, e.g. "InfeedBelt.Speed")',
    options: { node: Type.String() },
  },
  'plc-ignores': { targets: ['plc'], does: 'commands are acknowledged, nothing is done', options: {} },
  'plc-mute': { targets: ['plc'], does: 'commands are not even acknowledged', options: {} },
  'plc-reboot': {
    targets: ['plc'],
    does: 'its program starts anew: the line stops, bits fall, the life counter begins again',
    options: {},
    usualMs: 2_000,
  },
  'station-stuck': {
    targets: startOrder.filter((station) => station !== 'post1' && station !== 'post2'),
    does: 'the station does not come when the line starts',
    options: {},
  },
  'write-lies': { targets: lieTargets, does: 'a write is taken and reads back otherwise', options: {} },
  'motor-hot': { targets: motorIds, does: 'the winding goes to 118 °C within a minute', options: {} },
  'motor-overload': { targets: motorIds, does: 'the motor draws nearly twice its current', options: {} },
  'no-local-enable': { targets: ['line'], does: 'nobody presses the local enable', options: {} },
  'guard-open': { targets: ['line'], does: 'a guard door stands open', options: {} },
} as const satisfies Record<string, FaultKind>;
export type FaultKindId = keyof typeof faultKinds;
