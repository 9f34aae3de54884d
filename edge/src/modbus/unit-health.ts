/** Whether a unit counts as answering, from what became of its requests. */
import { unitRetryDelayMs } from './retry-delay.ts';

/** Unanswered requests in a row after which a unit that was online is offline. */
const OFFLINE_AFTER_FAILURES = 3;

export interface UnitHealth {
  readonly state: 'unknown' | 'online' | 'offline';
  /** Requests in a row without an answer. */
  readonly failures: number;
  /** Monotonic time before which the unit is left alone, ms. */
  readonly retryAtMs: number;
}

export type HealthEvent =
  /** Data, or an exception: either way the unit is there. */
  | { readonly kind: 'answered' }
  /**
   * No answer, or none that could be believed. `leaveAloneMs`: at least this long. `canAskOther`: there is a
   * request that it answered lately, so the first silence may be that of one address alone.
   */
  | {
      readonly kind: 'silent';
      readonly reason: string;
      readonly nowMs: number;
      readonly isShared: boolean;
      readonly leaveAloneMs: number;
      readonly canAskOther: boolean;
    }
  /** The link broke under the request; it is opened again at once. */
  | { readonly kind: 'cut'; readonly reason: string }
  /** The link could not be opened. */
  | { readonly kind: 'unreachable'; readonly reason: string }
  /** The link could be opened after it could not: whatever was known of the unit is past. */
  | { readonly kind: 'reachable' };

type HealthEffect =
  | { readonly kind: 'none' }
  | { readonly kind: 'online' }
  | { readonly kind: 'offline'; readonly reason: string };

export const UNKNOWN_HEALTH: UnitHealth = { state: 'unknown', failures: 0, retryAtMs: 0 };

const NONE: HealthEffect = { kind: 'none' };

export function nextHealth(
  health: UnitHealth,
  event: HealthEvent,
): { readonly health: UnitHealth; readonly effect: HealthEffect } {
  switch (event.kind) {
    case 'answered':
      return {
        health: { state: 'online', failures: 0, retryAtMs: 0 },
        effect: health.state === 'online' ? NONE : { kind: 'online' },
      };
    case 'silent': {
      const failures = health.failures + 1;
      const isDoubtful = health.state === 'online' && failures === 1 && event.canAskOther;
      const backOffMs = isDoubtful ? 0 : unitRetryDelayMs(failures, event.isShared);
      const delayMs = Math.max(backOffMs, event.leaveAloneMs);
      return failed({ ...health, failures, retryAtMs: event.nowMs + delayMs }, event.reason);
    }
    case 'cut':
      return failed({ ...health, failures: health.failures + 1 }, event.reason);
    case 'unreachable':
      // The link's own back-off says when to try again.
      return offline(health, event.reason);
    case 'reachable':
      return { health: { ...health, failures: 0, retryAtMs: 0 }, effect: NONE };
  }
}

function failed(health: UnitHealth, reason: string): ReturnType<typeof nextHealth> {
  const isTrusted = health.state === 'online' && health.failures < OFFLINE_AFTER_FAILURES;
  return isTrusted ? { health, effect: NONE } : offline(health, reason);
}

function offline(health: UnitHealth, reason: string): ReturnType<typeof nextHealth> {
  return {
    health: { ...health, state: 'offline' },
    effect: health.state === 'offline' ? NONE : { kind: 'offline', reason },
  };
}
