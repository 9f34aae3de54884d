/** The last heartbeat of each edge: what it says of itself, and when that came. */
import type { Heartbeat } from '@trame/protocol/heartbeat';
import type { LineAddress } from './judge-event.ts';
import { LEDGER_LINES_MAX } from './limits.ts';

export interface HeardHeartbeat extends LineAddress {
  readonly said: Heartbeat;
  /** Server's clock, ms since 1970 UTC. */
  readonly receivedAtMs: number;
}

/** Past {@link LEDGER_LINES_MAX} edges the one that was silent longest is forgotten. */
export class HeartbeatBoard {
  /** In the order of their last heartbeats. */
  readonly #heard = new Map<string, HeardHeartbeat>();

  note(heard: HeardHeartbeat): void {
    const key = `${heard.site}/${heard.line}`;
    this.#heard.delete(key);
    this.#heard.set(key, heard);
    if (this.#heard.size <= LEDGER_LINES_MAX) return;
    const [oldest] = this.#heard.keys();
    if (oldest !== undefined) this.#heard.delete(oldest);
  }

  of({ site, line }: LineAddress): HeardHeartbeat | null {
    return this.#heard.get(`${site}/${line}`) ?? null;
  }

  all(): readonly HeardHeartbeat[] {
    return [...this.#heard.values()];
  }
}
