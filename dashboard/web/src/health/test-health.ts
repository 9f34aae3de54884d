/** Overviews for this folder's tests. */
import type { HealthOverview, LedgerRefusal, LineHealth } from '@trame/protocol/health-api';
import type { SortingHealth } from '@trame/protocol/heartbeat-sorting';
import type { Heartbeat, HeartbeatConsumer } from '@trame/protocol/heartbeat';
import type { RefusalCode } from '@trame/protocol/ledger-names';

export const NOW = Date.parse('2026-11-22T13:02:11Z');
export const EPOCH = '0'.repeat(31) + '1';
const HASH = 'a'.repeat(64);

export function consumer(change: Partial<HeartbeatConsumer> = {}): HeartbeatConsumer {
  return { consumer: 'site', state: 'following', upTo: 1234, waiting: 0, reason: null, ...change };
}

export interface Said {
  readonly at?: number;
  readonly ledger?: Partial<Heartbeat['ledger']>;
  readonly spool?: Partial<NonNullable<Heartbeat['spool']>> | null;
  readonly disk?: Partial<Heartbeat['disk']>;
  readonly clock?: Partial<Heartbeat['clock']>;
  readonly sorting?: Partial<SortingHealth>;
}

const SORTING: SortingHealth = {
  model: { id: 'nirscan', sha256: 'c'.repeat(64) },
  modelFault: null,
  programme: { id: 'atelier', version: 4, hash: 'd'.repeat(64) },
  programmeFault: null,
  fallback: 'manuel',
  sorted: 1200,
  toFallback: 31,
  late: 2,
  unwritten: 1,
  missed: 0,
  items: { state: 'ok', reason: null, dropped: 0 },
};

/** What an edge says on which all is well, with these differences. */
export function heartbeat(said: Said = {}): Heartbeat {
  const spool = {
    state: 'ok' as const,
    reason: null,
    samples: 0,
    bytes: 0,
    maxBytes: 512_000_000,
    oldestAt: null,
    dropped: 0,
  };
  return {
    v: 1,
    boot: '0123456789abcdef',
    tick: 12,
    at: said.at ?? NOW - 1000,
    version: '0.1.0',
    ledger: {
      state: 'ok',
      code: null,
      reason: null,
      epoch: EPOCH,
      head: 1234,
      hash: HASH,
      unstored: 0,
      lost: 0,
      consumers: [consumer()],
      ...said.ledger,
    },
    spool: said.spool === null ? null : { ...spool, ...said.spool },
    disk: { state: 'ok', freeBytes: 34_000_000_000, reserveBytes: 256_000_000, ...said.disk },
    clock: { state: 'checked', offsetMs: 120, ...said.clock },
    ...(said.sorting === undefined ? {} : { sorting: { ...SORTING, ...said.sorting } }),
  };
}

export function refusal(code: RefusalCode, change: Partial<LedgerRefusal> = {}): LedgerRefusal {
  return {
    id: code,
    code,
    epoch: 'f'.repeat(32),
    seq: 1235,
    detail: 'expected something else',
    count: 3,
    firstAt: NOW - 180_000,
    lastAt: NOW - 2000,
    blocking: true,
    ...change,
  };
}

/** A line of which all has arrived, with these differences. */
export function lineHealth(change: Partial<LineHealth> = {}, said: Said = {}): LineHealth {
  return {
    id: 'tri-1',
    site: 'caux-vallee-de-seine',
    line: 'tri-1',
    heartbeat: { receivedAt: NOW - 1000, said: heartbeat(said) },
    stored: { epoch: EPOCH, upTo: 1234, hash: HASH, at: NOW - 3000 },
    chain: 'intact',
    refusals: [],
    gaps: [],
    uncounted: [],
    ...change,
  };
}

export function overview(
  lines: readonly LineHealth[] = [lineHealth()],
  server: Partial<HealthOverview['server']> = {},
): HealthOverview {
  return {
    at: NOW,
    lines: [...lines],
    strangers: { count: 0, rows: [] },
    server: {
      disk: { freeBytes: 120_000_000_000, state: 'ok' },
      records: { engine: 'sqlite', away: false },
      history: { engine: 'sqlite', healthy: true, buffered: 0, overflowed: 0, refused: 0 },
      lastBackup: { at: NOW - 3_600_000, bytes: 12_000_000 },
      version: '0.1.0',
      ...server,
    },
  };
}
