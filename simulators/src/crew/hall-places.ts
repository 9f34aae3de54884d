import type { HandView } from '../hand-view.ts';

/** Which containers and outputs stand where, to tell whether something was moved between two looks. */
export function placesOf({ hall, tables, finished, stock, scales }: HandView): string {
  return JSON.stringify([
    hall.map(({ id }) => id),
    tables.map(({ container }) => container?.id ?? null),
    finished.map(({ id }) => id),
    stock.map(({ id }) => id),
    scales.map(({ what, stored }) => [what, stored?.alibi ?? null]),
  ]);
}
