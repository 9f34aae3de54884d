/** Who takes the requests that arrive on `…/command`, as the connection sees it. */
export interface CommandReceiver {
  /** Takes a message for later, within bounds; what does not fit is counted and dropped: its sender asks again. */
  offer(payload: Uint8Array): void;
  /** This heartbeat goes out now: a request to move something may quote it, for a while. */
  heartbeatSaid(heartbeat: { readonly boot: string; readonly tick: number }): void;
  /**
   * Works on what was offered, one after the other, until the signal aborts.
   * @param reply publishes an answer; it may be lost, and the same request then gets the same answer.
   */
  run(signal: AbortSignal, reply: (payload: string) => void): Promise<void>;
}
