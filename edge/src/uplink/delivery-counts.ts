/** What the delivery of the ledger did since the start, for the metrics. */
export interface DeliveryCounts {
  /** Messages handed to the connection, the events in them, and their bytes. */
  messages: number;
  events: number;
  bytes: number;
  /** Of the events, those that had been sent before. */
  eventsAgain: number;
  acks: number;
  /** Messages on the topics of acknowledgements that are none, or not of a configured consumer. */
  invalidAcks: number;
  /** Acknowledgements ahead of this ledger or with another hash. */
  contradictingAcks: number;
  cursorsNotSaved: number;
}

export function newDeliveryCounts(): DeliveryCounts {
  return {
    messages: 0,
    events: 0,
    bytes: 0,
    eventsAgain: 0,
    acks: 0,
    invalidAcks: 0,
    contradictingAcks: 0,
    cursorsNotSaved: 0,
  };
}
