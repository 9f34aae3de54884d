/** Stops and figures of one morning that tests look at. */
import { DEFAULT_STOP_CAUSES, type StopCause } from '@trame/protocol/stops/stop-names';
import type { StopPareto, StopRow, TrsRow } from '@trame/protocol/stops/stop-answers';
import { EXAMPLE_FIGURES, examplePareto, exampleStop, exampleTrs } from '@trame/protocol/stops/test-stops';

/** 22 November 2026, 08:00 in Paris. */
export const MORNING = Date.parse('2026-11-22T07:00:00Z');
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const CAUSES: readonly StopCause[] = DEFAULT_STOP_CAUSES;

/** @param number gives it its id and its time. */
export function stopRow(number: number, changes: Partial<StopRow> = {}): StopRow {
  return exampleStop(number, MORNING + number * 20 * MINUTE_MS, changes);
}

export function paretoOf(
  rows: readonly (readonly [string, string, number, number])[],
  micro: StopPareto['micro'] = null,
): StopPareto {
  const told = rows.map(([cause, label, stops, durationMs]) => ({ cause, label, stops, durationMs }));
  return examplePareto({ from: MORNING, to: MORNING + 7 * HOUR_MS }, told, micro);
}

export const FIGURES = EXAMPLE_FIGURES;

export function trsRow(changes: Partial<TrsRow> = {}): TrsRow {
  return exampleTrs(MORNING, changes);
}
