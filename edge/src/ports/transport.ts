/** One connection to the broker, as the ledger's way to its consumers sees it. */
export interface Transport {
  readonly isUp: boolean;
  /**
   * Hands a message to the connection. That it was taken says nothing of its arrival.
   * @returns false when there is no connection, or it does not drain.
   */
  publish(topic: string, payload: string, qos: 0 | 1): boolean;
}

export interface TransportListener {
  /** Connected and subscribed. */
  up(): void;
  down(reason: string): void;
  message(topic: string, payload: Uint8Array): void;
}
