/** What the uplink is given, and its bounds. */
import type { UplinkConfig } from '../domain/line-config.ts';
import type { BdSeqStore } from '../ports/bd-seq-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { Log } from '../ports/log.ts';
import type { Spool } from '../ports/spool.ts';
import type { BirthSource } from '../ports/uplink.ts';
import type { NodeFacts } from './payloads.ts';

export interface UplinkOptions {
  readonly site: string;
  readonly line: string;
  readonly config: UplinkConfig;
  readonly facts: NodeFacts;
  readonly births: BirthSource;
  readonly bdSeqs: BdSeqStore;
  readonly spool: Spool;
  /** Samples a second that are sent again from the spool beside live data. */
  readonly replayPerSecond: number;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
}

/** Metrics in one data message. */
export const MESSAGE_METRICS_MAX = 500;
/** Bytes that the socket may hold back before samples wait, latest only, instead of being written. */
export const WAITING_BYTES_MAX = 1024 * 1024;
/** How often waiting samples and watchdogs are looked after, ms. */
export const UPKEEP_MS = 100;
/** How long a host may be absent without a warning: start-up of a whole site in one go, ms. */
export const HOST_ABSENT_WARN_MS = 30_000;

/**
 * Shortest time after which what was sent counts as received, ms. A host that dies is told absent by the broker
 * after one and a half of its own keep-alives (5 s with Trame's server), which an edge does not know: twice that,
 * and room for a broker that is slow to say it.
 */
export const DOUBT_MIN_MS = 20_000;

/**
 * @param keepAliveS of this edge's own connection: by two of them, a dead connection to the broker is noticed.
 * @returns how long what was sent may not have arrived, ms.
 */
export function doubtMsOf(keepAliveS: number): number {
  return Math.max(2 * keepAliveS * 1000, DOUBT_MIN_MS);
}
