/**
 * One listener of the live stream: a pure machine. A client that reads slower than we write misses deltas and
 * gets one snapshot when it has caught up, so what waits for it never grows; one that never reads is closed.
 */
import { CLOGGED_MAX_MS, HEARTBEAT_MS } from './limits.ts';

export type StreamState = { readonly heartbeatMs: number } & (
  | { readonly state: 'flowing' }
  | { readonly state: 'clogged'; readonly sinceMs: number; readonly missed: boolean }
);

/** Times are monotonic ms. */
export type StreamEvent =
  | { readonly kind: 'delta' }
  /** The socket took what was written, or asks to wait. */
  | { readonly kind: 'written'; readonly flushed: boolean; readonly atMs: number }
  | { readonly kind: 'drained' }
  | { readonly kind: 'tick'; readonly atMs: number };

export type StreamEffect = 'send-delta' | 'send-snapshot' | 'send-heartbeat' | 'close';

export interface StreamStep {
  readonly state: StreamState;
  readonly effect: StreamEffect | null;
}

/** The first heartbeat is due at once: it tells the page the server's time. */
export function newStream(atMs: number): StreamState {
  return { state: 'flowing', heartbeatMs: atMs - HEARTBEAT_MS };
}

export function nextStream(
  state: StreamState,
  event: StreamEvent,
  cloggedMaxMs: number = CLOGGED_MAX_MS,
): StreamStep {
  switch (event.kind) {
    case 'delta':
      if (state.state === 'flowing') return { state, effect: 'send-delta' };
      return { state: { ...state, missed: true }, effect: null };
    case 'written':
      if (event.flushed || state.state === 'clogged') return { state, effect: null };
      return {
        state: { state: 'clogged', sinceMs: event.atMs, missed: false, heartbeatMs: state.heartbeatMs },
        effect: null,
      };
    case 'drained':
      if (state.state === 'flowing') return { state, effect: null };
      return {
        state: { state: 'flowing', heartbeatMs: state.heartbeatMs },
        effect: state.missed ? 'send-snapshot' : null,
      };
    case 'tick':
      return onTick(state, event.atMs, cloggedMaxMs);
  }
}

function onTick(state: StreamState, atMs: number, cloggedMaxMs: number): StreamStep {
  if (state.state === 'clogged') {
    return { state, effect: atMs - state.sinceMs >= cloggedMaxMs ? 'close' : null };
  }
  if (atMs - state.heartbeatMs < HEARTBEAT_MS) return { state, effect: null };
  return { state: { ...state, heartbeatMs: atMs }, effect: 'send-heartbeat' };
}
