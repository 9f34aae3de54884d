import type { Phase } from './session.ts';

/** What the uplink did since the start, for the metrics. */
export interface UplinkCounts {
  /** Messages and the metrics in them, births included. */
  messages: number;
  metrics: number;
  /** Samples sent again as historical after a session was lost. */
  resent: number;
  /** Samples that will never be sent: the spool gave them up, or their tag is gone. */
  dropped: number;
  /** Sessions after the first one. */
  reconnects: number;
  failedConnects: number;
  /** Births given again because a host asked. */
  rebirths: number;
  /** Requests for a birth; several soon after one another get one birth. */
  rebirthRequests: number;
  /** Metrics that somebody wrote and that were not taken. */
  ignoredWrites: number;
  /** Commands that were not read: kept by the broker, or larger than any host writes. */
  refusedCommands: number;
  /** Messages to this node that were no Sparkplug payload or no STATE. */
  invalidMessages: number;
}

export function newUplinkCounts(): UplinkCounts {
  return {
    messages: 0,
    metrics: 0,
    resent: 0,
    dropped: 0,
    reconnects: 0,
    failedConnects: 0,
    rebirths: 0,
    rebirthRequests: 0,
    ignoredWrites: 0,
    refusedCommands: 0,
    invalidMessages: 0,
  };
}

export interface UplinkStatus {
  readonly state: Phase['kind'];
  /** Why the last connection ended or the last attempt failed; null when there is none to tell. */
  readonly reason: string | null;
  /** UTC ms since which it is in that state. */
  readonly sinceMs: number;
  readonly bdSeq: number | null;
  /** Samples that wait to be sent again as historical. */
  readonly owed: number;
}
