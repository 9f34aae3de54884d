/** When nobody knows what a line did: its edge was away, or the line did not say. */
import type { Records } from '../records/open-records.ts';
import { joined, type Interval } from '../calendar/intervals.ts';
import type { StateSaid } from './stop-fold.ts';

/** An edge says every two seconds that it lives; after so long without it is away, ms. */
const SILENT_AFTER_MS = 15_000;
/** An edge that was away for longer is looked for no further back. */
const AWAY_MAX_MS = 400 * 86_400_000;

export interface LineAlive {
  readonly line: string;
  /** When its edge was heard last. */
  readonly at: number;
}

/** @returns time between the last sign of life of an edge and its next start, and since the last sign of all. */
export async function silentTime(
  records: Records,
  {
    site,
    line,
    period,
    nowMs,
  }: { readonly site: string; readonly line: string; readonly period: Interval; readonly nowMs: number },
  alive: readonly LineAlive[],
): Promise<Interval[]> {
  const starts = await records
    .selectFrom('restarts')
    .select(['startedAt', 'lastAliveAt'])
    .where('site', '=', site)
    .where('line', '=', line)
    .where('startedAt', '>=', period.from)
    .where('startedAt', '<', nowMs + AWAY_MAX_MS)
    .where('lastAliveAt', '<', period.to)
    .execute();
  const away = starts.flatMap(({ startedAt, lastAliveAt }) =>
    startedAt === null || lastAliveAt === null ? [] : [{ from: lastAliveAt, to: startedAt }],
  );
  const heardAt = alive.find((one) => one.line === line)?.at ?? (await storedAt(records, site, line));
  if (heardAt !== null && nowMs - heardAt > SILENT_AFTER_MS) away.push({ from: heardAt, to: nowMs });
  return joined(away);
}

async function storedAt(records: Records, site: string, line: string): Promise<number | null> {
  const row = await records
    .selectFrom('ledger_cursors')
    .select('storedAt')
    .where('site', '=', site)
    .where('line', '=', line)
    .executeTakeFirst();
  return row?.storedAt ?? null;
}

/** @param states in order. @returns time in which the line did not say its state. */
export function unsaidTime(states: readonly StateSaid[], { from, to }: Interval): Interval[] {
  const [first] = states;
  const unsaid: Interval[] = first === undefined ? [{ from, to }] : [{ from, to: Math.min(to, first.at) }];
  for (const [n, { at, state }] of states.entries()) {
    if (state === 'unknown') unsaid.push({ from: at, to: states[n + 1]?.at ?? to });
  }
  return joined(unsaid);
}
