/** The two clocks of a page. */
export interface ClockReading {
  /** ms since 1970 UTC, as the computer believes; a person or NTP may move it. */
  readonly wallMs: number;
  /** ms since the page was opened; never goes back, but may stand still while the computer sleeps. */
  readonly monotonicMs: number;
}

export interface Clock {
  read(): ClockReading;
}

export const browserClock: Clock = {
  read: () => ({ wallMs: Date.now(), monotonicMs: performance.now() }),
};
