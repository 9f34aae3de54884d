/** Which weighing of a scale is whose: one thing claims it, and gives it free when that was a mistake. */
import type { Weight } from '@trame/protocol/material/move';
import type { Happened } from './happened.ts';
import type { MaterialRows } from './material-rows.ts';

/**
 * Who claimed a weighing first keeps it, unless it is said of another that was set right: two had each other's.
 * @param takesOver whether it is of a weight that was set right.
 */
export function claim(
  rows: MaterialRows,
  { site, id }: Happened,
  weight: Weight | null,
  about: string,
  takesOver = false,
): void {
  const weighing = weight?.weighing ?? null;
  if (weighing === null || (rows.claims.has(weighing) && !takesOver)) return;
  rows.claims.put({ site, weighing, about, event: id });
}

/** What an event claimed is free again: it was another thing that was weighed. */
export function freeOfEvent(rows: MaterialRows, event: string | null): void {
  if (event === null) return;
  for (const row of rows.claims.all()) if (row.event === event) rows.claims.remove(row.weighing);
}

export function freeOfThing(rows: MaterialRows, about: string): void {
  for (const row of rows.claims.all()) if (row.about === about) rows.claims.remove(row.weighing);
}

/** What it was weighed as was a mistake: its claim ends. Another's claim on the same weighing is not its to end. */
export function freeOfWeighing(rows: MaterialRows, weighing: string, about: string): void {
  for (const row of rows.claims.all()) {
    if (row.weighing === weighing && row.about === about) rows.claims.remove(weighing);
  }
}
