/**
 * Where a line's electricity is read. The line description names no meter, so it is found by its units: a
 * device with a counter in kWh, and on the same device the power in kW.
 */
import type { LiveLine } from '@trame/protocol/live-state';

export interface EnergyTags {
  readonly device: string;
  readonly total: string;
  readonly power: string | null;
}

/** Names of tags that hold one phase or a reactive or apparent part of the whole. */
const PARTIAL = /reactive|apparent|phase|export|l[123]$/iu;

/** @returns the meter's tags, the first by name when there are several; null for a line without a meter. */
export function energyTags(line: Pick<LiveLine, 'devices'>): EnergyTags | null {
  for (const device of Object.keys(line.devices).sort()) {
    const total = tagWithUnit(line, device, 'kW.h');
    if (total !== null) return { device, total, power: tagWithUnit(line, device, 'kW') };
  }
  return null;
}

function tagWithUnit(line: Pick<LiveLine, 'devices'>, device: string, unit: string): string | null {
  const names = Object.entries(line.devices[device]?.tags ?? {})
    .filter(([, tag]) => tag.unit === unit)
    .map(([name]) => name)
    .sort();
  return names.find((name) => !PARTIAL.test(name)) ?? names[0] ?? null;
}
