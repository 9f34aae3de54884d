/**
 * What happens when a program dies while the demonstration runs: it is started again after a growing pause; when it
 * keeps dying, everything is stopped.
 */

/** Deaths within the window after which there is no restart any more. */
export const MAX_DEATHS = 5;
export const WINDOW_MS = 10 * 60_000;
export const FIRST_PAUSE_MS = 1_000;

export interface RestartState {
  /** Monotonic times of the deaths within the window, ms, oldest first; at most `MAX_DEATHS`. */
  readonly deathsMs: readonly number[];
}

export type RestartDecision =
  | { readonly kind: 'restart'; readonly afterMs: number }
  | { readonly kind: 'give-up'; readonly deaths: number };

export const NEVER_DIED: RestartState = { deathsMs: [] };

/** @param nowMs monotonic, ms. */
export function afterDeath(
  state: RestartState,
  nowMs: number,
): { readonly state: RestartState; readonly decision: RestartDecision } {
  const deathsMs = [...state.deathsMs.filter((at) => nowMs - at < WINDOW_MS), nowMs];
  const decision: RestartDecision =
    deathsMs.length >= MAX_DEATHS
      ? { kind: 'give-up', deaths: deathsMs.length }
      : { kind: 'restart', afterMs: FIRST_PAUSE_MS * 2 ** (deathsMs.length - 1) };
  return { state: { deathsMs }, decision };
}
