/** A stop as pages show it: how long it counts, whether it is a micro-stop, whose it is. Pure. */
import type { StopRow } from '@trame/protocol/stops/stop-answers';
import { INDUCED_KINDS, PLANNED_KINDS, type StopKind, type ToldKind } from '@trame/protocol/stops/stop-names';
import type { Coverage } from '../calendar/coverage.ts';
import { proposeCause, settledState } from './propose-cause.ts';
import type { StopRules } from './stop-config.ts';
import { firstAlarmOf, timeOfMode, type AlarmUp, type Stop } from './stop-fold.ts';
import type { StopCauseTable } from './stop-tables.ts';

export interface StopFacts {
  readonly site: string;
  readonly line: string;
  readonly rules: StopRules;
  /** That came up, in order. */
  readonly alarms: readonly AlarmUp[];
  /** What people fixed, by stop. */
  readonly explained: ReadonlyMap<string, Pick<StopCauseTable, 'cause' | 'kind' | 'note'>>;
  /** Time in which a stop counts: of opening, without breaks and without what nobody knows. */
  readonly counted: Coverage;
  /** Nobody knows what the line did in it. */
  readonly unknown: Coverage;
  readonly nowMs: number;
}

export function stopRow(stop: Stop, facts: StopFacts): StopRow {
  const { site, line, rules, alarms, explained, counted, unknown, nowMs } = facts;
  const { id, from, to, state, mode, emergencyStop } = stop;
  const durationMs = counted.within({ from, to: to ?? nowMs });
  const alarm = firstAlarmOf(stop, alarms);
  const proposed = proposeCause(rules, stop, alarm);
  const fixed = explained.get(id) ?? null;
  // However much of it lies in opening hours: a line that was left standing in the evening made no micro-stop.
  const stoodMs = to === null ? Number.POSITIVE_INFINITY : to - from - unknown.within({ from, to });
  const micro = stoodMs < rules.microStopMs && !emergencyStop && timeOfMode(mode) === 'production';
  return {
    id,
    site,
    line,
    from,
    to,
    durationMs,
    state,
    mode,
    emergencyStop,
    micro,
    firstAlarm: alarm === null ? null : { alarm: alarm.alarm, label: alarm.label },
    proposed: proposed?.id ?? null,
    cause: fixed?.cause ?? null,
    note: fixed === null || fixed.note === '' ? null : fixed.note,
    kind: fixed?.kind ?? kindOf(stop, micro, proposed?.kind ?? null),
  };
}

function kindOf({ state, mode }: Stop, micro: boolean, proposed: StopKind | null): ToldKind {
  const time = timeOfMode(mode);
  if (time !== 'production') return time;
  const settled = settledState(state);
  if (settled === 'suspended')
    return proposed !== null && INDUCED_KINDS.includes(proposed) ? proposed : 'starved';
  if (micro) return 'micro-stop';
  // What was planned leaves the required time: people say that, no rule does for them.
  if (proposed !== null && !PLANNED_KINDS.includes(proposed)) return proposed;
  return settled === 'aborted' ? 'breakdown' : 'unexplained';
}
