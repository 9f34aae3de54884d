/** What `/api/v1/alarms` answers, and what the live stream carries of standing alarms. Times are ms since 1970 UTC. */
import { Type, type Static } from 'typebox';
import { literals, nullable } from '../schema.ts';
import { ALARM_JOURNAL_CAUSES, ALARM_SOURCES, ALARM_STATES } from './alarm-names.ts';

const Time = Type.Integer();

/** One declared alarm and how it stands. `id` is `<line>:<alarm>`: the name of a line belongs to one site. */
export const AlarmRow = Type.Object({
  id: Type.String(),
  site: Type.String(),
  line: Type.String(),
  alarm: Type.String(),
  priority: Type.Integer(),
  source: literals(ALARM_SOURCES),
  label: Type.String(),
  cause: Type.String(),
  consequence: Type.String(),
  response: Type.String(),
  group: nullable(Type.String()),
  station: nullable(Type.String()),
  device: nullable(Type.String()),
  state: literals(ALARM_STATES),
  occurrence: Type.Integer(),
  condition: nullable(Type.Boolean()),
  value: nullable(Type.Union([Type.Number(), Type.Boolean(), Type.String()])),
  /** When its condition came up last; null: never. */
  raisedAt: nullable(Time),
  /** When its state changed last. */
  changedAt: Time,
  first: Type.Boolean(),
  comment: nullable(Type.String()),
  until: nullable(Time),
});
export type AlarmRow = Static<typeof AlarmRow>;

export const AlarmJournalRow = Type.Object({
  /** Of the event; of one that ended several, with a dot and the alarm behind it. */
  id: Type.String(),
  site: Type.String(),
  line: Type.String(),
  alarm: Type.String(),
  label: Type.String(),
  priority: Type.Integer(),
  at: Time,
  occurrence: Type.Integer(),
  from: literals(ALARM_STATES),
  to: literals(ALARM_STATES),
  because: literals(ALARM_JOURNAL_CAUSES),
  /** Whether the condition stands, apart from the state; null: not known. */
  condition: nullable(Type.Boolean()),
  value: nullable(Type.Union([Type.Number(), Type.Boolean(), Type.String()])),
  first: Type.Boolean(),
  comment: nullable(Type.String()),
});
export type AlarmJournalRow = Static<typeof AlarmJournalRow>;

/** `GET /alarms/kpi?line=&from=&to=` (ISA-18.2 clause 16). */
export const AlarmKpi = Type.Object({
  from: Time,
  to: Time,
  /** Alarms that came up. */
  raised: Type.Integer(),
  /** Of the hours in which the line was open; null: none. */
  perHour: nullable(Type.Number()),
  /** Most in any ten minutes. */
  peakPerTenMinutes: Type.Integer(),
  /** % of the period in flood. */
  floodPercent: Type.Number(),
  /** In % of those raised; targets 5, 15, 80. */
  byPriority: Type.Array(
    Type.Object({ priority: Type.Integer(), raised: Type.Integer(), percent: Type.Number() }),
  ),
  top: Type.Array(
    Type.Object({
      id: Type.String(),
      label: Type.String(),
      priority: Type.Integer(),
      raised: Type.Integer(),
      percent: Type.Number(),
    }),
  ),
  /** Came up three times or more within a minute. */
  chattering: Type.Array(Type.Object({ id: Type.String(), label: Type.String(), times: Type.Integer() })),
  /** Standing for more than 24 h. */
  stale: Type.Array(Type.Object({ id: Type.String(), label: Type.String(), since: Time })),
  /** Median time from coming up to being seen, ms; null: none was seen. Of the line, never of a person. */
  medianToAcknowledgeMs: nullable(Type.Integer()),
});
export type AlarmKpi = Static<typeof AlarmKpi>;
