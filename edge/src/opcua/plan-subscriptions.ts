/** Which subscriptions a device gets, and the numbers asked of the server. Pure. */
import type { OpcuaDeviceConfig, OpcuaRing, OpcuaTag } from '../domain/line-config.ts';

export interface SubscriptionPlan {
  /** `ring`: of the number of the last result alone, which is no tag; only its latest value counts. */
  readonly name: 'fast' | 'slow' | 'ring';
  readonly publishingMs: number;
  /** Publishing intervals without news after which the server says that it lives. */
  readonly keepAliveCount: number;
  /** Publishing intervals without us after which the server may drop the subscription. */
  readonly lifetimeCount: number;
  readonly tags: readonly OpcuaTag[];
}

/** Sampling slower than this goes into a subscription of its own, which the server visits less often. */
const FAST_SAMPLING_MAX_MS = 1000;
/** A slow tag is published at most this late. */
const SLOW_PUBLISHING_MS = 1000;
/** Signs of life within one age limit: two may be late before a subscription counts as dead. */
const SIGNS_PER_AGE_LIMIT = 3;
/** Signs of life also keep the session: at least three of them within its time-out of 30 s. */
const SIGN_OF_LIFE_MAX_MS = 10_000;
/** OPC 10000-4 §5.14.2.2: the lifetime is at least three times the keep-alive count. */
const LIFETIME_FACTOR = 3;
const LIFETIME_MIN_MS = 10_000;
/** Sampling «as fast as the server can» counts as this when a queue is sized. */
const FASTEST_SAMPLING_MS = 10;
/** Samples that must fit between two publishings, times this. */
const QUEUE_FACTOR = 2;
/** A server that chose a slower sign of life may miss one before it counts as dead. */
const SIGNS_MISSED = 2.5;

/**
 * One subscription per class of sampling: few subscriptions with many items cost the server least. A device
 * without tags still gets one, because its signs of life tell that the device answers.
 */
export function planSubscriptions(device: OpcuaDeviceConfig): SubscriptionPlan[] {
  const slow = device.tags.filter((tag) => tag.samplingMs > FAST_SAMPLING_MAX_MS);
  const fast = device.tags.filter((tag) => tag.samplingMs <= FAST_SAMPLING_MAX_MS);
  const plans: SubscriptionPlan[] = [];
  if (fast.length > 0 || slow.length === 0) plans.push(plan('fast', device.publishingMs, device, fast));
  if (slow.length > 0)
    plans.push(plan('slow', Math.max(device.publishingMs, SLOW_PUBLISHING_MS), device, slow));
  if (device.ring !== undefined) {
    plans.push(plan('ring', device.ring.everyMs, device, [ringItem(device.ring)]));
  }
  return plans;
}

function plan(
  name: SubscriptionPlan['name'],
  publishingMs: number,
  device: OpcuaDeviceConfig,
  tags: readonly OpcuaTag[],
): SubscriptionPlan {
  const signMs = Math.min(device.staleAfterMs / SIGNS_PER_AGE_LIMIT, SIGN_OF_LIFE_MAX_MS);
  const keepAliveCount = Math.max(1, Math.floor(signMs / publishingMs));
  const lifetimeCount = Math.max(LIFETIME_FACTOR * keepAliveCount, Math.ceil(LIFETIME_MIN_MS / publishingMs));
  return { name, publishingMs, keepAliveCount, lifetimeCount, tags };
}

/** As fast as the server can: a sorter waits. */
function ringItem({ seq }: OpcuaRing): OpcuaTag {
  return {
    name: 'ring.seq',
    node: seq,
    type: 'uint32',
    samplingMs: 0,
    queue: 1,
    unit: null,
    scale: 1,
    offset: 0,
    deadband: 0,
    range: null,
    writable: false,
  };
}

/** @returns samples that the server has to keep so that none is lost between two publishings. */
export function queueSizeFor(configured: number, publishingMs: number, samplingMs: number): number {
  const perPublishing = publishingMs / Math.max(samplingMs, FASTEST_SAMPLING_MS);
  return Math.max(configured, QUEUE_FACTOR, Math.ceil(QUEUE_FACTOR * perPublishing));
}

/**
 * @param revised what the server chose instead of what was asked.
 * @returns silence after which the subscription counts as dead, ms.
 */
export function silenceLimitMs(
  staleAfterMs: number,
  revised: { readonly publishingMs: number; readonly keepAliveCount: number },
): number {
  return Math.max(staleAfterMs, SIGNS_MISSED * revised.publishingMs * revised.keepAliveCount);
}

/** @returns the list in pieces of at most `size`, in order. */
export function inPieces<T>(list: readonly T[], size: number): T[][] {
  const pieces: T[][] = [];
  for (let start = 0; start < list.length; start += size) pieces.push(list.slice(start, start + size));
  return pieces;
}
