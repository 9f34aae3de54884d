/** Composes where a line is controlled: the machine with what stays the same, its devices, its ledger, its voice. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '@trame/protocol/canonical-json';
import { ControlRoom } from './control/control-room.ts';
import { controlSetup } from './domain/control/control-setup.ts';
import type { OwnWatch } from './domain/alarms/alarm-condition.ts';
import type { ControlConfig, SorterConfig } from './domain/control/control-config.ts';
import { nextControl, startControl } from './domain/control/control-machine.ts';
import type { ControlState } from './domain/control/control-state.ts';
import type { DeviceView } from './domain/control/control-types.ts';
import { controlPicture } from './domain/control/picture.ts';
import { mixedProgramme } from './domain/control/sorter-table.ts';
import type { LineConfig } from './domain/line-config.ts';
import type { EdgeLedger } from './edge-ledger.ts';
import type { Clock } from './ports/clock.ts';
import type { DeviceWriter } from './ports/device-writer.ts';
import type { Entropy } from './ports/entropy.ts';
import type { Log } from './ports/log.ts';

export interface EdgeControlOptions {
  readonly config: Pick<LineConfig, 'control' | 'roles' | 'sorting'>;
  /** Of this start of the edge, 16 hex digits. */
  readonly boot: string;
  readonly line: { readonly devices: ReadonlyMap<string, DeviceView> };
  readonly writer: DeviceWriter;
  readonly ledger: Pick<EdgeLedger, 'recording' | 'sayControl'>;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
}

export type EdgeControl = ControlRoom<ControlState>;

/** @returns null: the line is only watched. */
export function createControl(options: EdgeControlOptions): EdgeControl | null {
  const { boot, line, ledger, writer, clock, entropy, log } = options;
  const { control, roles, sorting } = options.config;
  if (control === null) return null;
  const setup = controlSetup(control, roles, programmeHashes(control.sorter), sorting !== null);
  return new ControlRoom<ControlState>({
    devices: () => line.devices,
    writer,
    recording: ledger.recording,
    say: (picture) => ledger.sayControl(picture),
    clock,
    entropy,
    log,
    machine: {
      start: (mark, at) => startControl(setup, mark, at),
      next: (state, event) => nextControl(setup, state, event),
      picture: (state, at, n) => controlPicture(setup, state, { boot, n }, at),
    },
  });
}

/** @returns the station, or `warning`, that did not come within its bound; null: nothing is controlled. */
export function lateStationsOf(room: EdgeControl | null): ReadonlySet<string> | null {
  const state = room?.state ?? null;
  return state === null ? null : new Set(state.late === null ? [] : [state.late.id]);
}

/** @returns whether the sorter stands between two programmes, nobody loading one just now; null: it is not known. */
export function programmeMixedOf(config: ControlConfig | null, room: EdgeControl | null): boolean | null {
  const { inputs, running } = room?.state ?? { inputs: null, running: null };
  const seen = inputs?.sorter ?? null;
  const sorter = config?.sorter ?? null;
  if (sorter === null || seen === null || seen.programme === null || seen.version === null) return null;
  return running?.command !== 'programme.download' && mixedProgramme(sorter, seen) !== null;
}

/** @returns null: no life counter is written, its PLC does not answer, or no beat has ended. */
export function lifeOf(config: ControlConfig | null, room: EdgeControl | null): OwnWatch['life'] {
  const state = room?.state ?? null;
  const write = config?.plc?.life?.write ?? null;
  if (state === null || write === null || !state.inputs.online.has(write.device)) return null;
  return state.life.beatAtMs === null ? null : { untaken: state.life.untaken };
}

/** By what the sorter follows: a label may be spelt otherwise. */
function programmeHashes(sorter: SorterConfig | null): ReadonlyMap<string, string> {
  return new Map(
    (sorter?.programmes ?? []).map(({ id, version, routes }) => {
      const text = canonicalJson({ id, version, routes });
      return [id, createHash('sha256').update(text).digest('hex')];
    }),
  );
}
