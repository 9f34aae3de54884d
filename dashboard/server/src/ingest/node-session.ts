/**
 * One line as a Sparkplug host application sees it (Sparkplug B 3.0 §5.4–5.9, §6.4): a pure machine. It knows
 * what was born, keeps messages in order, and says what changed; it never reads a clock and never sends.
 */
import type { LineDescription } from '@trame/protocol/line-description';
import { BD_SEQ_METRIC } from '@trame/protocol/sparkplug/names';
import { valueOf, type InPayload } from '@trame/protocol/sparkplug/payload';
import type { DeviceMessage, NodeMessage } from '@trame/protocol/sparkplug/topic';
import { bornDevice, readData, type DeviceSession } from './device-session.ts';
import type { Rejection } from './ingest-counter.ts';
import {
  DEVICE_BIRTH_GRACE_MS,
  DEVICES_PER_LINE_MAX,
  REBIRTH_INTERVAL_MS,
  REBIRTH_PATIENCE_MS,
  REORDER_TIMEOUT_MS,
} from './limits.ts';
import { EMPTY_DESCRIPTION, readDescription } from './line-description.ts';
import { saneStampMs } from './read-metric.ts';
import type { Reading } from './reading.ts';
import { sequenceAfterBirth, takeInOrder, type Sequence } from './sequence.ts';

export interface LineMessage {
  readonly type: Exclude<NodeMessage | DeviceMessage, 'NCMD' | 'DCMD'>;
  /** Null for the messages of the node itself. */
  readonly device: string | null;
  readonly payload: InPayload;
  /** Wall clock of the server, ms. */
  readonly receivedMs: number;
}

export type NodeEvent =
  | { readonly kind: 'message'; readonly message: LineMessage; readonly monotonicMs: number }
  /** The server's own link to the broker died: what the line does now is not known. */
  | { readonly kind: 'link-lost'; readonly atMs: number }
  /** The link is back: a line that does not wait for a host must be asked. */
  | { readonly kind: 'link-up'; readonly monotonicMs: number }
  | { readonly kind: 'tick'; readonly atMs: number; readonly monotonicMs: number };

export type NodeEffect =
  | { readonly kind: 'line-online'; readonly atMs: number; readonly description: LineDescription }
  | { readonly kind: 'line-offline'; readonly atMs: number }
  | {
      readonly kind: 'device-online';
      readonly device: string;
      readonly atMs: number;
      readonly readings: readonly Reading[];
    }
  | { readonly kind: 'device-offline'; readonly device: string; readonly atMs: number }
  | {
      readonly kind: 'readings';
      readonly device: string;
      readonly atMs: number;
      readonly readings: readonly Reading[];
    }
  | { readonly kind: 'historical'; readonly device: string; readonly readings: readonly Reading[] }
  | { readonly kind: 'ask-rebirth' }
  | { readonly kind: 'rejected'; readonly rejections: readonly Rejection[] };

interface BornLine {
  readonly bdSeq: bigint | null;
  readonly node: DeviceSession;
  readonly devices: ReadonlyMap<string, DeviceSession>;
  readonly sequence: Sequence<LineMessage>;
  /** Monotonic ms since when a message is missing. */
  readonly gapSinceMs: number | null;
  /** Devices known from before that have not been born again, and until when that may last. */
  readonly unborn: { readonly devices: ReadonlySet<string>; readonly untilMs: number } | null;
}

export type NodeState = { readonly askedMs: number | null } & (
  | { readonly state: 'offline'; readonly before: ReadonlySet<string> }
  | ({ readonly state: 'online' } & BornLine)
  /** Messages were lost for good: nothing is believed until the next birth. */
  | { readonly state: 'lost'; readonly sinceMs: number; readonly before: ReadonlySet<string> }
);

export interface NodeStep {
  readonly state: NodeState;
  readonly effects: readonly NodeEffect[];
}

type OnlineState = Extract<NodeState, { state: 'online' }>;

export const UNKNOWN_NODE: NodeState = { state: 'offline', askedMs: null, before: new Set() };

export function nextNode(state: NodeState, event: NodeEvent): NodeStep {
  switch (event.kind) {
    case 'message':
      return onMessage(state, event.message, event.monotonicMs);
    case 'link-lost':
      return onLinkLost(state, event.atMs);
    case 'link-up':
      return askRebirth(state, event.monotonicMs, []);
    case 'tick':
      return onTick(state, event.atMs, event.monotonicMs);
  }
}

