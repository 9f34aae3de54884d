/** As it came from the broker. */
export interface InboundMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** Kept by the broker from an earlier day. */
  readonly retained: boolean;
}
