/** One subscription and its items on the server: made, checked item by item, watched, made anew. */
import { bad, type Quality } from '@trame/protocol/quality';
import type { OpcuaTag } from '../domain/line-config.ts';
import type { Reading } from '../domain/reading.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { Log } from '../ports/log.ts';
import { backoffMs, ITEM_BACKOFF } from './backoff.ts';
import { resolveNode } from './node-reference.ts';
import { accept, HELD_MAX, unordered, type Ordering } from './order-notifications.ts';
import { queueSizeFor, silenceLimitMs, type SubscriptionPlan } from './plan-subscriptions.ts';
import type { NotificationMessage } from './publish-loop.ts';
import {
  createItems,
  createSubscription,
  type ItemRequest,
  type ServiceContext,
} from './session-services.ts';
import { qualityOfStatus } from './status-quality.ts';

export interface ItemState {
  readonly tag: OpcuaTag;
  /** Refusals in a row. */
  failures: number;
  /** When to ask again, monotonic ms; null: monitored. */
  retryAtMs: number | null;
  /** Last reason that was logged, so that it is said once. */
  said: string | null;
}

export interface MonitoredSubscription {
  readonly id: number;
  readonly plan: SubscriptionPlan;
  /** The position is the client handle. */
  readonly items: readonly ItemState[];
  readonly publishingMs: number;
  readonly silenceLimitMs: number;
  readonly bornMs: number;
  /** Last message or sign of life, monotonic ms. */
  heardMs: number;
  ordering: Ordering<NotificationMessage>;
  /** Since when a message is missing, monotonic ms. */
  gapSinceMs: number | null;
  /** Why it has to be made anew; null while it is well. */
  broken: string | null;
}

export interface SubscriptionDeps {
  readonly device: string;
  readonly staleAfterMs: number;
  readonly services: ServiceContext;
  readonly itemsPerCall: number;
  readonly entropy: Entropy;
  readonly log: Log;
}

/** A message that a slower thread of the server still has in hand comes within this. */
const GAP_MAX_MS = 500;

/** Makes the subscription on the server, still without items. */
export async function openSubscription(
  deps: SubscriptionDeps,
  plan: SubscriptionPlan,
): Promise<MonitoredSubscription> {
  const { clock } = deps.services;
  const made = await createSubscription(deps.services, plan);
  const limitMs = silenceLimitMs(deps.staleAfterMs, made);
  if (made.publishingMs !== plan.publishingMs || limitMs > deps.staleAfterMs) {
    deps.log.warn(
      {
        device: deps.device,
        subscription: plan.name,
        askedPublishingMs: plan.publishingMs,
        publishingMs: made.publishingMs,
        askedKeepAlive: plan.keepAliveCount,
        keepAlive: made.keepAliveCount,
        silenceLimitMs: limitMs,
      },
      'the server publishes at its own pace',
    );
  }
  const now = clock.monotonicMs();
  return {
    id: made.id,
    plan,
    items: plan.tags.map((tag) => ({ tag, failures: 0, retryAtMs: now, said: null })),
    publishingMs: made.publishingMs,
    silenceLimitMs: limitMs,
    bornMs: now,
    heardMs: now,
    ordering: unordered(),
    gapSinceMs: null,
    broken: null,
  };
}

/** Notes a message and gives those that may be delivered now, in order. */
export function receive(
  subscription: MonitoredSubscription,
  message: NotificationMessage,
  nowMs: number,
): readonly NotificationMessage[] {
  subscription.heardMs = nowMs;
  if ((message.notificationData ?? []).length === 0) return [];
  const { ordering, deliver } = accept(subscription.ordering, message.sequenceNumber, message);
  subscription.ordering = ordering;
  subscription.gapSinceMs = ordering.held.size === 0 ? null : (subscription.gapSinceMs ?? nowMs);
  return deliver;
}

/** @returns why the subscription has to be made anew, or null while it is well. */
export function ailmentOf(subscription: MonitoredSubscription, nowMs: number): string | null {
  if (subscription.broken !== null) return subscription.broken;
  const { gapSinceMs, ordering } = subscription;
  if (gapSinceMs !== null && (nowMs - gapSinceMs > GAP_MAX_MS || ordering.held.size > HELD_MAX)) {
    return 'a notification was lost';
  }
  const silentMs = nowMs - subscription.heardMs;
  if (silentMs > subscription.silenceLimitMs) return `silent for ${Math.round(silentMs)} ms`;
  return null;
}

