/**
 * The live picture that a page holds: a snapshot, then deltas. Times are ms since 1970 UTC; values are JSON,
 * 64-bit integers past the exact range of a double as decimal strings.
 */
import { Type, type Static } from 'typebox';
import { AlarmRow } from './alarms/alarm-answers.ts';
import { ControlPicture } from './control/control-picture.ts';
import { LineDescription } from './line-description.ts';
import { QualityLevel, QualityReasonSchema, type QualityReason } from './quality.ts';
import { JsonTagValue } from './tag.ts';

export const LIVE_ALARMS_MAX = 500;

export const LiveTag = Type.Object({
  /** Last value known, even when it is no longer good: the quality tells. */
  value: JsonTagValue,
  unit: Type.Union([Type.String(), Type.Null()]),
  quality: QualityLevel,
  reason: Type.Unsafe<QualityReason | null>(Type.Union([QualityReasonSchema, Type.Null()])),
  /** When the device took the last good value; null before the first. */
  sourceTime: Type.Union([Type.Integer(), Type.Null()]),
  /** When the edge published it. */
  edgeTime: Type.Union([Type.Integer(), Type.Null()]),
});
export type LiveTag = Static<typeof LiveTag>;

export const LiveDevice = Type.Object({
  state: Type.Union([Type.Literal('online'), Type.Literal('offline')]),
  /** Since when it is in that state. */
  since: Type.Integer(),
  tags: Type.Record(Type.String(), LiveTag),
});
export type LiveDevice = Static<typeof LiveDevice>;

export const LiveLine = Type.Object({
  /** The line at a site, `site~line` in the region. */
  id: Type.String(),
  site: Type.String(),
  line: Type.String(),
  /** Whether the line's edge is connected. */
  state: Type.Union([Type.Literal('online'), Type.Literal('offline')]),
  since: Type.Integer(),
  /** When the last message of the edge arrived, server time. */
  lastMessageAt: Type.Union([Type.Integer(), Type.Null()]),
  description: LineDescription,
  devices: Type.Record(Type.String(), LiveDevice),
  /** As its edge said it last; null: it never did, or has nothing to control. */
  control: Type.Union([ControlPicture, Type.Null()]),
  /** When that came, server time. */
  controlAt: Type.Union([Type.Integer(), Type.Null()]),
});
export type LiveLine = Static<typeof LiveLine>;

/** `alarms`: those that stand, are put aside or out of service, by `id`; at most {@link LIVE_ALARMS_MAX}. */
export const LiveState = Type.Object({
  lines: Type.Record(Type.String(), LiveLine),
  alarms: Type.Record(Type.String(), AlarmRow),
});
export type LiveState = Static<typeof LiveState>;

/** One change of the state: `path` is set to `value`, or taken away when there is none. */
export const LiveOp = Type.Object({
  path: Type.Array(Type.String(), { minItems: 1 }),
  value: Type.Optional(Type.Unknown()),
});
export type LiveOp = Static<typeof LiveOp>;

export const LiveSnapshot = Type.Object({ epoch: Type.String(), rev: Type.Integer(), state: LiveState });
export type LiveSnapshot = Static<typeof LiveSnapshot>;

/** Applies to a state at revision `prev` only; anything else asks for a new snapshot. */
export const LiveDelta = Type.Object({ prev: Type.Integer(), rev: Type.Integer(), ops: Type.Array(LiveOp) });
export type LiveDelta = Static<typeof LiveDelta>;

/** Sent every 10 s as a named event, so that a page can tell a quiet line from a dead link. */
export const LiveHeartbeat = Type.Object({ serverTime: Type.Integer() });
export type LiveHeartbeat = Static<typeof LiveHeartbeat>;

/** Names of the server-sent events. */
export const LIVE_EVENTS = { snapshot: 'snapshot', delta: 'delta', heartbeat: 'heartbeat' } as const;
