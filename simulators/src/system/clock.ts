/** Time as the simulation sees it: wall-clock for stamps, monotonic for pacing. Both in ms. */
export interface SimulationClock {
  readonly wallMs: () => number;
  readonly monotonicMs: () => number;
}

/** The machine's own clocks. */
export const systemClock: SimulationClock = {
  wallMs: () => Date.now(),
  monotonicMs: () => Number(process.hrtime.bigint()) / 1e6,
};
