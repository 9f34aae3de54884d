/** What the connection of the ledger did since the start, for the metrics. */
export interface LedgerUplinkCounts {
  /** Connections after the first one. */
  reconnects: number;
  failedConnects: number;
  heartbeats: number;
  /** Messages that the broker said it does not take. */
  denied: number;
  /** Messages that the broker kept from an earlier day: they say nothing of the present. */
  retained: number;
}

export function newLedgerUplinkCounts(): LedgerUplinkCounts {
  return { reconnects: 0, failedConnects: 0, heartbeats: 0, denied: 0, retained: 0 };
}
