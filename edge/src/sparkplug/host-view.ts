/** What is known of the primary host (Sparkplug B 3.0 §5.4 and §6.4, STATE). */
export interface HostView {
  readonly online: boolean;
  /** Of the last STATE that was believed, UTC ms by the host's clock; null: none in this session. */
  readonly timestampMs: number | null;
  /** The last STATE was older than one believed before, so it was not believed. */
  readonly refused: boolean;
}

/**
 * A STATE is believed when it is not older than the last one that was. An old death that arrives late, e.g.
 * the will of a connection that the host has already replaced, must not take down a line.
 */
export function acceptHostState(
  view: HostView,
  state: { readonly online: boolean; readonly timestampMs: number },
): HostView {
  if (view.timestampMs !== null && state.timestampMs < view.timestampMs) return { ...view, refused: true };
  return { online: state.online, timestampMs: state.timestampMs, refused: false };
}
