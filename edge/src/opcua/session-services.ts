/** The few OPC UA services that the driver needs, each with a deadline of ours and in bulk. */
import type { MonitoredItemCreateRequestOptions, MonitoredItemCreateResult } from 'node-opcua-client';
import type { Clock } from '../ports/clock.ts';
import { withDeadline } from './deadline.ts';
import type { OpcuaLibrary, OpcuaSession } from './library.ts';
import { inPieces, type SubscriptionPlan } from './plan-subscriptions.ts';
import { statusNameOf } from './service-failure.ts';

export interface ServiceContext {
  readonly session: OpcuaSession;
  readonly library: OpcuaLibrary;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export interface ServerLimits {
  readonly nodesPerRead: number;
  readonly itemsPerCall: number;
}

export interface CreatedSubscription {
  readonly id: number;
  readonly publishingMs: number;
  readonly keepAliveCount: number;
}

/** A running server answers within this, also a small one that is busy. */
export const SERVICE_DEADLINE_MS = 5000;
/** A server that is asked whether it is there at all. */
const PROBE_DEADLINE_MS = 2000;
/** Small PLCs allow 1000 in one call but are quick only up to about this. */
const PER_CALL_MAX = 100;

/** Nodes of namespace 0 (OPC 10000-6 annex A.3). */
const MAX_NODES_PER_READ = 'i=11705';
const MAX_MONITORED_ITEMS_PER_CALL = 'i=11714';
const SERVER_STATE = 'i=2259';
const NAMESPACE_ARRAY = 'i=2255';

export interface AttributeValue {
  readonly good: boolean;
  readonly value: unknown;
}

/** @throws {DeadlineExceeded}, or what the library throws when the service fails. */
export async function readAttributes(
  context: ServiceContext,
  nodeIds: readonly string[],
  attribute: 'Value' | 'DataType',
  perCall: number,
  deadlineMs: number = SERVICE_DEADLINE_MS,
): Promise<AttributeValue[]> {
  const { session, library, clock, signal } = context;
  const attributeId = library.client.AttributeIds[attribute];
  const values: AttributeValue[] = [];
  for (const piece of inPieces(nodeIds, perCall)) {
    const ask = { ms: deadlineMs, what: `reading ${piece.length} nodes`, signal };
    const nodes = piece.map((nodeId) => ({ nodeId, attributeId }));
    const results = await withDeadline(clock, ask, session.read(nodes));
    for (const result of results) {
      values.push({ good: result.statusCode.isGoodish(), value: result.value?.value ?? null });
    }
  }
  return values;
}

/** @returns the server's namespaces; position is index. */
export async function readNamespaces(context: ServiceContext): Promise<string[]> {
  const [array] = await readAttributes(context, [NAMESPACE_ARRAY], 'Value', 1);
  const list: unknown = array?.value;
  return Array.isArray(list) ? list.map(String) : [];
}

/** Missing limits and zero mean «no limit» (OPC 10000-5 §6.3.11). */
export async function readLimits(context: ServiceContext): Promise<ServerLimits> {
  const ids = [MAX_NODES_PER_READ, MAX_MONITORED_ITEMS_PER_CALL];
  // One node a call, because a limit of one is possible and not known yet.
  const [reads, items] = await readAttributes(context, ids, 'Value', 1);
  return { nodesPerRead: limitIn(reads), itemsPerCall: limitIn(items) };
}

function limitIn(read: AttributeValue | undefined): number {
  const told = read?.good === true ? read.value : 0;
  return typeof told === 'number' && told > 0 ? Math.min(told, PER_CALL_MAX) : PER_CALL_MAX;
}

/** @returns whether the session still answers. */
export async function probe(context: ServiceContext): Promise<boolean> {
  try {
    await readAttributes(context, [SERVER_STATE], 'Value', 1, PROBE_DEADLINE_MS);
    return true;
  } catch {
    // Any failure, time-out included, is the answer «no»; the caller says why it asked.
    context.signal.throwIfAborted();
    return false;
  }
}

export async function createSubscription(
  { session, clock, signal }: ServiceContext,
  plan: SubscriptionPlan,
): Promise<CreatedSubscription> {
  const ask = { ms: SERVICE_DEADLINE_MS, what: 'creating a subscription', signal };
  const response = await withDeadline(
    clock,
    ask,
    session.createSubscription({
      requestedPublishingInterval: plan.publishingMs,
      requestedMaxKeepAliveCount: plan.keepAliveCount,
      requestedLifetimeCount: plan.lifetimeCount,
      maxNotificationsPerPublish: 0,
      publishingEnabled: true,
      priority: 0,
    }),
  );
  return {
    id: response.subscriptionId,
    publishingMs: response.revisedPublishingInterval,
    keepAliveCount: response.revisedMaxKeepAliveCount,
  };
}

/** Gives the server its resources back; a failure no longer matters, the lifetime ends it too. */
export async function deleteSubscription(context: ServiceContext, id: number): Promise<void> {
  const { session, clock, signal } = context;
  const ask = { ms: PROBE_DEADLINE_MS, what: 'deleting a subscription', signal };
  const deleted = new Promise<void>((resolve) => {
    session.deleteSubscriptions({ subscriptionIds: [id] }, () => resolve());
  });
  await withDeadline(clock, ask, deleted).catch(() => null);
  signal.throwIfAborted();
}

export interface ItemRequest {
  readonly nodeId: string;
  readonly clientHandle: number;
  readonly samplingMs: number;
  readonly queueSize: number;
}

/** @returns one result per item, in order. */
export async function createItems(
  context: ServiceContext,
  subscriptionId: number,
  items: readonly ItemRequest[],
  perCall: number,
): Promise<MonitoredItemCreateResult[]> {
  const results: MonitoredItemCreateResult[] = [];
  for (const piece of inPieces(items, perCall)) {
    results.push(...(await createPiece(context, subscriptionId, piece)));
  }
  return results;
}

/** A server that says that a call is too large, whatever limit it told, gets halves. */
async function createPiece(
  context: ServiceContext,
  subscriptionId: number,
  items: readonly ItemRequest[],
): Promise<MonitoredItemCreateResult[]> {
  const { session, library, clock, signal } = context;
  const ask = { ms: SERVICE_DEADLINE_MS, what: `monitoring ${items.length} nodes`, signal };
  try {
    const response = await withDeadline(
      clock,
      ask,
      session.createMonitoredItems({
        subscriptionId,
        timestampsToReturn: library.client.TimestampsToReturn.Both,
        itemsToCreate: items.map((item) => itemToCreate(library, item)),
      }),
    );
    return response.results ?? [];
  } catch (error) {
    if (statusNameOf(error) !== 'BadTooManyOperations' || items.length === 1) throw error;
    const half = Math.ceil(items.length / 2);
    return [
      ...(await createPiece(context, subscriptionId, items.slice(0, half))),
      ...(await createPiece(context, subscriptionId, items.slice(half))),
    ];
  }
}

function itemToCreate(library: OpcuaLibrary, item: ItemRequest): MonitoredItemCreateRequestOptions {
  const { AttributeIds, MonitoringMode, coerceNodeId } = library.client;
  return {
    itemToMonitor: { nodeId: coerceNodeId(item.nodeId), attributeId: AttributeIds.Value },
    monitoringMode: MonitoringMode.Reporting,
    requestedParameters: {
      clientHandle: item.clientHandle,
      samplingInterval: item.samplingMs,
      queueSize: item.queueSize,
      discardOldest: true,
    },
  };
}
