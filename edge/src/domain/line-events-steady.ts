/**
 * What of a state that changes is worth an event: one that holds, and not more of them than a person can read. A
 * device on a loose cable would otherwise fill the ledger for years.
 */
import type { Instant } from './tag-state.ts';

export interface SteadyState {
  /** What was told last; null: nothing yet. */
  readonly told: string | null;
  /** What differs from it now, and since when. */
  readonly present: { readonly value: string; readonly since: Instant } | null;
  /** When the last ones were told, monotonic ms. */
  readonly toldAtMs: readonly number[];
  /** Told too often: silent until a state holds {@link CALM_MS}. */
  readonly flaps: boolean;
}

export interface SteadyStep {
  readonly state: SteadyState;
  /** What is to be told, and the moment from which it has held; null: nothing. */
  readonly tell: { readonly value: string; readonly since: Instant } | null;
}

const WINDOW_MS = 60_000;
export const CALM_MS = 30_000;

export function startSteady(told: string | null): SteadyState {
  return { told, present: null, toldAtMs: [], flaps: false };
}

export interface SteadyRule {
  /** How long this value must hold before it is told, ms. */
  readonly holdMs: number;
  /** States told in a minute; past it nothing is told until one holds {@link CALM_MS}. */
  readonly toldMax: number;
}

/** @param value null: nothing is known, which changes nothing. */
export function nextSteady(
  state: SteadyState,
  value: string | null,
  { holdMs, toldMax }: SteadyRule,
  at: Instant,
): SteadyStep {
  if (value === null) return { state, tell: null };
  if (value === state.told) return { state: { ...state, present: null }, tell: null };
  const present = state.present?.value === value ? state.present : { value, since: at };
  const toldAtMs = state.toldAtMs.filter((ms) => at.monotonicMs - ms < WINDOW_MS);
  const flaps = state.flaps || toldAtMs.length >= toldMax;
  const heldMs = at.monotonicMs - present.since.monotonicMs;
  if (heldMs < (flaps ? Math.max(holdMs, CALM_MS) : holdMs)) {
    return { state: { ...state, present, toldAtMs, flaps }, tell: null };
  }
  const told = [...toldAtMs, at.monotonicMs];
  return { state: { told: value, present: null, toldAtMs: told, flaps: false }, tell: present };
}
