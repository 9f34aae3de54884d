/** Sizes of files and disks. */
import { formatNumber } from './quantity.ts';

const UNITS = ['o', 'ko', 'Mo', 'Go', 'To'] as const;

/** @returns `812 o`, `3,4 Mo`, `34 Go`: decimal units, as disks are sold. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit: string = UNITS[0];
  for (const larger of UNITS.slice(1)) {
    if (value < 1000) break;
    value /= 1000;
    unit = larger;
  }
  return `${formatNumber(value, unit === 'o' || value >= 10 ? 0 : 1)}\u00a0${unit}`;
}
