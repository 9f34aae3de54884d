/** Time, passed in. */
export interface Clock {
  /** Wall clock for stamps: ms since 1970, UTC. May step. */
  nowMs(): number;
  /** Monotonic clock for durations and time-outs, ms from an arbitrary start. */
  monotonicMs(): number;
  /** Resolves after `ms` of monotonic time; rejects with the signal's reason when it aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}
