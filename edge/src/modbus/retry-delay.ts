/** How long to leave alone what does not answer. */

const UNIT_FIRST_MS = [500, 1000, 2000, 2000, 2000] as const;
const UNIT_STEP_MS = 2000;
/** A unit alone on its link is asked often: it holds nobody up. */
const UNIT_ALONE_MAX_MS = 2000;
const UNIT_SHARED_MAX_MS = 5 * 60_000;

const CONNECT_FIRST_MS = 250;
/** With the time of one attempt (3 s) below the 10 s in which data has to flow again. */
const CONNECT_MAX_MS = 5000;

/**
 * @param failures requests in a row that a unit did not answer, from 1.
 * @param isShared whether other units wait for the same link: each attempt costs them a time-out, so a dead
 *   unit is asked less and less: 2 s · n up to 5 min.
 */
export function unitRetryDelayMs(failures: number, isShared: boolean): number {
  const early = UNIT_FIRST_MS[failures - 1];
  if (early !== undefined) return early;
  if (!isShared) return UNIT_ALONE_MAX_MS;
  return Math.min((failures - UNIT_FIRST_MS.length + 1) * UNIT_STEP_MS, UNIT_SHARED_MAX_MS);
}

/**
 * @param failures connections in a row that could not be made or gave no answer; 0 after a link that worked.
 * @param random in [0, 1): a switch that restarts must not meet all its clients at once.
 * @returns 0, then half to all of 250 ms, doubled each time, at most 5 s.
 */
export function connectDelayMs(failures: number, random: number): number {
  if (failures === 0) return 0;
  const full = Math.min(CONNECT_MAX_MS, CONNECT_FIRST_MS * 2 ** Math.min(failures - 1, 16));
  return full * (0.5 + random / 2);
}
