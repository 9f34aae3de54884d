/** Where the time went: stops by cause, the most time first. Pure. */
import type { StopPareto, StopRow } from '@trame/protocol/stops/stop-answers';
import type { StopCause } from '@trame/protocol/stops/stop-names';
import type { Interval } from '../calendar/intervals.ts';

/** Stops that nobody explained and that nothing speaks for. */
const UNEXPLAINED = { id: 'a-expliquer', label: 'À expliquer' } as const;

export function stopPareto(
  period: Interval,
  stops: readonly StopRow[],
  causes: readonly StopCause[],
): StopPareto {
  const groups = new Map<string, { label: string; rows: StopRow[] }>();
  const micro = stops.filter(isMicro);
  const explicable = stops.filter((stop) => !isMicro(stop));
  for (const stop of explicable) {
    const { id, label } = causeOf(stop, causes);
    const group = groups.get(id) ?? { label, rows: [] };
    group.rows.push(stop);
    groups.set(id, group);
  }
  const causesMs = sumOf(explicable);
  const sorted = [...groups]
    .map(([cause, { label, rows }]) => ({
      cause,
      label,
      kind: mostTimed(rows),
      stops: rows.length,
      durationMs: sumOf(rows),
      proposed: rows.some((row) => row.cause === null),
    }))
    .sort((a, b) => b.durationMs - a.durationMs || b.stops - a.stops || (a.cause < b.cause ? -1 : 1));
  let before = 0;
  const rows = sorted.map(({ proposed, ...row }) => {
    before += row.durationMs;
    return {
      ...row,
      percent: percent(row.durationMs, causesMs),
      cumulativePercent: percent(before, causesMs),
      proposed,
    };
  });
  return {
    from: period.from,
    to: period.to,
    rows,
    causesMs,
    micro: micro.length === 0 ? null : { stops: micro.length, durationMs: sumOf(micro) },
    totalMs: sumOf(stops),
  };
}

/** So short that nobody has to say why. */
function isMicro({ cause, micro, kind }: StopRow): boolean {
  return cause === null && micro && kind === 'micro-stop';
}

function causeOf(stop: StopRow, causes: readonly StopCause[]): Pick<StopCause, 'id' | 'label'> {
  const id = stop.cause ?? stop.proposed;
  if (id === null) return UNEXPLAINED;
  // A cause that was configured then may be configured no more.
  return { id, label: causes.find((cause) => cause.id === id)?.label ?? id };
}

/**
 * What a cause is configured to be now, it may not have been then.
 * @returns the kind as which most of their time counts in the rates.
 */
function mostTimed(rows: readonly StopRow[]): StopRow['kind'] {
  const sums = new Map<StopRow['kind'], number>();
  for (const { kind, durationMs } of rows) sums.set(kind, (sums.get(kind) ?? 0) + durationMs);
  const [first] = [...sums].sort(([, a], [, b]) => b - a);
  if (first === undefined) throw new Error('a cause without a stop');
  return first[0];
}

function sumOf(rows: readonly StopRow[]): number {
  return rows.reduce((sum, { durationMs }) => sum + durationMs, 0);
}

function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((1_000 * part) / whole) / 10;
}
