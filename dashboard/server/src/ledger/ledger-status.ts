/** How the ledgers of all lines stand, for the page «Santé». */
import type { HistoryGap } from '@trame/protocol/dashboard-api';
import type { LedgerRefusal, LineHealth, Strangers } from '@trame/protocol/health-api';
import type { GapReason } from '@trame/protocol/ledger-names';
import type { Records } from '../records/open-records.ts';
import type { HeartbeatBoard } from './heartbeat-board.ts';
import type { LineAddress } from './judge-event.ts';
import type { LedgerCursorTable, LedgerRefusalTable, TelemetryGapTable } from './ledger-tables.ts';
import { isOfOtherLedger, ledgerRefusals } from './refusal-repository.ts';
import { heldLines } from './line-sites.ts';
import { latestUncounted } from './uncounted.ts';
import { CONTESTED_MS, REFUSALS_PER_LINE_MAX, STRANGERS_KEPT_MS, STRANGERS_SHOWN_MAX } from './limits.ts';

export const GAPS_SHOWN_MAX = 20;

export interface LedgerStatusSources {
  readonly records: Records;
  readonly board: HeartbeatBoard;
  /** Whether an earlier event of this line is awaited. */
  readonly isWaiting: (address: LineAddress) => boolean;
  /** Server's clock, ms since 1970 UTC. */
  readonly nowMs: number;
}

export interface LedgerStatuses {
  /** Every line that has a ledger here, was born here, or says how it is; by site and name. */
  readonly lines: readonly LineHealth[];
  readonly strangers: Strangers;
}

export async function ledgerStatus(sources: LedgerStatusSources): Promise<LedgerStatuses> {
  const { records, board, nowMs } = sources;
  const all = await records.selectFrom('ledger_cursors').selectAll().execute();
  const cursors = new Map(all.map((row) => [keyOf(row), row]));
  const born = await records.selectFrom('lines').select(['site', 'line']).execute();
  const held = await heldLines(records);
  const addresses = distinct([
    ...held.filter((address) => cursors.has(keyOf(address))),
    ...born.filter((address) => cursors.has(keyOf(address))),
    ...board.all(),
  ]);
  const shown = new Set([...addresses, ...born].map(keyOf));
  const refusals = Map.groupBy(await ledgerRefusals(records), keyOf);
  const lines: LineHealth[] = [];
  for (const address of distinct([...addresses, ...born.filter((one) => refusals.has(keyOf(one)))])) {
    const key = keyOf(address);
    lines.push(await lineOf(sources, address, cursors.get(key), refusals.get(key) ?? []));
  }
  const others = [...refusals].flatMap(([key, rows]) => (shown.has(key) ? [] : rows));
  return {
    lines,
    strangers: strangersOf(others.filter(({ lastAt }) => lastAt >= nowMs - STRANGERS_KEPT_MS)),
  };
}

async function lineOf(
  { records, board, isWaiting, nowMs }: LedgerStatusSources,
  address: LineAddress,
  cursor: LedgerCursorTable | undefined,
  rows: readonly LedgerRefusalTable[],
): Promise<LineHealth> {
  const { site, line } = address;
  const heard = board.of(address);
  const refusals = rows
    .map((row) => shown(row, cursor))
    .sort((a, b) => Number(b.blocking) - Number(a.blocking) || b.lastAt - a.lastAt)
    .slice(0, REFUSALS_PER_LINE_MAX);
  const chain = isContested(rows, cursor, nowMs)
    ? 'contested'
    : chainOf(refusals, isWaiting(address), cursor !== undefined);
  return {
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
    chain,
    refusals,
    gaps: await latestGaps(records, address),
    uncounted: await latestUncounted(records, address),
  };
}

function strangersOf(rows: readonly LedgerRefusalTable[]): Strangers {
  const latest = rows.toSorted((a, b) => b.lastAt - a.lastAt).slice(0, STRANGERS_SHOWN_MAX);
  return {
    count: rows.reduce((sum, { count }) => sum + count, 0),
    rows: latest.map(({ site, line, code, detail, count, lastAt }) => ({
      site,
      line,
      code,
      detail,
      count,
      lastAt,
    })),
  };
}

function chainOf(
  refusals: readonly LedgerRefusal[],
  isWaiting: boolean,
  hasEvents: boolean,
): LineHealth['chain'] {
  if (refusals.some(({ blocking }) => blocking)) return 'refused';
  if (isWaiting) return 'waiting';
  return hasEvents ? 'intact' : 'empty';
}

/** Whether the line went on while this was refused: then somebody else speaks in its name. */
function goesOnBeside(row: LedgerRefusalTable, cursor: LedgerCursorTable | undefined): boolean {
  const storedAt = cursor?.storedAt ?? null;
  if (storedAt === null || !isOfOtherLedger(row.code)) return false;
  return storedAt > row.firstAt && storedAt >= row.lastAt - CONTESTED_MS;
}

function isContested(
  rows: readonly LedgerRefusalTable[],
  cursor: LedgerCursorTable | undefined,
  nowMs: number,
): boolean {
  return rows.some(
    (row) =>
      row.lastAt >= nowMs - CONTESTED_MS &&
      goesOnBeside(row, cursor) &&
      (row.code === 'fork') === (row.epoch === cursor?.epoch),
  );
}

function shown(row: LedgerRefusalTable, cursor: LedgerCursorTable | undefined): LedgerRefusal {
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
    blocking: blocking === 1 && !goesOnBeside(row, cursor),
  };
}

function keyOf({ site, line }: LineAddress): string {
  return `${site}/${line}`;
}

function distinct(rows: readonly LineAddress[]): readonly LineAddress[] {
  const found = new Map(rows.map(({ site, line }) => [keyOf({ site, line }), { site, line }]));
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
