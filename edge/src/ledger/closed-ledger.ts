import type { LedgerFaultCode } from '@trame/protocol/heartbeat';
import { FIRST_PREV } from '@trame/protocol/ledger-event';
import type { AppendOutcome, CursorStore, Ledger, LedgerHead, LedgerHealth } from '../ports/ledger.ts';

/** Stands in for a ledger that cannot be used: it knows nothing, stores nothing, and says why. */
export class ClosedLedger implements Ledger, CursorStore {
  /** Its epoch is empty: there is none. */
  readonly head: LedgerHead = { epoch: '', seq: 0, hash: FIRST_PREV };
  readonly health: LedgerHealth;
  readonly #reason: string;

  constructor(reason: string, code: LedgerFaultCode = 'closed') {
    this.#reason = reason;
    this.health = { state: 'closed', code, reason, unstored: 0 };
  }

  mark(): null {
    return null;
  }

  find(): null {
    return null;
  }

  payloadUnder(): null {
    return null;
  }

  append(): Promise<AppendOutcome> {
    return Promise.resolve({ kind: 'not-stored', code: 'closed', reason: this.#reason });
  }

  read(): readonly [] {
    return [];
  }

  hashOf(): null {
    return null;
  }

  loadCursor(): null {
    return null;
  }

  saveCursor(): void {
    throw new Error(this.#reason);
  }

  close(): void {
    // Nothing is open.
  }
}
