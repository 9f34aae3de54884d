/** What of a line's ledger has not arrived here, and for how long this page has been seeing that. */
import { HEARTBEAT_STALE_MS } from '@trame/protocol/heartbeat-age';
import type { HealthOverview, LineHealth } from '@trame/protocol/health-api';
import type { Heartbeat } from '@trame/protocol/heartbeat';

/** Events under way for less than this are no news: they are written, sent and stored within a few seconds. */
export const UNDER_WAY_MS = 15_000;

/** The last word of an edge. `old`: it says nothing of the present. */
export type EdgeWord =
  | { readonly kind: 'none' }
  | { readonly kind: 'fresh' | 'old'; readonly at: number; readonly said: Heartbeat };

/** `nowMs` is server time, as all stamps. */
export function edgeWord(line: LineHealth, nowMs: number): EdgeWord {
  if (line.heartbeat === null) return { kind: 'none' };
  const { receivedAt, said } = line.heartbeat;
  return { kind: nowMs - receivedAt > HEARTBEAT_STALE_MS ? 'old' : 'fresh', at: receivedAt, said };
}

/** @returns how many events the edge had recorded and the server had not stored; null when the edge never spoke. */
export function waitingEvents(line: LineHealth): number | null {
  if (line.heartbeat === null) return null;
  const { epoch, head } = line.heartbeat.said.ledger;
  // Of another epoch nothing is stored yet.
  return epoch === line.stored.epoch ? Math.max(0, head - line.stored.upTo) : head;
}

/** Since when this page sees a line's events wait behind one and the same stored event. */
export interface Wait {
  readonly epoch: string | null;
  readonly upTo: number;
  /** Server time, ms since 1970 UTC. */
  readonly sinceMs: number;
}

/** By {@link lineKey}; lines of which nothing waits are not in it. */
export type Waits = ReadonlyMap<string, Wait>;

/** @returns what tells a line from all others: lines of two sites may have one name. */
export function lineKey({ site, line }: Pick<LineHealth, 'site' | 'line'>): string {
  return `${site}/${line}`;
}

/** @returns the waits after one more look. A wait goes on as long as nothing more is stored. */
export function nextWaits(waits: Waits, overview: HealthOverview): Waits {
  const next = new Map<string, Wait>();
  for (const line of overview.lines) {
    if ((waitingEvents(line) ?? 0) === 0) continue;
    const { epoch, upTo } = line.stored;
    const before = waits.get(lineKey(line));
    const same = before !== undefined && before.epoch === epoch && before.upTo === upTo;
    next.set(lineKey(line), same ? before : { epoch, upTo, sinceMs: overview.at });
  }
  return next;
}
