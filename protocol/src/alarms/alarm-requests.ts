/**
 * Requests about alarms. They record, and never expire. Over HTTP (`POST /alarms/{id}/acknowledge|reset|shelve|unshelve|
 * out-of-service|in-service`) the address names the alarm, and the body holds the other members.
 */
import { Type, type Static } from 'typebox';
import { closed, nullable } from '../schema.ts';
import { ID_PATTERN } from '../topics.ts';
import { SHELVE_MAX_MS } from './alarm-names.ts';

const Id = Type.String({ pattern: ID_PATTERN });
const Comment = Type.String({ maxLength: 300 });

const acknowledge = { occurrence: Type.Integer({ minimum: 1 }), comment: Type.Optional(Comment) };
/** `alarm.acknowledge`: seen. Of an occurrence: what came up again since is not acknowledged with it. */
export const AcknowledgeAlarm = Type.Object({ alarm: Id, ...acknowledge }, closed);
export type AcknowledgeAlarm = Static<typeof AcknowledgeAlarm>;

const reset = { occurrence: Type.Integer({ minimum: 1 }) };
/** `alarm.reset`: of a latching alarm whose condition is over. */
export const ResetAlarm = Type.Object({ alarm: Id, ...reset }, closed);
export type ResetAlarm = Static<typeof ResetAlarm>;

const Reason = Type.String({ minLength: 3, maxLength: 300 });
const shelve = { forMs: Type.Integer({ minimum: 60_000, maximum: SHELVE_MAX_MS }), reason: Reason };
/** `alarm.shelve`: put aside for a time, with a reason. */
export const ShelveAlarm = Type.Object({ alarm: Id, ...shelve }, closed);
export type ShelveAlarm = Static<typeof ShelveAlarm>;

/** `alarm.unshelve`, `alarm.inService`. */
export const AlarmOnly = Type.Object({ alarm: Id }, closed);
export type AlarmOnly = Static<typeof AlarmOnly>;

/** `alarm.outOfService`. */
export const RetireAlarm = Type.Object({ alarm: Id, reason: Reason }, closed);
export type RetireAlarm = Static<typeof RetireAlarm>;

/** `alarm.report`: the server says whether the condition of an alarm of source `reported` stands. */
export const ReportAlarm = Type.Object(
  { alarm: Id, condition: Type.Boolean(), value: nullable(Type.Number()) },
  closed,
);
export type ReportAlarm = Static<typeof ReportAlarm>;

export const ALARM_REQUESTS = {
  'alarm.acknowledge': AcknowledgeAlarm,
  'alarm.reset': ResetAlarm,
  'alarm.shelve': ShelveAlarm,
  'alarm.unshelve': AlarmOnly,
  'alarm.outOfService': RetireAlarm,
  'alarm.inService': AlarmOnly,
  'alarm.report': ReportAlarm,
} as const;

/** Bodies over HTTP, by the last part of the address. */
export const ALARM_BODIES = {
  acknowledge: Type.Object(acknowledge, closed),
  reset: Type.Object(reset, closed),
  shelve: Type.Object(shelve, closed),
  unshelve: Type.Object({}, closed),
  'out-of-service': Type.Object({ reason: Reason }, closed),
  'in-service': Type.Object({}, closed),
} as const;
export type AlarmAct = keyof typeof ALARM_BODIES;
