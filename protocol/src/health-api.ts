/** What the page «Santé» shows: whether everything that happened has arrived, and what stands in the way. */
import { Type, type Static } from 'typebox';
import { CommandReason } from './control/control-events.ts';
import { COMMAND_OUTCOMES } from './control/control-names.ts';
import { HistoryGap } from './dashboard-api.ts';
import { Heartbeat } from './heartbeat.ts';
import { REFUSAL_CODES } from './ledger-names.ts';
import { literals, nullable } from './schema.ts';
import { ID_PATTERN } from './topics.ts';

/** Something that the server was sent and does not store. */
export const LedgerRefusal = Type.Object({
  id: Type.String(),
  code: literals(REFUSAL_CODES),
  epoch: nullable(Type.String()),
  seq: nullable(Type.Integer()),
  /** In words, for whoever mends it. */
  detail: Type.String(),
  /** How often. */
  count: Type.Integer(),
  /** ms since 1970 UTC. */
  firstAt: Type.Integer(),
  lastAt: Type.Integer(),
  /** Whether the ledger of this line stands still because of it; else it is past. */
  blocking: Type.Boolean(),
});
export type LedgerRefusal = Static<typeof LedgerRefusal>;

/** Mass that a counter's total shows and no event told: it is in no tonnage. */
export const UncountedMass = Type.Object({
  /** `outlet.<id>`. */
  counter: Type.String(),
  grams: Type.Integer(),
  /** ms since 1970 UTC; null: before this server knew the line, where another one may have counted it. */
  since: nullable(Type.Integer()),
  until: Type.Integer(),
});
export type UncountedMass = Static<typeof UncountedMass>;

export const LineHealth = Type.Object({
  /** The line's name. */
  id: Type.String(),
  site: Type.String(),
  line: Type.String(),
  /** Last heartbeat of its edge; null: none since the server started. */
  heartbeat: nullable(Type.Object({ receivedAt: Type.Integer(), said: Heartbeat })),
  /** How far the server has stored. */
  stored: Type.Object({
    epoch: nullable(Type.String()),
    upTo: Type.Integer(),
    hash: nullable(Type.String()),
    /** When the last event was stored; null: never. */
    at: nullable(Type.Integer()),
  }),
  /**
   * `intact`: every event so far follows the one before. `waiting`: an earlier one is missing and asked for.
   * `refused`: it stands still. `contested`: it goes on, while another ledger under the same name is refused.
   */
  chain: literals(['intact', 'waiting', 'refused', 'contested', 'empty'] as const),
  refusals: Type.Array(LedgerRefusal, { maxItems: 50 }),
  /** The last losses of telemetry, newest first, at most 20. */
  gaps: Type.Array(HistoryGap),
  /** The last ones, newest first, at most 20. */
  uncounted: Type.Array(UncountedMass),
});
export type LineHealth = Static<typeof LineHealth>;

/** What was refused under names that are no line's here. */
export const Strangers = Type.Object({
  /** How often, of all of them. */
  count: Type.Integer(),
  /** The latest. */
  rows: Type.Array(
    Type.Object({
      site: Type.String(),
      line: Type.String(),
      code: literals(REFUSAL_CODES),
      detail: Type.String(),
      count: Type.Integer(),
      /** ms since 1970 UTC. */
      lastAt: Type.Integer(),
    }),
    { maxItems: 20 },
  ),
});
export type Strangers = Static<typeof Strangers>;

export const ServerHealth = Type.Object({
  /** Free space where the server keeps its data; null when the machine does not say. */
  disk: Type.Object({
    freeBytes: nullable(Type.Integer()),
    state: literals(['ok', 'low', 'unknown'] as const),
  }),
  records: Type.Object({
    engine: literals(['sqlite', 'postgres'] as const),
    /** Ledgers cannot be written now: they wait, nothing of them is acknowledged. */
    away: Type.Boolean(),
  }),
  history: Type.Object({
    engine: literals(['sqlite', 'influx'] as const),
    healthy: Type.Boolean(),
    buffered: Type.Integer(),
    overflowed: Type.Integer(),
    refused: Type.Integer(),
  }),
  /** Null: never. */
  lastBackup: nullable(Type.Object({ at: Type.Integer(), bytes: Type.Integer() })),
  version: Type.String(),
});
export type ServerHealth = Static<typeof ServerHealth>;

/** `GET /api/v1/health`. */
export const HealthOverview = Type.Object({
  /** Server's clock, ms since 1970 UTC. */
  at: Type.Integer(),
  lines: Type.Array(LineHealth),
  strangers: Strangers,
  server: ServerHealth,
});
export type HealthOverview = Static<typeof HealthOverview>;

/** Which line of that name is meant; needed only where two sites have one. */
const Site = Type.Optional(Type.String({ pattern: ID_PATTERN }));

/** `POST /api/v1/lines/{line}/ledger/epoch`: a person accepts the epoch that was refused. */
export const EpochDecision = Type.Object(
  { epoch: Type.String({ pattern: '^[0-9a-f]{32}$' }), site: Site },
  { additionalProperties: false },
);
export type EpochDecision = Static<typeof EpochDecision>;

/** `POST /api/v1/lines/{line}/commands`. */
export const CommandBody = Type.Object(
  {
    command: Type.String({ maxLength: 64 }),
    args: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    site: Site,
  },
  { additionalProperties: false },
);
export type CommandBody = Static<typeof CommandBody>;

export const CommandAnswer = Type.Object({
  /** Of the request. */
  id: Type.String(),
  code: Type.String(),
  detail: nullable(Type.String()),
  seq: nullable(Type.Integer()),
  /** Of what moves something: how it ended; `checking`: not known yet, `GET /commands/{id}` and the live stream tell. */
  outcome: Type.Optional(literals([...COMMAND_OUTCOMES, 'checking'] as const)),
  reasons: Type.Optional(Type.Array(CommandReason)),
  /** False: a stop or a hold was sent without being noted, since nothing could be; it is when it can be. */
  noted: Type.Optional(Type.Boolean()),
});
export type CommandAnswer = Static<typeof CommandAnswer>;
