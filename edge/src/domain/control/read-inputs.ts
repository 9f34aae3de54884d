/**
 * One snapshot of the line as the control machine sees it: everything that it decides on, read from the process image
 * at one moment. What is not good is not known, and is null.
 */
import type { InterlockState } from '@trame/protocol/control/control-picture';
import type { LineMode } from '@trame/protocol/control/control-names';
import { LINE_MODES } from '@trame/protocol/control/control-names';
import type { LineStateName } from '@trame/protocol/ledger-payloads';
import { STATION_STATES, type StationState } from '@trame/protocol/line-description';
import { toNumber, type TagValue } from '@trame/protocol/tag';
import { holds } from '../condition.ts';
import { CONFIRMED_BY_STANDING_MS } from '../confirm-total.ts';
import { lineStateName } from '../line-events-states.ts';
import type { TagRef } from '../tag-ref.ts';
import type { TagState } from '../tag-state.ts';
import { goodGrams } from '../weighing-snapshot.ts';
import type { ControlConfig, PressConfig, SorterConfig } from './control-config.ts';
import type { ControlSetup, DeviceView } from './control-types.ts';
import { interlockStates } from './interlock.ts';

export interface ControlInputs {
  /** Monotonic ms of the look; -Infinity: never. */
  readonly lookedAtMs: number;
  /** Devices that answer. */
  readonly online: ReadonlySet<string>;
  /** Why the others do not, in words for a person. */
  readonly away: ReadonlyMap<string, string>;
  readonly state: LineStateName;
  readonly emergencyStop: boolean | null;
  readonly mode: LineMode | null;
  readonly remote: boolean | null;
  readonly localEnable: boolean | null;
  readonly warning: boolean | null;
  readonly interlocks: readonly InterlockState[];
  readonly stations: readonly StationInput[];
  /** By set-point. */
  readonly setpoints: ReadonlyMap<string, number | null>;
  readonly sorter: SorterInputs | null;
  /** By outlet: whether its bin is full. */
  readonly full: ReadonlyMap<string, boolean | null>;
  readonly presses: ReadonlyMap<string, PressInputs>;
  readonly scales: ReadonlyMap<string, ScaleInputs>;
  /** Of a PLC that is commanded by handshake. */
  readonly bits: HandshakeBits | null;
}

export interface StationInput {
  readonly id: string;
  readonly state: StationState | null;
}

export interface SorterInputs {
  /** In the order of the table; undefined: this entry can be written and not read. */
  readonly table: readonly (TagValue | null | undefined)[];
  readonly programme: string | null;
  readonly version: number | null;
  /** By outlet: the number of the one that it is led to, 0 none. */
  readonly diverters: ReadonlyMap<string, number | null>;
}

export const PRESS_PHASES = ['idle', 'filling', 'compressing', 'tying', 'ejecting', 'waiting'] as const;
export type PressPhase = (typeof PRESS_PHASES)[number];

export interface PressInputs {
  readonly phase: PressPhase | null;
  readonly bales: number | null;
  readonly outlet: string | null;
}

export interface ScaleInputs {
  readonly stable: boolean | null;
  readonly belowMin: boolean | null;
  readonly gross: ShownMass | null;
  readonly tare: ShownMass | null;
  /** Of its keys: whether it is held; null: it is only written, or not known. */
  readonly isDown: { readonly tare: boolean | null; readonly zero: boolean | null };
}

export interface ShownMass {
  readonly grams: number;
  /** It stood there at this time, monotonic ms: when it was read, or as late as a change would have been told. */
  readonly toldAtMs: number;
}

/** Null: not known. */
export interface HandshakeBits {
  readonly request: boolean | null;
  readonly acknowledge: boolean | null;
  readonly done: boolean | null;
  readonly refused: boolean | null;
}

type Tags = (ref: TagRef) => TagState | null;

