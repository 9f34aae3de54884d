/** What people call a part of a line. */
import type { Station } from '@trame/protocol/line-description';

/** @returns the label of the station that has this id, or alone shows this device; else the id itself. */
export function partLabel(stations: readonly Pick<Station, 'id' | 'label' | 'device'>[], id: string): string {
  const named = stations.find((station) => station.id === id);
  if (named !== undefined) return named.label;
  const [first, ...others] = stations.filter(({ device }) => device === id);
  return first === undefined || others.length > 0 ? id : first.label;
}
