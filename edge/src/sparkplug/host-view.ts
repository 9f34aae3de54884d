/** What is known of the primary host (Sparkplug B 3.0 §5.4 and §6.4, STATE). */
export interface HostView {
  readonly online: boolean;
  /** Of the latest STATE that was believed, UTC ms by the host's clock; null: none in this session. */
  readonly timestampMs: number | null;
  /** Monotonic ms since which a STATE that is not believed says otherwise; null: none does. */
  readonly doubtedSinceMs: number | null;
  /** Whether it was seen online at any time since the program started. */
  readonly wasOnline: boolean;
}

/** A STATE, and the edge's clocks when it arrived. */
export interface HostStatement {
  readonly online: boolean;
  /** As the host wrote it, UTC ms. */
  readonly timestampMs: number;
  /** UTC ms. */
  readonly nowMs: number;
  /** Monotonic ms. */
  readonly atMs: number;
}

/** Clocks that nobody keeps drift minutes in a year; a host further ahead than this has a wrong clock, ms. */
export const HOST_CLOCK_AHEAD_MAX_MS = 5 * 60_000;
/** How long a STATE that is not believed may stand before a new session asks the broker for it again, ms. */
export const HOST_RECHECK_MS = 30_000;

export const UNSEEN_HOST: HostView = {
  online: false,
  timestampMs: null,
  doubtedSinceMs: null,
  wasOnline: false,
};

/** What another session told of the host is old: the retained STATE of the new one decides. */
export function forgetStatements(view: HostView): HostView {
  return { ...UNSEEN_HOST, wasOnline: view.wasOnline };
}

/**
 * A STATE is believed when it is not older than the latest one that was. An old death that arrives late, e.g.
 * the will of a connection that the host has already replaced, must not take down a line. The time of a clock
 * that runs ahead is not remembered: once the clock is set right, no death would be believed any more.
 */
export function acceptHostState(view: HostView, statement: HostStatement): HostView {
  const { online, timestampMs, nowMs, atMs } = statement;
  if (view.timestampMs !== null && timestampMs < view.timestampMs) {
    return { ...view, doubtedSinceMs: online === view.online ? null : (view.doubtedSinceMs ?? atMs) };
  }
  return {
    online,
    timestampMs: timestampMs - nowMs > HOST_CLOCK_AHEAD_MAX_MS ? view.timestampMs : timestampMs,
    doubtedSinceMs: null,
    wasOnline: view.wasOnline || online,
  };
}

/**
 * Whether a STATE has stood unbelieved for {@link HOST_RECHECK_MS}. A host that is online takes an old death
 * of its own back at once; one whose clock was set back is not believed, and stays away.
 */
export function isRecheckDue(view: HostView, atMs: number): boolean {
  return view.doubtedSinceMs !== null && atMs - view.doubtedSinceMs >= HOST_RECHECK_MS;
}
