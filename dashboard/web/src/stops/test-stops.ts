/** Stops and figures that tests look at. */
import { DEFAULT_STOP_CAUSES, type StopCause } from '@trame/protocol/stops/stop-names';
import type { StopPareto, StopRow, TrsRow } from '@trame/protocol/stops/stop-answers';

/** 22 November 2026, 08:00 in Paris. */
export const MORNING = Date.parse('2026-11-22T07:00:00Z');
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const CAUSES: readonly StopCause[] = DEFAULT_STOP_CAUSES;

/** @param number gives it its id and its time. */
export function stopRow(number: number, changes: Partial<StopRow> = {}): StopRow {
  const from = MORNING + number * 20 * MINUTE_MS;
  const durationMs = changes.durationMs ?? 8 * MINUTE_MS;
  return {
    id: String(number).padStart(32, '0'),
    site: 'site',
    line: 'tri-1',
    from,
    to: from + durationMs,
    durationMs,
    state: 'held',
    mode: 'production',
    emergencyStop: false,
    micro: false,
    firstAlarm: null,
    proposed: null,
    cause: null,
    note: null,
    kind: 'operating',
    ...changes,
  };
}

export function paretoOf(rows: readonly (readonly [string, string, number, number])[]): StopPareto {
  const totalMs = rows.reduce((sum, [, , , ms]) => sum + ms, 0);
  let before = 0;
  return {
    from: MORNING,
    to: MORNING + 7 * HOUR_MS,
    totalMs,
    rows: rows.map(([cause, label, stops, durationMs]) => {
      before += durationMs;
      return {
        cause,
        label,
        kind: cause === 'micro-arrets' ? 'micro-stop' : 'operating',
        stops,
        durationMs,
        percent: percent(durationMs, totalMs),
        cumulativePercent: percent(before, totalMs),
        proposed: cause === 'bourrage',
      };
    }),
  };
}

export const FIGURES: NonNullable<TrsRow['figures']> = {
  totalMs: 7 * HOUR_MS,
  openMs: 7 * HOUR_MS,
  requiredMs: 390 * MINUTE_MS,
  runningMs: 312 * MINUTE_MS,
  netMs: 276 * MINUTE_MS,
  usefulMs: 264 * MINUTE_MS,
  planned: [{ kind: 'break', durationMs: 30 * MINUTE_MS }],
  stops: [
    { kind: 'operating', stops: 3, durationMs: 52 * MINUTE_MS },
    { kind: 'breakdown', stops: 1, durationMs: 26 * MINUTE_MS },
  ],
  unknownMs: 90_000,
  availability: 0.8,
  performance: 0.885,
  quality: 0.957,
  trs: 0.677,
  trg: 0.629,
  tre: 0.629,
  inputGrams: 5_400_000,
  refusedGrams: 230_000,
};

export function trsRow(changes: Partial<TrsRow> = {}): TrsRow {
  return {
    key: 'S1',
    from: MORNING,
    to: MORNING + 7 * HOUR_MS,
    figures: FIGURES,
    teamKgPerHour: null,
    why: null,
    ...changes,
  };
}

function percent(part: number, whole: number): number {
  return Math.round((1_000 * part) / whole) / 10;
}
