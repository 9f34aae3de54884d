/** Bodies of the dashboard's HTTP interface, `/api/v1`. One schema each for server, page and documentation. */
import { Type, type Static } from 'typebox';
import { CommandReason } from './control/control-events.ts';
import { GAP_REASONS } from './ledger-names.ts';
import { literals, nullable } from './schema.ts';
import { ToldFinding } from './sort-programmes/programme-finding.ts';
import { WEIGHING_REFUSALS, WEIGHING_SOURCES } from './ledger-payloads.ts';

export const ROLES = ['operator', 'supervisor', 'region', 'trainee', 'administrator'] as const;
export type Role = (typeof ROLES)[number];
export const Role = Type.Unsafe<Role>(Type.Union(ROLES.map((role) => Type.Literal(role))));

/** RFC 9457 problem document; `code` is stable and machine-readable. */
export const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String(),
  detail: Type.Optional(Type.String()),
  /** Figures and names that words for people need, of some codes. */
  params: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]))),
  /** Of a line that refuses to be moved: every reason; `code` is that of the first. */
  reasons: Type.Optional(Type.Array(CommandReason)),
  /** Where in the request, JSON pointer, and what was expected. */
  errors: Type.Optional(Type.Array(Type.Object({ path: Type.String(), message: Type.String() }))),
  /** Of a sort programme that cannot be used: everything that was found. */
  findings: Type.Optional(Type.Array(ToldFinding)),
});
export type Problem = Static<typeof Problem>;

export const SignIn = Type.Object(
  {
    login: Type.String({ minLength: 1, maxLength: 64 }),
    secret: Type.String({ minLength: 1, maxLength: 256 }),
  },
  { additionalProperties: false },
);
export type SignIn = Static<typeof SignIn>;

export const Session = Type.Object({
  login: Type.String(),
  role: Role,
  /** ms since 1970 UTC. */
  expiresAt: Type.Integer(),
  /** `demo`: figures come from a simulated line, and every page says so. */
  installation: Type.Union([Type.Literal('real'), Type.Literal('demo')]),
  /** Zone in which days are cut, e.g. Europe/Paris. */
  timeZone: Type.String(),
  /** Under which what this account does is recorded: tells a page whether it has a line in hand. */
  actorRef: Type.String(),
});
export type Session = Static<typeof Session>;

export const HistoryPoint = Type.Object({
  /** Start of the bucket, or the sample's own time; ms since 1970 UTC. */
  t: Type.Integer(),
  /** Mean of the good values in the bucket; null where there is none. */
  value: Type.Union([Type.Number(), Type.Null()]),
  min: Type.Union([Type.Number(), Type.Null()]),
  max: Type.Union([Type.Number(), Type.Null()]),
  /** Worst quality met: 192 good, 64 uncertain, 0 bad. */
  quality: Type.Integer(),
});
export type HistoryPoint = Static<typeof HistoryPoint>;

/** A stretch of time in which measured values are known to be lost. */
export const HistoryGap = Type.Object({
  /** ms since 1970 UTC. */
  from: Type.Integer(),
  /** Included. */
  to: Type.Integer(),
  /** How many values of the whole line; null when nobody can know. */
  samples: Type.Union([Type.Integer(), Type.Null()]),
  reason: literals(GAP_REASONS),
});
export type HistoryGap = Static<typeof HistoryGap>;

export const HistoryAnswer = Type.Object({
  /** `line/device/metric`. */
  tag: Type.String(),
  from: Type.Integer(),
  to: Type.Integer(),
  /** Bucket in ms; 0: raw samples. */
  everyMs: Type.Integer(),
  points: Type.Array(HistoryPoint),
  /** Losses that touch the period asked for, oldest first; past 500 the latest. */
  gaps: Type.Array(HistoryGap),
  /** True when there are earlier losses than the first of `gaps`: before it nothing is said of losses. */
  gapsTruncated: Type.Boolean(),
  /** True when the answer was cut at its limit. */
  truncated: Type.Boolean(),
});
export type HistoryAnswer = Static<typeof HistoryAnswer>;

