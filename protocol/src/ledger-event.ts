/**
 * One event of a line's ledger. The edge is its only writer; nothing is ever edited, a correction is another
 * event. Events are numbered per epoch and chained: each carries the hash of the one before (`hash-chain.ts`).
 */
import { Type, type Static } from 'typebox';
import { ID_PATTERN } from './topics.ts';

/** SHA-256, lower-case hex. */
export const HASH_PATTERN = '^[0-9a-f]{64}$';
/** An epoch, or the id of an event: 128 random bits, lower-case hex. */
export const OPAQUE_ID_PATTERN = '^[0-9a-f]{32}$';
/** Kind and happening: `weighing.recorded`. */
export const EVENT_TYPE_PATTERN = '^[a-z][A-Za-z]{0,31}\\.[a-z][A-Za-z]{0,31}$';
/** Who did it: an opaque reference. Whom it stands for is kept elsewhere and erased at its date. */
export const ACTOR_REF_PATTERN = '^[0-9a-f]{8,64}$';

/** `prev` of the first event of an epoch. */
export const FIRST_PREV = '0'.repeat(64);
/** Largest canonical payload, bytes: larger things lie elsewhere and the ledger holds their hash. */
export const PAYLOAD_BYTES_MAX = 32 * 1024;
/** No event happened before Trame existed: an earlier date is a clock that was never set (2020-01-01 UTC). */
export const EVENT_TIME_MIN_MS = 1_577_836_800_000;
/** How far ahead of a reader's clock an event may be dated, ms. */
export const EVENT_TIME_AHEAD_MAX_MS = 24 * 3_600_000;

/** An edge's clock that is further off than this was not compared, it was never set, ms. */
export const CLOCK_OFFSET_MAX_MS = 366 * 24 * 3_600_000;

/** What was known of the edge's clock when the event was recorded. */
export const EventClock = Type.Object(
  {
    /**
     * `checked`: compared with the server's within a quarter of an hour. `unchecked`: nobody to compare with.
     * `behind`: it reads earlier than an event already recorded, and no person has confirmed it.
     */
    state: Type.Union([Type.Literal('checked'), Type.Literal('unchecked'), Type.Literal('behind')]),
    /** Server's clock minus edge's clock, ms; null when it was never compared, or is off beyond all measure. */
    offsetMs: Type.Union([
      Type.Integer({ minimum: -CLOCK_OFFSET_MAX_MS, maximum: CLOCK_OFFSET_MAX_MS }),
      Type.Null(),
    ]),
  },
  { additionalProperties: false },
);
export type EventClock = Static<typeof EventClock>;

const Id = Type.String({ pattern: ID_PATTERN });
const Hash = Type.String({ pattern: HASH_PATTERN });
const TimeMs = Type.Integer({ minimum: EVENT_TIME_MIN_MS, maximum: 8_640_000_000_000_000 });

const envelopeProperties = {
  v: Type.Literal(1),
  site: Id,
  line: Id,
  /** Changes when a ledger is restored or replaced; a reader refuses an unknown one until a person decides. */
  epoch: Type.String({ pattern: OPAQUE_ID_PATTERN }),
  /** From 1, without gaps, within the epoch. */
  seq: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  /** Stays the same when an event is carried over into another epoch: whoever counts, counts it once. */
  id: Type.String({ pattern: OPAQUE_ID_PATTERN }),
  type: Type.String({ pattern: EVENT_TYPE_PATTERN }),
  /** When it happened, ms since 1970 UTC by the edge's clock. */
  occurredAt: TimeMs,
  /** When it was recorded. */
  recordedAt: TimeMs,
  clock: EventClock,
  actorRef: Type.Union([Type.String({ pattern: ACTOR_REF_PATTERN }), Type.Null()]),
};

/** What the chain seals beside the payload. */
export const LedgerEnvelope = Type.Object(envelopeProperties, { additionalProperties: false });
export type LedgerEnvelope = Static<typeof LedgerEnvelope>;

export const LedgerEvent = Type.Object(
  {
    ...envelopeProperties,
    /** SHA-256 of the canonical payload: stays when the payload is withheld or erased. */
    payloadHash: Hash,
    /** Null: withheld or erased. */
    payload: Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()]),
    /** Hash of the event before; {@link FIRST_PREV} for the first of an epoch. */
    prev: Hash,
    hash: Hash,
  },
  { additionalProperties: false },
);
export type LedgerEvent = Static<typeof LedgerEvent>;

export type LedgerPayload = Readonly<Record<string, unknown>>;

/** @returns the envelope of an event, without payload and hashes. */
export function envelopeOf(event: LedgerEvent): LedgerEnvelope {
  const { v, site, line, epoch, seq, id, type, occurredAt, recordedAt, clock, actorRef } = event;
  return { v, site, line, epoch, seq, id, type, occurredAt, recordedAt, clock, actorRef };
}

/** Below this, the difference between two clocks is the way of a message, not an error of the edge's clock. */
const OFFSET_NOISE_MS = 2_000;

/** @returns when an event happened by the best clock known, ms since 1970 UTC. */
export function happenedAtMs({ occurredAt, clock }: Pick<LedgerEnvelope, 'occurredAt' | 'clock'>): number {
  return occurredAt + correctionMs(clock);
}

/** The way back of {@link happenedAtMs}: what the server's clock calls `happenedAt`, by the edge's clock. */
export function occurredAtOf(happenedAt: number, clock: EventClock): number {
  return happenedAt - correctionMs(clock);
}

function correctionMs({ offsetMs }: EventClock): number {
  return offsetMs === null || Math.abs(offsetMs) < OFFSET_NOISE_MS ? 0 : offsetMs;
}