/** @param nowMs monotonic; -Infinity: nothing was looked at. */
export function readInputs(
  { control, stateTag, emergencyStop, stations, scales }: ControlSetup,
  devices: ReadonlyMap<string, DeviceView>,
  nowMs: number,
): ControlInputs {
  const tag: Tags = ({ device, tag }) => devices.get(device)?.tags.get(tag) ?? null;
  const { plc } = control;
  const known = [...devices].filter(([, { presence }]) => presence === 'online');
  const away = [...devices].filter(([, { presence }]) => presence !== 'online');
  return {
    lookedAtMs: nowMs,
    online: new Set(known.map(([id]) => id)),
    away: new Map(away.map(([id, { reason }]) => [id, reason ?? ''])),
    state: lineStateName(stateTag, tag),
    emergencyStop: flag(tag, emergencyStop),
    mode: modeOf(control, tag),
    remote: flag(tag, plc?.remote ?? null),
    localEnable: flag(tag, plc?.localEnable ?? null),
    warning: flag(tag, plc?.warning?.tag ?? null),
    interlocks: interlockStates(control.interlocks, tag),
    stations: stations.map(({ id, state }) => ({ id, state: stationOf(number(tag, state)) })),
    setpoints: new Map(control.setpoints.map(({ id, tag: ref }) => [id, number(tag, ref)])),
    sorter: control.sorter === null ? null : sorterInputs(control.sorter, tag),
    full: new Map(control.bins.map(({ outlet, full }) => [outlet, holds(full, tag(full.tag))])),
    presses: new Map(control.presses.map((press) => [press.id, pressInputs(press, tag)])),
    scales: new Map(
      [...scales].map(([id, { stable, belowMin, gross, tare }]) => [
        id,
        {
          stable: flag(tag, stable),
          belowMin: flag(tag, belowMin),
          gross: shownMass(tag, gross, nowMs),
          tare: shownMass(tag, tare, nowMs),
          isDown: keysOf(control, id, tag),
        },
      ]),
    ),
    bits: bitsOf(control, tag),
  };
}

function good(tag: Tags, ref: TagRef | null): TagValue | null {
  const state = ref === null ? null : tag(ref);
  return state === null || state.quality.level !== 'good' ? null : state.value;
}

function flag(tag: Tags, ref: TagRef | null): boolean | null {
  const value = good(tag, ref);
  return typeof value === 'boolean' ? value : null;
}

function number(tag: Tags, ref: TagRef | null): number | null {
  const value = good(tag, ref);
  return typeof value === 'number' || typeof value === 'bigint' ? toNumber(value) : null;
}

function keysOf({ scales }: ControlConfig, id: string, tag: Tags): ScaleInputs['isDown'] {
  const keys = scales.find(({ scale }) => scale === id);
  return { tare: flag(tag, keys?.tare ?? null), zero: flag(tag, keys?.zero ?? null) };
}

function shownMass(tag: Tags, ref: TagRef | null, nowMs: number): ShownMass | null {
  const state = ref === null ? null : tag(ref);
  const grams = goodGrams(state);
  if (state === null || grams === null) return null;
  const isPolled = state.definition.staleAfterMs !== null;
  const stoodAtMs = isPolled ? state.readAtMs : nowMs - CONFIRMED_BY_STANDING_MS;
  return { grams, toldAtMs: Math.max(state.readAtMs, stoodAtMs) };
}

function stationOf(code: number | null): StationState | null {
  return code === null ? null : (STATION_STATES[code] ?? null);
}

function modeOf({ plc }: ControlConfig, tag: Tags): LineMode | null {
  const mode = plc?.mode ?? null;
  const code = number(tag, mode?.tag ?? null);
  return code === null ? null : (LINE_MODES.find((name) => mode?.numbers[name] === code) ?? null);
}

function sorterInputs({ table, programme, version, diverters }: SorterConfig, tag: Tags): SorterInputs {
  const id = good(tag, programme);
  return {
    table: table.map((ref) => (tag(ref) === null ? undefined : good(tag, ref))),
    programme: typeof id === 'string' ? id : null,
    version: number(tag, version),
    diverters: new Map(Object.entries(diverters).map(([outlet, ref]) => [outlet, number(tag, ref)])),
  };
}

function pressInputs({ phase, bales, outlet, outlets }: PressConfig, tag: Tags): PressInputs {
  const code = number(tag, phase);
  const held = number(tag, outlet);
  const count = number(tag, bales);
  return {
    phase: code === null ? null : (PRESS_PHASES[code] ?? null),
    bales: count !== null && Number.isSafeInteger(count) && count >= 0 ? count : null,
    outlet: held === null ? null : (outlets.get(held) ?? null),
  };
}

function bitsOf({ plc }: ControlConfig, tag: Tags): HandshakeBits | null {
  if (plc?.channel.kind !== 'handshake') return null;
  const { request, acknowledge, done, refused } = plc.channel;
  return {
    request: flag(tag, request),
    acknowledge: flag(tag, acknowledge),
    done: flag(tag, done),
    refused: flag(tag, refused),
  };
}
