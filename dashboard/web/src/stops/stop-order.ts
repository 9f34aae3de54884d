/** Which stops are shown, and in which order: pure. */
import type { StopCauseAnswer, StopRow } from '@trame/protocol/stops/stop-answers';

export interface StopsShown {
  /** Whose cause somebody has to fix, latest first. */
  readonly open: readonly StopRow[];
  /** Whose cause is fixed, latest first. */
  readonly fixed: readonly StopRow[];
  /** So short that nobody has to say anything, latest first. */
  readonly micro: readonly StopRow[];
}

export function stopsShown(rows: readonly StopRow[]): StopsShown {
  const latest = rows.toSorted((a, b) => b.from - a.from || (a.id < b.id ? 1 : -1));
  const told = latest.filter(({ micro, cause }) => !micro || cause !== null);
  return {
    open: told.filter(({ cause }) => cause === null),
    fixed: told.filter(({ cause }) => cause !== null),
    micro: latest.filter(({ micro, cause }) => micro && cause === null),
  };
}

export function totalMs(rows: readonly StopRow[]): number {
  return rows.reduce((sum, { durationMs }) => sum + durationMs, 0);
}

/** A cause that was configured once may be configured no more: then its id stands for it. */
export function causeLabel(causes: readonly StopCauseAnswer[], id: string): string {
  return causes.find((cause) => cause.id === id)?.label ?? id;
}
