/** What people call a part of a line. */
import type { LineDescription, Station } from '@trame/protocol/line-description';

/** What of a line's description names its parts. */
export interface NamedParts {
  readonly stations: readonly Pick<Station, 'id' | 'label' | 'device'>[];
  readonly devices?: LineDescription['devices'];
}

/** @returns the label of the station that has this id, or alone shows this device; else of the device; else the id itself. */
export function partLabel(parts: NamedParts, id: string): string {
  const named = parts.stations.find((station) => station.id === id);
  return named?.label ?? deviceLabel(parts, id);
}

/** @returns the device's own label; else of the station that alone shows it, or is called as it is; else the id itself. */
export function deviceLabel({ stations, devices }: NamedParts, id: string): string {
  const own = devices?.find((device) => device.id === id);
  if (own !== undefined) return own.label;
  const [first, ...others] = stations.filter((station) => station.device === id);
  if (first !== undefined && others.length === 0) return first.label;
  return stations.find((station) => station.id === id)?.label ?? id;
}
