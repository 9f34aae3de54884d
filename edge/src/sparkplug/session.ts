/**
 * The session of an edge node (Sparkplug B 3.0 §5 and §6) as a pure machine: what happened in, what to do
 * out. It alone allocates sequence numbers, and only for messages that are sent.
 */
import type { Sample } from '../domain/tag-state.ts';
import {
  acceptHostState,
  forgetStatements,
  isRecheckDue,
  UNSEEN_HOST,
  type HostStatement,
  type HostView,
} from './host-view.ts';
import type { SessionEffect } from './session-effect.ts';

export type Phase =
  /** No connection; a retry is due. `attempt` counts those since the last session that held. */
  | { readonly kind: 'disconnected'; readonly attempt: number }
  | { readonly kind: 'connecting'; readonly attempt: number }
  /** Connected, and the primary host is not known to be online. */
  | { readonly kind: 'waiting-for-host'; readonly attempt: number; readonly sinceMs: number }
  | {
      readonly kind: 'born';
      readonly attempt: number;
      readonly sinceMs: number;
      /** Of the next message, 0–255. */
      readonly seq: number;
      /** Devices whose birth was sent in this session. */
      readonly born: ReadonlySet<string>;
      readonly bornAtMs: number;
      /** A host asked for a birth too soon after the last one; it is due, and no data is sent before it. */
      readonly rebirthDue: boolean;
    }
  | { readonly kind: 'stopped' };

export interface SessionState {
  readonly phase: Phase;
  /** Of the last CONNECT; -1 before the first one. */
  readonly bdSeq: number;
  /** Devices that are online now. */
  readonly devices: ReadonlySet<string>;
  /** Null when no primary host is configured. */
  readonly host: HostView | null;
}

/** Times are monotonic ms. */
export type SessionEvent =
  | { readonly kind: 'start' }
  | { readonly kind: 'retry' }
  /** The broker accepted the connection and the subscriptions. */
  | { readonly kind: 'connected'; readonly atMs: number }
  /** The connection, or the attempt at one, ended. */
  | { readonly kind: 'closed'; readonly atMs: number }
  | ({ readonly kind: 'host-state' } & HostStatement)
  /** Now and then: maybe time to ask the broker again for a STATE that was not believed. */
  | { readonly kind: 'host-recheck'; readonly atMs: number }
  | { readonly kind: 'rebirth-requested'; readonly atMs: number }
  | { readonly kind: 'rebirth-timer'; readonly atMs: number }
  | { readonly kind: 'device-online'; readonly device: string }
  | { readonly kind: 'device-offline'; readonly device: string }
  | {
      readonly kind: 'data';
      readonly device: string;
      readonly samples: readonly Sample[];
      readonly historical: boolean;
    }
  | { readonly kind: 'stop' };

export interface SessionStep {
  readonly state: SessionState;
  readonly effects: readonly SessionEffect[];
}

/** Two births asked for by a host are at least this far apart, ms. */
export const REBIRTH_PAUSE_MS = 1000;
/** A session that lasted this long was a good one: the next retry is quick again, ms. */
export const SESSION_HELD_MS = 10_000;

const BD_SEQ_COUNT = 256;
const SEQ_COUNT = 256;

/** @param lastBdSeq the number of the last CONNECT of an earlier process, or null. */
export function newSession(lastBdSeq: number | null, waitsForHost: boolean): SessionState {
  return {
    phase: { kind: 'disconnected', attempt: 0 },
    bdSeq: lastBdSeq ?? -1,
    devices: new Set(),
    host: waitsForHost ? UNSEEN_HOST : null,
  };
}

export function next(state: SessionState, event: SessionEvent): SessionStep {
  if (state.phase.kind === 'stopped' && event.kind !== 'data') return still(state);
  switch (event.kind) {
    case 'start':
    case 'retry':
      return connect(state);
    case 'connected':
      return connected(state, event.atMs);
    case 'closed':
      return closed(state, event.atMs);
    case 'host-state':
      return hostState(state, event);
    case 'host-recheck':
      return hostRecheck(state, event.atMs);
    case 'rebirth-requested':
    case 'rebirth-timer':
      return rebirth(state, event);
    case 'device-online':
      return deviceOnline(state, event.device);
    case 'device-offline':
      return deviceOffline(state, event.device);
    case 'data':
      return data(state, event);
    case 'stop':
      return stop(state);
  }
}

function still(state: SessionState): SessionStep {
  return { state, effects: [] };
}

function connect(state: SessionState): SessionStep {
  if (state.phase.kind !== 'disconnected') return still(state);
  const bdSeq = (state.bdSeq + 1) % BD_SEQ_COUNT;
  const phase: Phase = { kind: 'connecting', attempt: state.phase.attempt };
  const host = state.host === null ? null : forgetStatements(state.host);
  return { state: { ...state, phase, bdSeq, host }, effects: [{ kind: 'connect', bdSeq }] };
}

function connected(state: SessionState, atMs: number): SessionStep {
  if (state.phase.kind !== 'connecting') return still(state);
  const { attempt } = state.phase;
  if (state.host === null || state.host.online) return birth(state, attempt, atMs, atMs);
  return still({ ...state, phase: { kind: 'waiting-for-host', attempt, sinceMs: atMs } });
}