/** After a loss of the server's own link the line may be asked at once: it has done nothing wrong. */
function onLinkLost(state: NodeState, atMs: number): NodeStep {
  const forgiven: NodeState = { state: 'offline', askedMs: null, before: devicesOf(state) };
  return { state: forgiven, effects: state.state === 'offline' ? [] : [{ kind: 'line-offline', atMs }] };
}

function onMessage(state: NodeState, message: LineMessage, monotonicMs: number): NodeStep {
  if (message.type === 'NBIRTH') return onNodeBirth(state, message, monotonicMs);
  if (message.type === 'NDEATH') return onNodeDeath(state, message);
  if (state.state !== 'online') {
    return askRebirth(state, monotonicMs, [
      rejected(state.state === 'lost' ? 'sequence-gap' : 'before-birth'),
    ]);
  }
  const seq = message.payload.seq;
  if (seq === null || seq > 255) return { state, effects: [rejected('no-sequence')] };
  const step = takeInOrder(state.sequence, seq, message);
  if (step.overflow) return loseSequence({ ...state, sequence: step.sequence }, monotonicMs);
  const gapSinceMs = step.sequence.held.size === 0 ? null : (state.gapSinceMs ?? monotonicMs);
  // What is still held after some came in order waits anew: its own missing message may be on its way.
  const since = step.ready.length > 0 && gapSinceMs !== null ? monotonicMs : gapSinceMs;
  let at: NodeStep = { state: { ...state, sequence: step.sequence, gapSinceMs: since }, effects: [] };
  for (const ready of step.ready) at = chain(at, (current) => onOrdered(current, ready, monotonicMs));
  return at;
}

function onOrdered(state: NodeState, message: LineMessage, monotonicMs: number): NodeStep {
  if (state.state !== 'online') return still(state);
  switch (message.type) {
    case 'DBIRTH':
      return onDeviceBirth(state, message);
    case 'DDEATH':
      return onDeviceDeath(state, message, monotonicMs);
    case 'DDATA':
      return onDeviceData(state, message, monotonicMs);
    case 'NDATA':
      return onNodeData(state, message, monotonicMs);
    case 'NBIRTH':
    case 'NDEATH':
      return still(state);
  }
}

function onNodeBirth(state: NodeState, message: LineMessage, monotonicMs: number): NodeStep {
  const seq = message.payload.seq;
  if (seq === null || seq > 255) return { state, effects: [rejected('no-sequence')] };
  const read = readDescription(message.payload);
  const born = bornDevice(message.payload, message.receivedMs);
  const before = devicesOf(state);
  const online: OnlineState = {
    state: 'online',
    askedMs: null,
    bdSeq: bdSeqOf(message.payload),
    node: born.session,
    devices: new Map(),
    sequence: sequenceAfterBirth(seq),
    gapSinceMs: null,
    unborn: before.size === 0 ? null : { devices: before, untilMs: monotonicMs + DEVICE_BIRTH_GRACE_MS },
  };
  const description = read.kind === 'described' ? read.description : EMPTY_DESCRIPTION;
  const effects: NodeEffect[] = [{ kind: 'line-online', atMs: message.receivedMs, description }];
  if (read.kind === 'invalid') effects.push(rejected('line-description'));
  return { state: online, effects };
}

/** §6.4.25: a death belongs to the birth with the same bdSeq; an older one, delivered late, says nothing. */
function onNodeDeath(state: NodeState, message: LineMessage): NodeStep {
  if (state.state === 'offline') return still(state);
  if (state.state === 'online' && bdSeqOf(message.payload) !== state.bdSeq) {
    return { state, effects: [rejected('old-death')] };
  }
  return goOffline(state, message.receivedMs);
}

function onDeviceBirth(state: OnlineState, message: LineMessage): NodeStep {
  const device = message.device ?? '';
  if (!state.devices.has(device) && state.devices.size >= DEVICES_PER_LINE_MAX) {
    return { state, effects: [rejected('too-many-devices')] };
  }
  const born = bornDevice(message.payload, message.receivedMs);
  const devices = new Map(state.devices).set(device, born.session);
  const effects: NodeEffect[] = [
    { kind: 'device-online', device, atMs: message.receivedMs, readings: born.readings },
  ];
  if (born.rejections.length > 0) effects.push({ kind: 'rejected', rejections: born.rejections });
  return { state: { ...state, devices, unborn: withoutUnborn(state.unborn, device) }, effects };
}

function onDeviceDeath(state: OnlineState, message: LineMessage, monotonicMs: number): NodeStep {
  const device = message.device ?? '';
  if (!state.devices.has(device)) return askRebirth(state, monotonicMs, [rejected('before-birth')]);
  const devices = new Map(state.devices);
  devices.delete(device);
  const atMs = saneStampMs(message.payload.timestampMs, message.receivedMs) ?? message.receivedMs;
  return { state: { ...state, devices }, effects: [{ kind: 'device-offline', device, atMs }] };
}

