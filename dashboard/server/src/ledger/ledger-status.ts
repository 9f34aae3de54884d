/** How the ledgers of all lines stand, for the page «Santé». */
import type { HistoryGap } from '@trame/protocol/dashboard-api';
import type { LedgerRefusal, LineHealth } from '@trame/protocol/health-api';
import type { GapReason } from '@trame/protocol/ledger-names';
import type { Records } from '../records/open-records.ts';
import type { HeartbeatBoard } from './heartbeat-board.ts';
import type { LineAddress } from './judge-event.ts';
import type { LedgerRefusalTable, TelemetryGapTable } from './ledger-tables.ts';
import { ledgerRefusals } from './refusal-repository.ts';
import { REFUSALS_PER_LINE_MAX } from './limits.ts';
import { latestUncounted } from './uncounted.ts';

const GAPS_SHOWN_MAX = 20;

export interface LedgerStatusSources {
  readonly records: Records;
  readonly board: HeartbeatBoard;
  /** Whether an earlier event of this line is awaited. */
  readonly isWaiting: (address: LineAddress) => boolean;
}

/** @returns every line that has a ledger here, was refused, or says how it is; by site and name. */
export async function ledgerStatus(sources: LedgerStatusSources): Promise<LineHealth[]> {
  const { records, board, isWaiting } = sources;
  const cursors = await records.selectFrom('ledger_cursors').selectAll().execute();
  const refusals = await ledgerRefusals(records);
  const addresses = distinct([...cursors, ...refusals, ...board.all()]);
  const lines: LineHealth[] = [];
  for (const address of addresses) {
    const { site, line } = address;
    const isHere = (row: LineAddress) => row.site === site && row.line === line;
    const cursor = cursors.find(isHere);
    const refused = refusals.filter(isHere).slice(0, REFUSALS_PER_LINE_MAX);
    const heard = board.of(address);
    lines.push({
      id: line,
      site,
      line,
      heartbeat: heard === null ? null : { receivedAt: heard.receivedAtMs, said: heard.said },
      stored: {
        epoch: cursor?.epoch ?? null,
        upTo: cursor?.upTo ?? 0,
        hash: cursor?.hash ?? null,
        at: cursor?.storedAt ?? null,
      },
      chain: chainOf(refused, isWaiting(address), cursor !== undefined),
      refusals: refused.map(shown),
      gaps: await latestGaps(records, address),
      uncounted: await latestUncounted(records, address),
    });
  }
  return lines;
}

function chainOf(
  refusals: readonly LedgerRefusalTable[],
  isWaiting: boolean,
  hasEvents: boolean,
): LineHealth['chain'] {
  if (refusals.some(({ blocking }) => blocking === 1)) return 'refused';
  if (isWaiting) return 'waiting';
  return hasEvents ? 'intact' : 'empty';
}

function shown(row: LedgerRefusalTable): LedgerRefusal {
  const { code, epoch, seq, detail, count, firstAt, lastAt, blocking } = row;
  return {
    id: `${code}.${epoch}.${seq}`,
    code,
    epoch: epoch === '' ? null : epoch,
    seq: seq === 0 ? null : seq,
    detail,
    count,
    firstAt,
    lastAt,
    blocking: blocking === 1,
  };
}

function distinct(rows: readonly LineAddress[]): readonly LineAddress[] {
  const found = new Map(rows.map(({ site, line }) => [`${site}/${line}`, { site, line }]));
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, address]) => address);
}

async function latestGaps(records: Records, { site, line }: LineAddress): Promise<HistoryGap[]> {
  const rows = await records
    .selectFrom('telemetry_gaps')
    .selectAll()
    .where('site', '=', site)
    .where('line', '=', line)
    .orderBy('toAt', 'desc')
    .orderBy('id')
    .limit(GAPS_SHOWN_MAX)
    .execute();
  return rows.map(gapOf);
}

/** A page of a chart has no room for more. */
export const GAPS_OF_PERIOD_MAX = 500;

export interface GapsOfPeriod {
  /** Oldest first. */
  readonly gaps: readonly HistoryGap[];
  /** Whether there are more, which ended earlier. */
  readonly truncated: boolean;
}

/** @returns losses of a line that touch the period. Times are ms since 1970 UTC; `toMs` excluded. */
export async function gapsBetween(
  records: Records,
  { site, line }: LineAddress,
  fromMs: number,
  toMs: number,
): Promise<GapsOfPeriod> {
  const rows = await records
    .selectFrom('telemetry_gaps')
    .selectAll()
    .where('site', '=', site)
    .where('line', '=', line)
    .where('toAt', '>=', fromMs)
    .where('fromAt', '<', toMs)
    .orderBy('toAt', 'desc')
    .orderBy('id')
    .limit(GAPS_OF_PERIOD_MAX + 1)
    .execute();
  const gaps = rows.slice(0, GAPS_OF_PERIOD_MAX).map(gapOf);
  return { gaps: gaps.sort((a, b) => a.from - b.from), truncated: rows.length > GAPS_OF_PERIOD_MAX };
}

function gapOf({ fromAt, toAt, samples, reason }: TelemetryGapTable): HistoryGap {
  return { from: fromAt, to: toAt, samples, reason: reason as GapReason };
}