function closed(state: SessionState, atMs: number): SessionStep {
  const { phase } = state;
  if (phase.kind === 'disconnected' || phase.kind === 'stopped') return still(state);
  const held = phase.kind !== 'connecting' && atMs - phase.sinceMs >= SESSION_HELD_MS;
  return disconnected(state, held ? 0 : phase.attempt, []);
}

/** The wait before retry `attempt` follows. */
function disconnected(state: SessionState, attempt: number, effects: readonly SessionEffect[]): SessionStep {
  return {
    state: { ...state, phase: { kind: 'disconnected', attempt: attempt + 1 } },
    effects: [...effects, { kind: 'retry-later', attempt }],
  };
}

function hostState(state: SessionState, event: Extract<SessionEvent, { kind: 'host-state' }>): SessionStep {
  if (state.host === null) return still(state);
  const host = acceptHostState(state.host, event);
  const seen = { ...state, host };
  const { phase } = seen;
  if (phase.kind === 'waiting-for-host' && host.online) {
    return birth(seen, phase.attempt, phase.sinceMs, event.atMs);
  }
  if (phase.kind === 'born' && !host.online) return disconnected(seen, 0, farewell(seen));
  return still(seen);
}

/** A new session starts without memory of what the host said, and the broker's retained STATE decides. */
function hostRecheck(state: SessionState, atMs: number): SessionStep {
  const { phase, host } = state;
  if (phase.kind !== 'waiting-for-host' && phase.kind !== 'born') return still(state);
  if (host === null || !isRecheckDue(host, atMs)) return still(state);
  return disconnected(state, 0, farewell(state));
}

/** The whole birth sequence: node first, then every device that is online. */
function birth(state: SessionState, attempt: number, sinceMs: number, atMs: number): SessionStep {
  const effects: SessionEffect[] = [{ kind: 'nbirth', seq: 0, bdSeq: state.bdSeq }];
  let seq = 1;
  for (const device of state.devices) {
    effects.push({ kind: 'dbirth', seq, device });
    seq = (seq + 1) % SEQ_COUNT;
  }
  const phase: Phase = {
    kind: 'born',
    attempt,
    sinceMs,
    seq,
    born: new Set(state.devices),
    bornAtMs: atMs,
    rebirthDue: false,
  };
  return { state: { ...state, phase }, effects };
}

function rebirth(
  state: SessionState,
  event: Extract<SessionEvent, { kind: 'rebirth-requested' | 'rebirth-timer' }>,
): SessionStep {
  const { phase } = state;
  if (phase.kind !== 'born') return still(state);
  if (event.kind === 'rebirth-timer' && !phase.rebirthDue) return still(state);
  const waitMs = phase.bornAtMs + REBIRTH_PAUSE_MS - event.atMs;
  if (waitMs <= 0) return birth(state, phase.attempt, phase.sinceMs, event.atMs);
  if (phase.rebirthDue && event.kind === 'rebirth-requested') return still(state);
  return {
    state: { ...state, phase: { ...phase, rebirthDue: true } },
    effects: [{ kind: 'rebirth-later', delayMs: waitMs }],
  };
}

function deviceOnline(state: SessionState, device: string): SessionStep {
  const known = { ...state, devices: new Set(state.devices).add(device) };
  const { phase } = known;
  if (phase.kind !== 'born') return still(known);
  return {
    state: {
      ...known,
      phase: { ...phase, seq: (phase.seq + 1) % SEQ_COUNT, born: new Set(phase.born).add(device) },
    },
    effects: [{ kind: 'dbirth', seq: phase.seq, device }],
  };
}

function deviceOffline(state: SessionState, device: string): SessionStep {
  const known = { ...state, devices: without(state.devices, device) };
  const { phase } = known;
  if (phase.kind !== 'born' || !phase.born.has(device)) return still(known);
  return {
    state: {
      ...known,
      phase: { ...phase, seq: (phase.seq + 1) % SEQ_COUNT, born: without(phase.born, device) },
    },
    effects: [{ kind: 'ddeath', seq: phase.seq, device }],
  };
}

function data(state: SessionState, event: Extract<SessionEvent, { kind: 'data' }>): SessionStep {
  const { phase } = state;
  const { device, samples, historical } = event;
  if (phase.kind !== 'born' || phase.rebirthDue || !phase.born.has(device)) {
    return { state, effects: [{ kind: 'unsent', device, samples, historical }] };
  }
  return {
    state: { ...state, phase: { ...phase, seq: (phase.seq + 1) % SEQ_COUNT } },
    effects: [{ kind: 'ddata', seq: phase.seq, device, samples, historical }],
  };
}

function stop(state: SessionState): SessionStep {
  return { state: { ...state, phase: { kind: 'stopped' } }, effects: farewell(state) };
}

/** The end of a session by this side, if there is one. */
function farewell({ phase, bdSeq }: SessionState): readonly SessionEffect[] {
  if (phase.kind === 'disconnected') return [];
  if (phase.kind === 'born') {
    return [
      { kind: 'ndeath', bdSeq },
      { kind: 'disconnect', packet: true },
    ];
  }
  // A DISCONNECT must follow an NDEATH, and a death before a birth would be the first message.
  return [{ kind: 'disconnect', packet: false }];
}

function without(set: ReadonlySet<string>, item: string): ReadonlySet<string> {
  return new Set([...set].filter((other) => other !== item));
}
