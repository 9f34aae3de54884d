/**
 * The link to the live stream, as a pure machine: when to open it, when to give it up, when to try again.
 * A stream that fails is closed at once and tried again by our own loop: the browser's retry neither spreads
 * pages apart nor notices that the server is gone for good or the session over.
 */

/** The server sends a heartbeat every 10 s; two and a half of them missing is a dead link. */
export const SILENCE_LIMIT_MS = 25_000;
/** How long a stream may take to bring its first snapshot. */
export const OPENING_LIMIT_MS = 10_000;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 5_000;

export type Link =
  | { readonly phase: 'idle' }
  | { readonly phase: 'opening'; readonly sinceMs: number; readonly attempt: number }
  | { readonly phase: 'live'; readonly heardMs: number }
  | { readonly phase: 'waiting'; readonly retryAtMs: number; readonly attempt: number }
  | { readonly phase: 'probing'; readonly attempt: number }
  /** The server no longer knows this session. */
  | { readonly phase: 'signedOut' };

/** Times are monotonic ms; `chance` is a number in [0, 1). */
export type LinkEvent =
  | { readonly type: 'start'; readonly nowMs: number }
  /** Whole picture; only this makes an opened stream live. */
  | { readonly type: 'snapshot'; readonly nowMs: number }
  /** Any other message. */
  | { readonly type: 'heard'; readonly nowMs: number }
  | { readonly type: 'failed'; readonly nowMs: number; readonly chance: number }
  /** A delta that does not follow: the stream works, but a new snapshot is needed. */
  | { readonly type: 'outOfStep'; readonly nowMs: number; readonly chance: number }
  | { readonly type: 'tick'; readonly nowMs: number; readonly chance: number }
  | {
      readonly type: 'probed';
      readonly answer: 'ready' | 'away' | 'signedOut';
      readonly nowMs: number;
      readonly chance: number;
    }
  | { readonly type: 'stop' };

export type LinkEffect = 'open' | 'close' | 'probe';

export interface LinkStep {
  readonly state: Link;
  readonly effects: readonly LinkEffect[];
}

export const IDLE: Link = { phase: 'idle' };

export function nextLink(state: Link, event: LinkEvent): LinkStep {
  switch (event.type) {
    case 'start':
      return state.phase === 'idle' || state.phase === 'signedOut'
        ? { state: { phase: 'opening', sinceMs: event.nowMs, attempt: 0 }, effects: ['open'] }
        : stay(state);
    case 'stop':
      return { state: IDLE, effects: ['close'] };
    case 'snapshot':
      return isOpen(state) ? { state: { phase: 'live', heardMs: event.nowMs }, effects: [] } : stay(state);
    case 'heard':
      return state.phase === 'live'
        ? { state: { phase: 'live', heardMs: event.nowMs }, effects: [] }
        : stay(state);
    case 'failed':
    case 'outOfStep':
      return isOpen(state) ? giveUp(state, event.nowMs, event.chance) : stay(state);
    case 'tick':
      return onTick(state, event.nowMs, event.chance);
    case 'probed':
      return state.phase === 'probing' ? onProbed(state.attempt, event) : stay(state);
  }
}

function onTick(state: Link, nowMs: number, chance: number): LinkStep {
  switch (state.phase) {
    case 'live':
      return nowMs - state.heardMs > SILENCE_LIMIT_MS ? giveUp(state, nowMs, chance) : stay(state);
    case 'opening':
      return nowMs - state.sinceMs > OPENING_LIMIT_MS ? giveUp(state, nowMs, chance) : stay(state);
    case 'waiting':
      return nowMs >= state.retryAtMs
        ? { state: { phase: 'probing', attempt: state.attempt }, effects: ['probe'] }
        : stay(state);
    case 'idle':
    case 'probing':
    case 'signedOut':
      return stay(state);
  }
}

function onProbed(attempt: number, event: LinkEvent & { type: 'probed' }): LinkStep {
  switch (event.answer) {
    case 'ready':
      return { state: { phase: 'opening', sinceMs: event.nowMs, attempt }, effects: ['open'] };
    case 'away':
      return { state: wait(attempt, event.nowMs, event.chance), effects: [] };
    case 'signedOut':
      return { state: { phase: 'signedOut' }, effects: [] };
  }
}

function giveUp(state: Link & { phase: 'opening' | 'live' }, nowMs: number, chance: number): LinkStep {
  const attempt = state.phase === 'opening' ? state.attempt : 0;
  return { state: wait(attempt, nowMs, chance), effects: ['close'] };
}

/** Half of the delay is fixed, half by chance, so that the pages of a site do not come back all at once. */
function wait(attempt: number, nowMs: number, chance: number): Link {
  const delayMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempt, 10));
  return { phase: 'waiting', retryAtMs: nowMs + delayMs * (0.5 + chance / 2), attempt: attempt + 1 };
}

function isOpen(state: Link): state is Link & { phase: 'opening' | 'live' } {
  return state.phase === 'opening' || state.phase === 'live';
}

function stay(state: Link): LinkStep {
  return { state, effects: [] };
}
