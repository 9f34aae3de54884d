/** What the page «Santé» shows: the ledgers of all lines, and the server that they arrive in. */
import type { HistoryGap } from '@trame/protocol/dashboard-api';
import type { HealthOverview, LineHealth, ServerHealth } from '@trame/protocol/health-api';
import { lastBackup } from '../backup/backup-repository.ts';
import type { ServerConfig } from '../config/server-config.ts';
import { joinGaps } from '../history/join-gaps.ts';
import type { HistoryStats } from '../history/history-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Records } from '../records/open-records.ts';
import { GAPS_SHOWN_MAX, type LedgerStatuses } from '../ledger/ledger-status.ts';
import { recordsEngineName } from '../records/records-config.ts';
import { VERSION } from '../version.ts';

/** Less than this, and somebody should make room: some days of history of one line. */
export const DISK_LOW_BYTES = 1024 ** 3;

export interface KnownLine {
  readonly site: string;
  readonly line: string;
}

export interface HealthSources {
  readonly config: Pick<ServerConfig, 'records' | 'history'>;
  readonly records: Records;
  readonly clock: Clock;
  readonly ledgers: () => Promise<LedgerStatuses>;
  /** Whether ledgers cannot be written now. */
  readonly recordsAway: () => boolean;
  /** Lines that are shown, whether they have a ledger or not. */
  readonly lines: () => readonly KnownLine[];
  readonly history: () => HistoryStats;
  /** Losses of the history itself of a line, latest first. */
  readonly gaps: (line: KnownLine, limit: number) => readonly HistoryGap[];
  /** Bytes left where the server keeps its data; null when the machine does not say. */
  readonly freeBytes: () => Promise<number | null>;
}

export async function healthOverview(sources: HealthSources): Promise<HealthOverview> {
  const [ledgers, server] = await Promise.all([sources.ledgers(), serverHealth(sources)]);
  const lines = allLines(ledgers.lines, sources.lines()).map((line) => withOwnLosses(line, sources.gaps));
  return { at: sources.clock.nowMs(), lines, strangers: ledgers.strangers, server };
}

/** A line whose edge keeps no ledger yet is there all the same: an absence must be seen. */
function allLines(known: readonly LineHealth[], lines: readonly KnownLine[]): LineHealth[] {
  const others = lines
    .filter(({ site, line }) => !known.some((one) => one.site === site && one.line === line))
    .map(withoutLedger);
  return [...known, ...others].sort((a, b) => compare(a.site, b.site) || compare(a.line, b.line));
}

/** Latest first, as the ledger's own. */
function withOwnLosses(line: LineHealth, own: HealthSources['gaps']): LineHealth {
  const told = { gaps: line.gaps, truncated: false };
  const { gaps } = joinGaps(told, own(line, GAPS_SHOWN_MAX), GAPS_SHOWN_MAX);
  return { ...line, gaps: gaps.toSorted((a, b) => b.to - a.to) };
}

function withoutLedger({ site, line }: KnownLine): LineHealth {
  const stored = { epoch: null, upTo: 0, hash: null, at: null };
  return {
    id: line,
    site,
    line,
    heartbeat: null,
    stored,
    chain: 'empty',
    refusals: [],
    gaps: [],
    uncounted: [],
  };
}

async function serverHealth(sources: HealthSources): Promise<ServerHealth> {
  const { config, records, recordsAway, history, freeBytes } = sources;
  const [free, backup] = await Promise.all([freeBytes(), lastBackup(records)]);
  const { healthy, buffered, overflowed, refused } = history();
  return {
    disk: { freeBytes: free, state: diskState(free) },
    records: { engine: recordsEngineName(config.records), away: recordsAway() },
    history: {
      engine: config.history.kind === 'influx' ? 'influx' : 'sqlite',
      healthy,
      buffered,
      overflowed,
      refused,
    },
    lastBackup: backup,
    version: VERSION,
  };
}

function diskState(freeBytes: number | null): ServerHealth['disk']['state'] {
  if (freeBytes === null) return 'unknown';
  return freeBytes < DISK_LOW_BYTES ? 'low' : 'ok';
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
