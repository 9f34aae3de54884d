/**
 * How an edge is, said every {@link HEARTBEAT_INTERVAL_MS} on `…/heartbeat` (QoS 0, not retained): what a ledger
 * that cannot be written could not say itself.
 */
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { SortingHealth } from './heartbeat-sorting.ts';
import { OPAQUE_ID_PATTERN, HASH_PATTERN } from './ledger-event.ts';
import { closed, literals, nullable } from './schema.ts';
import { ID_PATTERN } from './topics.ts';

export const HEARTBEAT_INTERVAL_MS = 2_000;

const Whole = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const Words = Type.String({ maxLength: 500 });

/** How a consumer of the ledger stands, seen from the edge. */
export const CONSUMER_STATES = [
  /** It follows. */
  'following',
  /** Never heard, or not for a while. */
  'silent',
  /** It is heard, and its cursor does not move though events wait. */
  'stuck',
  /** It refuses what it is sent; `reason` has the code. */
  'refusing',
  /** Its cursor is ahead of this ledger: this ledger was restored from an older copy, or the cursor is false. */
  'cursor-ahead',
  /** It has another event under a number of this ledger. */
  'fork',
] as const;
export type ConsumerState = (typeof CONSUMER_STATES)[number];

export const HeartbeatConsumer = Type.Object(
  {
    consumer: Type.String({ pattern: ID_PATTERN }),
    state: literals(CONSUMER_STATES),
    upTo: Whole,
    /** Events that it has not acknowledged. */
    waiting: Whole,
    reason: nullable(Words),
  },
  closed,
);
export type HeartbeatConsumer = Static<typeof HeartbeatConsumer>;

/** Why a ledger is not written: stable, since alarms and translations hang on it. */
export const LEDGER_FAULT_CODES = [
  'disk-full',
  /** The disk refuses in another way. */
  'io-error',
  /** The edge reads a date before 2020. */
  'clock-not-set',
  /** The edge's clock is more than a day off the server's, by its acknowledgements: nothing is dated by it. */
  'clock-wrong',
  /** The file is damaged, or not this line's: a person must look at it. */
  'closed',
] as const;
export type LedgerFaultCode = (typeof LEDGER_FAULT_CODES)[number];

export const LedgerStatus = Type.Object(
  {
    /** `not-stored`: what happens now waits in memory. `closed`: the file cannot be used; `code` says why. */
    state: literals(['ok', 'not-stored', 'closed'] as const),
    /** Null when ok. */
    code: nullable(literals(LEDGER_FAULT_CODES)),
    /** In words for a person; null when ok. */
    reason: nullable(Words),
    epoch: nullable(Type.String({ pattern: OPAQUE_ID_PATTERN })),
    head: Whole,
    hash: nullable(Type.String({ pattern: HASH_PATTERN })),
    /** Events that wait in memory for the disk. */
    unstored: Whole,
    /** Records given up since the edge started; once the disk takes it, an event `records.lost` tells them for good. */
    lost: Whole,
    consumers: Type.Array(HeartbeatConsumer, { maxItems: 8 }),
  },
  closed,
);
export type LedgerStatus = Static<typeof LedgerStatus>;

export const SpoolStatus = Type.Object(
  {
    state: literals(['ok', 'not-stored', 'closed'] as const),
    reason: nullable(Words),
    samples: Whole,
    bytes: Whole,
    maxBytes: Whole,
    /** ms since 1970 UTC of the oldest that waits. */
    oldestAt: nullable(Whole),
    /** Samples given up since the edge started. */
    dropped: Whole,
  },
  closed,
);
export type SpoolStatus = Static<typeof SpoolStatus>;

export const DiskStatus = Type.Object(
  {
    /** `low`: under twice the reserve. `reserve`: only the ledger still writes. */
    state: literals(['ok', 'low', 'reserve', 'unknown'] as const),
    freeBytes: nullable(Whole),
    reserveBytes: Whole,
  },
  closed,
);
export type DiskStatus = Static<typeof DiskStatus>;

export const Heartbeat = Type.Object(
  {
    v: Type.Literal(1),
    /** Changes with every start of the edge. */
    boot: Type.String({ pattern: '^[0-9a-f]{16}$' }),
    /** From 1, one more in each heartbeat of this boot. A request to move something quotes both. */
    tick: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
    /** The edge's clock, ms since 1970 UTC. */
    at: Whole,
    version: Type.String({ maxLength: 40 }),
    ledger: LedgerStatus,
    /** Null when telemetry is not published. */
    spool: nullable(SpoolStatus),
    disk: DiskStatus,
    clock: Type.Object(
      {
        state: literals(['checked', 'unchecked', 'behind'] as const),
        offsetMs: nullable(Type.Integer()),
      },
      closed,
    ),
    /** Left out: pieces are not sorted by their spectra on this line. */
    sorting: Type.Optional(SortingHealth),
  },
  closed,
);
export type Heartbeat = Static<typeof Heartbeat>;

const validator = Compile(Heartbeat);
const BYTES_MAX = 16 * 1024;

export function encodeHeartbeat(heartbeat: Heartbeat): string {
  return JSON.stringify(heartbeat);
}

/** @returns null when these bytes are no heartbeat. */
export function decodeHeartbeat(bytes: Uint8Array): Heartbeat | null {
  if (bytes.length > BYTES_MAX) return null;
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return validator.Check(value) ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return null;
    throw error;
  }
}
