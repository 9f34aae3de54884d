/** What people call a part of a line. */
import type { LineDescription, Station } from '@trame/protocol/line-description';

/** What of a line's description names its parts. */
export interface NamedParts {
  readonly stations: readonly Pick<Station, 'id' | 'kind' | 'label' | 'device'>[];
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

/**
 * @param followed how many presses are followed.
 * @returns as `partLabel`; the only press that is followed is the only one that is drawn, whatever both are named.
 */
export function pressLabel(parts: NamedParts, id: string, followed: number): string {
  const label = partLabel(parts, id);
  const drawn = parts.stations.filter(({ kind }) => kind === 'press');
  return label === id && followed === 1 && drawn.length === 1 ? (drawn[0]?.label ?? id) : label;
}