function onDeviceData(state: OnlineState, message: LineMessage, monotonicMs: number): NodeStep {
  const device = message.device ?? '';
  const session = state.devices.get(device);
  if (session === undefined) return askRebirth(state, monotonicMs, [rejected('before-birth')]);
  const read = readData(session, message.payload, message.receivedMs);
  const effects: NodeEffect[] = [];
  if (read.readings.length > 0) {
    effects.push({ kind: 'readings', device, atMs: message.receivedMs, readings: read.readings });
  }
  if (read.historical.length > 0) effects.push({ kind: 'historical', device, readings: read.historical });
  if (read.rejections.length > 0) effects.push({ kind: 'rejected', rejections: read.rejections });
  const next =
    read.session === session
      ? state
      : { ...state, devices: new Map(state.devices).set(device, read.session) };
  return read.unknown ? askRebirth(next, monotonicMs, effects) : { state: next, effects };
}

/** Metrics of the node itself are its own business (bdSeq, properties): only their order is checked. */
function onNodeData(state: OnlineState, message: LineMessage, monotonicMs: number): NodeStep {
  const read = readData(state.node, message.payload, message.receivedMs);
  return read.unknown ? askRebirth(state, monotonicMs, [rejected('unknown-metric')]) : still(state);
}

function onTick(state: NodeState, atMs: number, monotonicMs: number): NodeStep {
  if (state.state === 'lost') {
    return monotonicMs - state.sinceMs >= REBIRTH_PATIENCE_MS
      ? goOffline(state, atMs)
      : askRebirth(state, monotonicMs, []);
  }
  if (state.state === 'offline') return still(state);
  if (state.gapSinceMs !== null && monotonicMs - state.gapSinceMs >= REORDER_TIMEOUT_MS) {
    return loseSequence(state, monotonicMs);
  }
  if (state.unborn === null || monotonicMs < state.unborn.untilMs) return still(state);
  const effects = [...state.unborn.devices].map((device): NodeEffect => ({
    kind: 'device-offline',
    device,
    atMs,
  }));
  return { state: { ...state, unborn: null }, effects };
}

/**
 * A lost message may have been a device birth, after which aliases mean something else: what is held is not
 * read, and a new birth tells everything again.
 */
function loseSequence(state: OnlineState, monotonicMs: number): NodeStep {
  const lost: NodeState = {
    state: 'lost',
    askedMs: state.askedMs,
    sinceMs: monotonicMs,
    before: devicesOf(state),
  };
  const given = [...state.sequence.held].map((): Rejection => 'sequence-gap');
  return askRebirth(lost, monotonicMs, [{ kind: 'rejected', rejections: given }]);
}

function askRebirth(state: NodeState, monotonicMs: number, effects: readonly NodeEffect[]): NodeStep {
  const waits = state.askedMs !== null && monotonicMs - state.askedMs < REBIRTH_INTERVAL_MS;
  if (waits) return { state, effects };
  return { state: { ...state, askedMs: monotonicMs }, effects: [...effects, { kind: 'ask-rebirth' }] };
}

function goOffline(state: NodeState, atMs: number): NodeStep {
  return {
    state: { state: 'offline', askedMs: state.askedMs, before: devicesOf(state) },
    effects: [{ kind: 'line-offline', atMs }],
  };
}

function devicesOf(state: NodeState): ReadonlySet<string> {
  if (state.state === 'online') return new Set([...state.devices.keys(), ...(state.unborn?.devices ?? [])]);
  return state.before;
}

function withoutUnborn(unborn: BornLine['unborn'], device: string): BornLine['unborn'] {
  if (unborn === null || !unborn.devices.has(device)) return unborn;
  const devices = new Set(unborn.devices);
  devices.delete(device);
  return devices.size === 0 ? null : { devices, untilMs: unborn.untilMs };
}

function bdSeqOf(payload: InPayload): bigint | null {
  const metric = payload.metrics.find(({ name }) => name === BD_SEQ_METRIC);
  const value = metric === undefined ? null : valueOf(metric);
  if (typeof value === 'bigint') return value;
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : null;
}

function chain(step: NodeStep, run: (state: NodeState) => NodeStep): NodeStep {
  const next = run(step.state);
  return { state: next.state, effects: [...step.effects, ...next.effects] };
}

function rejected(...rejections: Rejection[]): NodeEffect {
  return { kind: 'rejected', rejections };
}

function still(state: NodeState): NodeStep {
  return { state, effects: [] };
}
