/** Stops and figures that tests of server, page and whole programs look at. */
import type { StopPareto, StopRow, TrsRow } from './stop-answers.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** @param number gives it its id. @param from when it began. @returns one that nobody explained yet. */
export function exampleStop(number: number, from: number, changes: Partial<StopRow> = {}): StopRow {
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
    kind: 'unexplained',
    ...changes,
  };
}

type ParetoRow = StopPareto['rows'][number];

/** @param rows the most time first. */
export function examplePareto(
  { from, to }: Pick<StopPareto, 'from' | 'to'>,
  rows: readonly (Pick<ParetoRow, 'cause' | 'label' | 'stops' | 'durationMs'> & Partial<ParetoRow>)[],
  micro: StopPareto['micro'] = null,
): StopPareto {
  const causesMs = rows.reduce((sum, { durationMs }) => sum + durationMs, 0);
  let before = 0;
  return {
    from,
    to,
    rows: rows.map((row) => {
      before += row.durationMs;
      return {
        kind: 'operating',
        proposed: false,
        ...row,
        percent: percent(row.durationMs, causesMs),
        cumulativePercent: percent(before, causesMs),
      };
    }),
    causesMs,
    micro,
    totalMs: causesMs + (micro?.durationMs ?? 0),
  };
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((1_000 * part) / whole) / 10;
}

/** Of a shift of seven hours. */
export const EXAMPLE_FIGURES: NonNullable<TrsRow['figures']> = {
  totalMs: 7 * HOUR_MS,
  openMs: 7 * HOUR_MS,
  requiredMs: 390 * MINUTE_MS,
  runningMs: 312 * MINUTE_MS,
  netMs: 276 * MINUTE_MS,
  usefulMs: 264 * MINUTE_MS,
  planned: [{ kind: 'break', durationMs: 30 * MINUTE_MS }],
  stops: [
    { kind: 'breakdown', stops: 1, durationMs: 26 * MINUTE_MS },
    { kind: 'operating', stops: 2, durationMs: 40 * MINUTE_MS },
    { kind: 'unexplained', stops: 1, durationMs: 12 * MINUTE_MS },
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

/** @returns the row of shift S1, unless `changes` say another. */
export function exampleTrs(from: number, changes: Partial<TrsRow> = {}): TrsRow {
  return {
    key: 'S1',
    team: 'matin',
    from,
    to: from + 7 * HOUR_MS,
    figures: EXAMPLE_FIGURES,
    teamKgPerHour: null,
    why: null,
    ...changes,
  };
}
