/**
 * Whether a request to move something may still be followed: it quotes a heartbeat of this edge, and only the edge's
 * own monotonic clock says how long ago that was. No two clocks are compared, and one of before a restart is void.
 */
import { MOTION_EXPIRY_MS } from '@trame/protocol/command';
import { HEARTBEAT_INTERVAL_MS } from '@trame/protocol/heartbeat';

export interface HeartbeatTimes {
  readonly boot: string;
  /** Monotonic ms at which each was said, oldest first. */
  readonly said: readonly { readonly tick: number; readonly atMs: number }[];
}

/** Heartbeats that are remembered; what is older has expired. One more may come with each new connection. */
export const HEARTBEATS_MAX = 2 * Math.ceil(MOTION_EXPIRY_MS / HEARTBEAT_INTERVAL_MS);

/** @returns the times with one more, those that nothing may quote any more left out. */
export function noteHeartbeat(times: HeartbeatTimes, tick: number, atMs: number): HeartbeatTimes {
  const said = [...times.said, { tick, atMs }].filter(
    (heartbeat) => atMs - heartbeat.atMs <= MOTION_EXPIRY_MS,
  );
  return { ...times, said: said.slice(-HEARTBEATS_MAX) };
}

/** @param nowMs monotonic. */
export function isMotionFresh(
  quoted: { readonly boot: string; readonly tick: number },
  nowMs: number,
  times: HeartbeatTimes,
): boolean {
  if (quoted.boot !== times.boot) return false;
  const heartbeat = times.said.find(({ tick }) => tick === quoted.tick);
  return heartbeat !== undefined && nowMs - heartbeat.atMs <= MOTION_EXPIRY_MS;
}
