/** What of a line's configuration the control machine goes by. */
import type { Station, StationKind } from '@trame/protocol/line-description';
import type { RolesConfig } from '../line-config.ts';
import type { TagRef } from '../tag-ref.ts';
import type { ControlConfig, ScaleControlConfig } from './control-config.ts';
import type { ControlSetup, ScaleSetup } from './control-types.ts';

/** Machines that a PLC starts and stops one after the other; a hopper, bins and scales only hold what lies in them. */
const IN_SEQUENCE: readonly StationKind[] = ['opening', 'belt', 'sortingPost', 'nir', 'sorter'];

/**
 * @param programmeHashes SHA-256 of the canonical JSON of each sort programme, hex, by its id.
 * @param getsVerdicts whether the sorter is told piece by piece, and asks its table no more.
 */
export function controlSetup(
  control: ControlConfig,
  { lineState, description, scales, infeedScale }: RolesConfig,
  programmeHashes: ReadonlyMap<string, string>,
  getsVerdicts: boolean,
): ControlSetup {
  const { safety, stations } = description;
  const stop = safety?.emergencyStop;
  const scaleOf = ({ scale, tare, zero }: ScaleControlConfig): ScaleSetup => {
    const device = (tare ?? zero)?.device ?? scale;
    const role = scales.find(({ id }) => id === scale) ?? null;
    const ref = (tag: string | null | undefined): TagRef | null =>
      role === null || tag === null || tag === undefined ? null : { device: role.device, tag };
    const infeed = infeedScale?.stable?.device === device ? infeedScale.stable : null;
    return {
      device,
      stable: ref(role?.stable) ?? infeed,
      belowMin: ref(role?.belowMin),
      gross: ref(role?.gross),
      tare: ref(role?.tare),
      intervalGrams: role?.intervalGrams ?? null,
    };
  };
  return {
    control,
    stateTag: lineState,
    emergencyStop: safety === undefined || stop === undefined ? null : { device: safety.device, tag: stop },
    stations: stations.map((station) => ({
      id: station.id,
      state: stateTagOf(station),
      inSequence:
        control.plc !== null &&
        station.device === control.plc.device &&
        station.state !== undefined &&
        IN_SEQUENCE.includes(station.kind),
    })),
    scales: new Map(control.scales.map((scale) => [scale.scale, scaleOf(scale)])),
    programmeHashes,
    getsVerdicts,
  };
}

function stateTagOf({ device, state }: Station): TagRef | null {
  return device === undefined || state === undefined ? null : { device, tag: state };
}
