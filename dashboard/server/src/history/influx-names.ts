import type { TagAddress } from './history-store.ts';

/** @returns an InfluxQL string literal; names are checked where they come in, this is the second fence. */
export function influxString(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;
}

export function tagWhere({ site, line, device, metric }: TagAddress): string {
  return (
    `"site" = ${influxString(site)} AND "line" = ${influxString(line)} ` +
    `AND "device" = ${influxString(device)} AND "metric" = ${influxString(metric)}`
  );
}