export const TONNAGE_BY = [
  'outlet',
  'day',
  'month',
  'line',
  'site',
  'collector',
  'commune',
  'material',
] as const;
export type TonnageBy = (typeof TONNAGE_BY)[number];

export const TonnageRow = Type.Object({
  id: Type.String(),
  /** Of collectors their id, of communes their INSEE code; `unknown` what no origin is known of. */
  key: Type.String(),
  /** Name of a collector or commune, where one is known. */
  label: Type.Optional(Type.String()),
  /** Of communes: shared out by a stated key, not weighed apart. */
  estimated: Type.Optional(Type.Boolean()),
  /** Tonnes, to the gram. */
  t: Type.Number(),
  /** Heat content at agreed moisture, lower heating value; null when the composition is not known. */
  GJ: Type.Union([Type.Number(), Type.Null()]),
});
export type TonnageRow = Static<typeof TonnageRow>;

export const TonnageAnswer = Type.Object({
  rows: Type.Array(TonnageRow),
  total: Type.Object({ t: Type.Number(), GJ: Type.Union([Type.Number(), Type.Null()]) }),
  /** `YYYY-MM-DD` in the site's zone. */
  from: Type.String(),
  /** Excluded. */
  to: Type.String(),
});
export type TonnageAnswer = Static<typeof TonnageAnswer>;

/** What a scale weighed, what it refused, or what it weighed while nobody read it. Masses are whole grams. */
export const WeighingRow = Type.Object({
  /** Of the ledger's event. */
  id: Type.String(),
  site: Type.String(),
  line: Type.String(),
  kind: literals(['recorded', 'refused', 'missed'] as const),
  /** ms since 1970 UTC, by the best clock known. */
  at: Type.Integer(),
  scale: Type.String(),
  serial: nullable(Type.String()),
  alibiEpoch: Type.Integer(),
  use: literals(['reception', 'bale'] as const),
  /** Null unless recorded. */
  source: nullable(literals(WEIGHING_SOURCES)),
  /** In the alibi memory, or of the totalising indicator; of missed ones the first. */
  number: nullable(Type.Integer()),
  /** Of missed ones the last, included. */
  toNumber: nullable(Type.Integer()),
  /** Of missed ones: how many of these numbers no other row tells of; null otherwise. */
  missing: nullable(Type.Integer()),
  grossGrams: nullable(Type.Integer()),
  tareGrams: nullable(Type.Integer()),
  tareKind: nullable(literals(['none', 'weighed', 'preset'] as const)),
  /** Of missed ones the sum of the missing; null when nobody knows. */
  netGrams: nullable(Type.Integer()),
  intervalGrams: nullable(Type.Integer()),
  verification: nullable(literals(['valid', 'expired', 'refused', 'not-stated'] as const)),
  /** `YYYY-MM-DD`. */
  verificationDue: nullable(Type.String()),
  /** Why it was refused; null otherwise. */
  reason: nullable(literals(WEIGHING_REFUSALS)),
  /** `id` of the weighing that was recorded under this number before, with another weight; null otherwise. */
  contradicts: nullable(Type.String()),
  simulated: Type.Boolean(),
});
export type WeighingRow = Static<typeof WeighingRow>;

/** `GET /api/v1/weighings`, latest first. */
export const WeighingsAnswer = Type.Object({
  rows: Type.Array(WeighingRow),
  /** Cursor of the next page; null on the last. */
  next: nullable(Type.String()),
});
export type WeighingsAnswer = Static<typeof WeighingsAnswer>;

export const Health = Type.Object({
  status: Type.Union([Type.Literal('ok'), Type.Literal('starting'), Type.Literal('degraded')]),
  /** True once a line's data has reached the live picture and the history. */
  live: Type.Boolean(),
});
export type Health = Static<typeof Health>;