export function hasDueItems(subscription: MonitoredSubscription, nowMs: number): boolean {
  return subscription.items.some((item) => item.retryAtMs !== null && item.retryAtMs <= nowMs);
}

/**
 * Asks the server to monitor the items that are due. One that it refuses is asked again later, alone in its
 * back-off, and never stops the others.
 *
 * @param say gives the reading that tells a quality of a tag.
 * @returns readings of the refused ones.
 */
export async function monitorDueItems(
  deps: SubscriptionDeps,
  subscription: MonitoredSubscription,
  namespaces: readonly string[],
  say: (tag: OpcuaTag, quality: Quality) => Reading,
): Promise<Reading[]> {
  const now = deps.services.clock.monotonicMs();
  const isRing = subscription.plan.name === 'ring';
  const readings: Reading[] = [];
  const asked: { item: ItemState; request: ItemRequest }[] = [];
  subscription.items.forEach((item, clientHandle) => {
    if (item.retryAtMs === null || item.retryAtMs > now) return;
    const node = resolveNode(item.tag.node, namespaces);
    if (node.state === 'unknown') {
      readings.push(refuse(deps, item, node.reason, say(item.tag, bad('refused'))));
      return;
    }
    const { samplingMs, queue } = item.tag;
    const queueSize = isRing ? 1 : queueSizeFor(queue, subscription.publishingMs, samplingMs);
    asked.push({ item, request: { nodeId: node.nodeId, clientHandle, samplingMs, queueSize } });
  });
  const requests = asked.map(({ request }) => request);
  const results = await createItems(deps.services, subscription.id, requests, deps.itemsPerCall);
  const revised: Revision[] = [];
  asked.forEach(({ item, request }, index) => {
    const result = results[index];
    if (result === undefined || !result.statusCode.isGoodish()) {
      const told = qualityOfStatus(result?.statusCode.value ?? 0x8000_0000);
      // Whatever the code, the server does not monitor this node: that is a refusal, unless it says that the
      // device behind it is away.
      const quality = told.level === 'bad' && told.reason !== 'device-bad' ? told : bad('refused');
      readings.push(refuse(deps, item, result?.statusCode.name ?? 'no result', say(item.tag, quality)));
      return;
    }
    item.retryAtMs = null;
    item.failures = 0;
    if (item.said !== null) {
      deps.log.info({ device: deps.device, tag: item.tag.name }, 'the server monitors the tag after all');
    }
    item.said = null;
    const samplingMs = result.revisedSamplingInterval;
    const queueSize = result.revisedQueueSize;
    if (samplingMs > Math.max(request.samplingMs, 1) || queueSize < request.queueSize) {
      revised.push({
        tag: item.tag.name,
        askedMs: request.samplingMs,
        samplingMs,
        askedQueue: request.queueSize,
        queueSize,
      });
    }
  });
  sayRevised(deps, subscription, revised);
  return readings;
}

interface Revision {
  readonly tag: string;
  readonly askedMs: number;
  readonly samplingMs: number;
  readonly askedQueue: number;
  readonly queueSize: number;
}

/** One line for all of them: a server that revises one item revises most. */
function sayRevised(
  deps: SubscriptionDeps,
  { plan, publishingMs }: MonitoredSubscription,
  revised: Revision[],
): void {
  const [first] = revised;
  if (first === undefined) return;
  const losing = revised.find(
    ({ queueSize, samplingMs }) =>
      plan.name !== 'ring' && queueSize < queueSizeFor(1, publishingMs, samplingMs),
  );
  const fields = {
    device: deps.device,
    subscription: plan.name,
    items: revised.length,
    example: losing ?? first,
  };
  if (losing === undefined) deps.log.info(fields, 'the server samples some tags at its own pace');
  else
    deps.log.warn(
      fields,
      'the server keeps fewer samples than come between two publishings: some may be lost',
    );
}

function refuse(deps: SubscriptionDeps, item: ItemState, reason: string, reading: Reading): Reading {
  const delayMs = backoffMs(ITEM_BACKOFF, item.failures, deps.entropy.random());
  item.retryAtMs = deps.services.clock.monotonicMs() + delayMs;
  item.failures += 1;
  const fields = {
    device: deps.device,
    tag: item.tag.name,
    node: item.tag.node,
    reason,
    failures: item.failures,
  };
  if (item.said === reason) deps.log.debug(fields, 'the server still refuses the tag');
  else deps.log.warn(fields, 'the server refuses the tag; it is asked again from time to time');
  item.said = reason;
  return reading;
}
