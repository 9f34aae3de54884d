/**
 * Slows down guessing: a few wrong secrets for one login from one address, or many from one address, and the
 * next attempt must wait, twice as long each time. Pure: the state is passed in and given back.
 */

interface Failures {
  readonly count: number;
  /** Monotonic ms of the last one. */
  readonly lastMs: number;
}

export type ThrottleState = ReadonlyMap<string, Failures>;

/** Wrong secrets that cost nothing: gloves, caps lock. */
const FREE_PER_LOGIN = 5;
/** A whole site may sit behind one address. */
const FREE_PER_ADDRESS = 30;
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 5 * 60_000;
/** Failures older than this are forgotten. */
const FORGET_MS = 15 * 60_000;
/** Keys remembered; the oldest is forgotten first. */
export const THROTTLE_KEYS_MAX = 4_096;

export const NO_FAILURES: ThrottleState = new Map();

/** @returns how long this login from this address must wait before its next attempt, ms; 0 for not at all. */
export function waitBeforeMs(state: ThrottleState, login: string, address: string, nowMs: number): number {
  const [pair, alone] = keys(login, address);
  return Math.max(
    remaining(state.get(pair), FREE_PER_LOGIN, nowMs),
    remaining(state.get(alone), FREE_PER_ADDRESS, nowMs),
  );
}

export function afterFailure(
  state: ThrottleState,
  login: string,
  address: string,
  nowMs: number,
): ThrottleState {
  const next = new Map(state);
  for (const key of keys(login, address)) {
    const before = next.get(key);
    const count = before === undefined || nowMs - before.lastMs > FORGET_MS ? 1 : before.count + 1;
    // Taken out and put back, so that the map's first key is the one unused longest.
    next.delete(key);
    next.set(key, { count, lastMs: nowMs });
  }
  for (const key of next.keys()) {
    if (next.size <= THROTTLE_KEYS_MAX) break;
    next.delete(key);
  }
  return next;
}

/** A right secret clears its login from this address; the address alone keeps its count. */
export function afterSuccess(state: ThrottleState, login: string, address: string): ThrottleState {
  const [pair] = keys(login, address);
  if (!state.has(pair)) return state;
  const next = new Map(state);
  next.delete(pair);
  return next;
}

function remaining(failures: Failures | undefined, free: number, nowMs: number): number {
  if (failures === undefined || failures.count < free) return 0;
  if (nowMs - failures.lastMs > FORGET_MS) return 0;
  const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(20, failures.count - free));
  return Math.max(0, failures.lastMs + waitMs - nowMs);
}

function keys(login: string, address: string): [pair: string, alone: string] {
  return [`${address}\n${login}`, address];
}
