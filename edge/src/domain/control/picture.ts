/** The picture of how the control of a line stands, as `…/control` tells it. */
import { LINE_COMMANDS, LINE_MODES, type LineMode } from '@trame/protocol/control/control-names';
import type { ControlPicture } from '@trame/protocol/control/control-picture';
import type { Instant } from '../tag-state.ts';
import type { SorterConfig } from './control-config.ts';
import type { ControlState } from './control-state.ts';
import type { ControlSetup } from './control-types.ts';
import { passesAtMs } from './lease.ts';
import { isModeByHand } from './mode-job.ts';
import type { SorterInputs } from './read-inputs.ts';
import { refusals } from './refusals.ts';
import { isTableOf } from './sorter-table.ts';
import { inputsNow, refusalView, type Turn } from './turn.ts';

export interface PictureNumber {
  readonly boot: string;
  /** From 1, one more in each picture of this boot. */
  readonly n: number;
}

export function controlPicture(
  setup: ControlSetup,
  state: ControlState,
  { boot, n }: PictureNumber,
  at: Instant,
): ControlPicture {
  const turn: Turn = { setup, at, state, effects: [] };
  const inputs = inputsNow(turn);
  const { control } = setup;
  const { plc } = control;
  const enableLeftMs = refusalView(turn).enableLeftMs;
  return {
    v: 1,
    boot,
    n,
    at: Math.round(at.wallMs),
    commanded: plc !== null,
    state: inputs.state,
    stateSince: Math.round(state.lineSince.state === inputs.state ? state.lineSince.sinceMs : at.wallMs),
    mode: isModeByHand(setup) ? state.handMode : inputs.mode,
    modes: [...modesOf(setup)],
    emergencyStop: inputs.emergencyStop,
    remote: inputs.remote,
    enableLeftMs: plc === null || plc.localEnable === null ? null : enableLeftMs,
    holder: state.lease.holder,
    asking: askingOf(turn),
    busy: busyOf(state),
    last:
      state.last === null
        ? null
        : { ...state.last, reasons: [...state.last.reasons], at: Math.round(state.last.at) },
    refusals: refusalsOf(turn),
    interlocks: [...inputs.interlocks],
    stations: inputs.stations.map(({ id, state: says }) => ({
      id,
      state: says,
      late: id === state.late?.id,
    })),
    setpoints: control.setpoints.map(({ id, label, unit, min, max, step }) => {
      return { id, label, unit, min, max, step, value: inputs.setpoints.get(id) ?? null };
    }),
    sorter:
      control.sorter === null || inputs.sorter === null ? null : sorterOf(control.sorter, inputs.sorter),
    scales: control.scales.map(({ scale, tare, zero }) => ({
      id: scale,
      tare: tare !== null,
      zero: zero !== null,
    })),
    presses: control.presses.map(({ id }) => {
      const { phase = null, bales = null } = inputs.presses.get(id) ?? {};
      return { id, outlet: inputs.presses.get(id)?.outlet ?? null, phase, bales };
    }),
  };
}

/** Modes that may be asked for. */
function modesOf({ control: { plc } }: ControlSetup): readonly LineMode[] {
  const mode = plc?.mode ?? null;
  if (mode === null) return LINE_MODES;
  return mode.ask === null ? [] : LINE_MODES.filter((name) => mode.numbers[name] !== undefined);
}

function askingOf({ at, state: { lease } }: Turn): ControlPicture['asking'] {
  const passes = passesAtMs(lease);
  if (lease.asking === null || passes === null) return null;
  return { actor: lease.asking.actor, passesAt: Math.round(at.wallMs + passes - at.monotonicMs) };
}

function busyOf({ running }: ControlState): ControlPicture['busy'] {
  if (running === null) return null;
  const { request, command, since, stage } = running;
  const { phase, station } =
    stage.kind === 'working' ? stage : ({ phase: 'requested', station: null } as const);
  return { request, command, phase, station, since: Math.round(since.wallMs) };
}

/** Whoever asks: whether it has the line in hand, a page says itself. */
function refusalsOf(turn: Turn): ControlPicture['refusals'] {
  const view = refusalView(turn);
  const [mode = 'production'] = modesOf(turn.setup);
  const told = LINE_COMMANDS.map((command) => {
    const args = command === 'line.mode' ? { mode } : {};
    return [command, [...refusals(turn.setup, view, { command, args, isInControl: null })]] as const;
  });
  return Object.fromEntries(told) as ControlPicture['refusals'];
}

function sorterOf(sorter: SorterConfig, seen: SorterInputs): NonNullable<ControlPicture['sorter']> {
  const { programmes, outlets } = sorter;
  const names = new Map(Object.entries(outlets).map(([outlet, number]) => [number, outlet]));
  const { programme, version } = seen;
  const ours = programmes.find((one) => one.id === programme && one.version === version);
  // Between two programmes a sorter follows neither, whatever name it bears.
  const isWhole = ours === undefined || (!seen.table.includes(null) && isTableOf(sorter, ours, seen));
  const isKnown = programme !== null && version !== null && Number.isInteger(version) && isWhole;
  return {
    active: isKnown ? { programme: programme.slice(0, 64), version } : null,
    programmes: programmes.map(({ id, label, version: number }) => ({ id, label, version: number })),
    diverters: [...seen.diverters].map(([outlet, to]) => ({
      outlet,
      to: to === null ? null : (names.get(to) ?? null),
    })),
  };
}
