/** What the ledger keeps of alarms. */
import { Type, type Static } from 'typebox';
import { closed, literals, nullable } from '../schema.ts';
import { ID_PATTERN } from '../topics.ts';
import { ALARM_CAUSES, ALARM_SOURCES, ALARM_STATES } from './alarm-names.ts';

const Id = Type.String({ pattern: ID_PATTERN });
const Words = Type.String({ maxLength: 500 });
const Time = Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 });

/** A comparison on one tag. */
const Test = Type.Object(
  {
    device: Type.String({ maxLength: 80 }),
    tag: Type.String({ maxLength: 200 }),
    is: literals(['=', '!=', '<', '<=', '>', '>='] as const),
    value: Type.Union([Type.Number(), Type.Boolean(), Words]),
  },
  closed,
);

/** When an alarm comes up and goes, as it is configured. Delays in ms. */
const AlarmRule = Type.Object(
  {
    /** Of source `tag`. */
    when: nullable(Test),
    /** Of other sources: which device, scale, station, consumer; null: the edge itself. */
    of: nullable(Type.String({ maxLength: 200 })),
    /** Of `throughput-low`, kg/h; of `certificate`, days. */
    limit: nullable(Type.Number()),
    /** In the tag's unit. */
    deadband: Type.Number(),
    onDelayMs: Type.Number({ minimum: 0 }),
    offDelayMs: Type.Number({ minimum: 0 }),
    /** It says nothing while one of these holds. */
    unless: Type.Array(Test, { maxItems: 16 }),
  },
  closed,
);

/** What an alarm is, whenever its definition is new or changed (management of change). */
export const AlarmDeclared = Type.Object(
  {
    alarm: Id,
    priority: Type.Union([Type.Literal(1), Type.Literal(2), Type.Literal(3)]),
    source: literals(ALARM_SOURCES),
    label: Type.String({ minLength: 1, maxLength: 80 }),
    cause: Words,
    consequence: Words,
    /** What to do. */
    response: Words,
    latching: Type.Boolean(),
    /** Alarms of one group: the first of them is what the others follow from. */
    group: nullable(Id),
    /** Station that it belongs to. */
    station: nullable(Id),
    /** Device that it belongs to. */
    device: nullable(Id),
    /** Left out: declared by an earlier version, which did not say. */
    rule: Type.Optional(AlarmRule),
  },
  closed,
);
export type AlarmDeclared = Static<typeof AlarmDeclared>;

/** It is no longer configured. */
export const AlarmWithdrawn = Type.Object({ alarm: Id }, closed);
export type AlarmWithdrawn = Static<typeof AlarmWithdrawn>;

/**
 * `from` = `to`: the state stays, and its condition became unknown or known again, was reported, came or went while a person had
 * put the alarm aside or out of service (nobody is called for that), or the time for which it is put aside was changed. The `from` of an alarm's event is the `to` of the one before; `normal` for its first, and
 * after it was withdrawn.
 */
export const AlarmChanged = Type.Object(
  {
    alarm: Id,
    /** Of this alarm, from 1: grows each time it comes up, that is, becomes `unacknowledged`. 0: it never did. */
    occurrence: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
    from: literals(ALARM_STATES),
    to: literals(ALARM_STATES),
    because: literals(ALARM_CAUSES),
    /** Whether the condition stands, apart from the state; null: not known (bad quality). */
    condition: nullable(Type.Boolean()),
    /** What was measured, when it comes from a tag. */
    value: nullable(Type.Union([Type.Number(), Type.Boolean(), Type.String({ maxLength: 100 })])),
    /** It came up first of its group, in this occurrence. */
    first: Type.Boolean(),
    /** Of a person: comment or reason. Else, when it changes too often to record all of it: that it does, and what was left out. */
    comment: nullable(Words),
    /** Until when it is put aside. */
    until: nullable(Time),
  },
  closed,
);
export type AlarmChanged = Static<typeof AlarmChanged>;

/** More alarms than anybody can answer. */
export const AlarmFlood = Type.Object(
  { phase: literals(['began', 'ended'] as const), alarms: Type.Integer({ minimum: 0 }) },
  closed,
);
export type AlarmFlood = Static<typeof AlarmFlood>;

export const ALARM_PAYLOADS = {
  'alarm.declared': AlarmDeclared,
  'alarm.withdrawn': AlarmWithdrawn,
  'alarm.changed': AlarmChanged,
  'alarm.flood': AlarmFlood,
} as const;
export type AlarmEventType = keyof typeof ALARM_PAYLOADS;
