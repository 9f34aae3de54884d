/** The table by which a sorter leads each class to an outlet: what a programme wants it to say, and whether it says so. */
import { toNumber, type TagValue } from '@trame/protocol/tag';
import type { SortProgrammeConfig, SorterConfig } from './control-config.ts';
import type { SorterInputs } from './read-inputs.ts';

/** @returns what the sorter's table says for this programme, one value for each of its tags. */
export function tableOf(
  { classes, outlets, table }: SorterConfig,
  { routes }: SortProgrammeConfig,
): readonly TagValue[] {
  const numbers = classes.map((name) => {
    const number = outlets[routes[name] ?? ''];
    if (number === undefined) throw new Error(`the programme leads «${name}» to no outlet of the sorter`);
    return number;
  });
  return table.length === 1 && classes.length > 1 ? [numbers.join(',')] : numbers;
}

/**
 * @returns the programme of ours that the sorter names and does not follow, as what it is seen to be led by tells; null:
 *   it follows it, names another's, or does not say.
 */
export function mixedProgramme(sorter: SorterConfig | null, seen: SorterInputs | null): string | null {
  if (sorter === null || seen === null) return null;
  const ours = sorter.programmes.find(({ id, version }) => id === seen.programme && version === seen.version);
  if (ours === undefined) return null;
  // An entry that is not to be seen just now says neither.
  const table = seen.table.map((value) => value ?? undefined);
  return isTableOf(sorter, ours, { ...seen, table }) ? null : ours.id;
}

/** Entries that cannot be read were read back by the driver when they were written. */
export function isTableOf(
  sorter: SorterConfig,
  programme: SortProgrammeConfig,
  { table }: SorterInputs,
): boolean {
  return tableOf(sorter, programme).every((value, at) => {
    const seen = table[at];
    if (seen === undefined) return true;
    return typeof value === 'string' ? seen === value : toNumber(seen) === toNumber(value);
  });
}
