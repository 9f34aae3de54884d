/** What time the server has, told by its heartbeats and carried on by the page's own clocks. */
import type { ClockReading } from '../system/clock.ts';

export interface ServerTime {
  /** Server time (ms since 1970 UTC) when it was told. */
  readonly serverMs: number;
  /** The page's clocks at that moment. */
  readonly at: ClockReading;
}

/**
 * @returns ms since 1970 UTC at the server. Of the page's two clocks the one that went further is believed: a
 * sleep that stops the monotonic clock, or a wall clock set back, must make data look older, never fresher. Whole
 * ms, as all stamps: the page's monotonic clock has fractions.
 * Before the first word of the server, the page's wall clock.
 */
export function serverNowMs(time: ServerTime | null, reading: ClockReading): number {
  if (time === null) return reading.wallMs;
  const wallElapsed = reading.wallMs - time.at.wallMs;
  const monotonicElapsed = reading.monotonicMs - time.at.monotonicMs;
  return Math.floor(time.serverMs + Math.max(0, wallElapsed, monotonicElapsed));
}

/** Takes the time that a heartbeat tells. */
export function onHeartbeat(serverMs: number, reading: ClockReading): ServerTime {
  return { serverMs, at: reading };
}

/**
 * Takes a stamp that the server put on something that happened before it was sent: server time is at least
 * that, so an estimate that lies before it is moved up.
 */
export function onStamp(time: ServerTime | null, stampMs: number, reading: ClockReading): ServerTime | null {
  if (time !== null && serverNowMs(time, reading) >= stampMs) return time;
  return { serverMs: stampMs, at: reading };
}
