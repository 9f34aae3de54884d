/** What an edge says that is well, for tests of who hears it. */
import type { Heartbeat } from './heartbeat.ts';

/** @param changes what else it says; of the ledger what differs from one that is empty and in order. */
export function exampleHeartbeat({
  ledger,
  ...changes
}: Partial<Omit<Heartbeat, 'ledger'>> & { readonly ledger?: Partial<Heartbeat['ledger']> }): Heartbeat {
  return {
    v: 1,
    boot: '0123456789abcdef',
    tick: 1,
    at: 0,
    version: '1',
    ledger: {
      state: 'ok',
      code: null,
      reason: null,
      epoch: null,
      head: 0,
      hash: null,
      unstored: 0,
      lost: 0,
      consumers: [],
      ...ledger,
    },
    spool: null,
    disk: { state: 'ok', freeBytes: 1, reserveBytes: 1 },
    clock: { state: 'unchecked', offsetMs: null },
    ...changes,
  };
}
