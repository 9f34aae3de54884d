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
