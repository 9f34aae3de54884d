/**
 * The host application's own life on the broker (Sparkplug B 3.0 §5.3, §6.4 STATE): a pure machine. The will
 * is registered at CONNECT with the same time that the birth then carries; the birth goes out once the
 * subscriptions stand, and again whenever somebody says in our name that we are gone.
 */

export type HostState =
  | { readonly state: 'idle' }
  | { readonly state: 'waiting'; readonly attempt: number }
  | { readonly state: 'connecting'; readonly stampMs: number; readonly attempt: number }
  | { readonly state: 'subscribing'; readonly stampMs: number; readonly attempt: number }
  | { readonly state: 'online'; readonly stampMs: number }
  | { readonly state: 'stopped' };

/** Times are ms since 1970 UTC. */
export type HostEvent =
  | { readonly kind: 'connect-due'; readonly atMs: number }
  | { readonly kind: 'connected' }
  | { readonly kind: 'subscribed' }
  /** A STATE message under our own host id was delivered to us. */
  | { readonly kind: 'own-state'; readonly online: boolean }
  | { readonly kind: 'closed' }
  | { readonly kind: 'stop'; readonly atMs: number };

export type HostEffect =
  | { readonly kind: 'open'; readonly willStampMs: number }
  | { readonly kind: 'subscribe' }
  | { readonly kind: 'publish-state'; readonly online: boolean; readonly stampMs: number }
  /** The link is up and announced. */
  | { readonly kind: 'up' }
  /** The link was up and is gone. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'wait'; readonly attempt: number }
  | { readonly kind: 'end' };

export interface HostStep {
  readonly state: HostState;
  readonly effects: readonly HostEffect[];
}

export const NEW_HOST: HostState = { state: 'idle' };

export function nextHost(state: HostState, event: HostEvent): HostStep {
  switch (event.kind) {
    case 'connect-due':
      return onConnectDue(state, event.atMs);
    case 'connected':
      if (state.state !== 'connecting') return still(state);
      return {
        state: { state: 'subscribing', stampMs: state.stampMs, attempt: state.attempt },
        effects: [{ kind: 'subscribe' }],
      };
    case 'subscribed':
      if (state.state !== 'subscribing') return still(state);
      return {
        state: { state: 'online', stampMs: state.stampMs },
        effects: [{ kind: 'publish-state', online: true, stampMs: state.stampMs }, { kind: 'up' }],
      };
    case 'own-state':
      if (state.state !== 'online' || event.online) return still(state);
      return { state, effects: [{ kind: 'publish-state', online: true, stampMs: state.stampMs }] };
    case 'closed':
      return onClosed(state);
    case 'stop':
      return onStop(state, event.atMs);
  }
}

function onConnectDue(state: HostState, atMs: number): HostStep {
  if (state.state !== 'idle' && state.state !== 'waiting') return still(state);
  const attempt = state.state === 'waiting' ? state.attempt : 0;
  return {
    state: { state: 'connecting', stampMs: atMs, attempt },
    effects: [{ kind: 'open', willStampMs: atMs }],
  };
}

function onClosed(state: HostState): HostStep {
  switch (state.state) {
    case 'connecting':
    case 'subscribing': {
      const attempt = state.attempt + 1;
      return { state: { state: 'waiting', attempt }, effects: [{ kind: 'wait', attempt }] };
    }
    case 'online':
      return {
        state: { state: 'waiting', attempt: 0 },
        effects: [{ kind: 'lost' }, { kind: 'wait', attempt: 0 }],
      };
    case 'idle':
    case 'waiting':
    case 'stopped':
      return still(state);
  }
}

function onStop(state: HostState, atMs: number): HostStep {
  if (state.state === 'stopped') return still(state);
  const farewell: HostEffect[] =
    state.state === 'online' ? [{ kind: 'publish-state', online: false, stampMs: atMs }] : [];
  return { state: { state: 'stopped' }, effects: [...farewell, { kind: 'end' }] };
}

function still(state: HostState): HostStep {
  return { state, effects: [] };
}

/** Longest wait between two attempts to connect. */
export const RECONNECT_MAX_MS = 5_000;
const RECONNECT_FIRST_MS = 250;

/** @returns how long to wait before an attempt: doubling, with jitter so that many clients do not return at once. */
export function reconnectDelayMs(attempt: number, random: number): number {
  const full = Math.min(RECONNECT_MAX_MS, RECONNECT_FIRST_MS * 2 ** Math.min(attempt, 10));
  return full / 2 + (full / 2) * random;
}
