/** Alarms that are there by themselves where pieces are sorted by spectra, and nowhere else. */
const SORTING_ALARMS = /^ *- \{ id: (?:nir-drift|class-shares|spectra-missed),.*\n/gmu;

/**
 * The example of a line without its section `sorting:`. A sorter that got verdicts asks its own table no more, and waits half a
 * second for each piece that has none: while an edge is away at twenty times the speed, more comes to its gate than leaves it.
 */
export function withoutSorting(yaml: string): string {
  return yaml.replace(/^sorting:\n(?: .*\n)*/mu, '').replace(SORTING_ALARMS, '');
}
