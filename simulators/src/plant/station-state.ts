/** State codes that every station of the line shows, as the PLC's maker lists them. */
export const stationState = {
  off: 0,
  stopped: 1,
  starting: 2,
  running: 3,
  starved: 4,
  blocked: 5,
  jammed: 6,
  fault: 7,
} as const;
export type StationState = (typeof stationState)[keyof typeof stationState];
