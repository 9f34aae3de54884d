/** What happens on a line and around it: the infeed, teams, audits, power cuts, the scales' log book. */
import { canonicalJson } from '@trame/protocol/canonical-json';
import { account } from '@trame/protocol/material/accounts';
import type { EdgeStarted } from '@trame/protocol/ledger-payloads';
import type {
  CampaignOpened,
  LineLoaded,
  LineUnloaded,
  OutletAudited,
  RestartAnswered,
  ShiftOpened,
} from '@trame/protocol/material/line-events';
import type { ShiftSigned, StopExplained } from '@trame/protocol/stops/stop-events';
import type { RestartTable } from '../material-tables.ts';
import { claim } from './claims.ts';
import type { Happened } from './happened.ts';
import { keyText, type MaterialRows } from './material-rows.ts';

export function lineLoaded(rows: MaterialRows, happened: Happened, said: LineLoaded): void {
  const { line, from, counted, weight } = said;
  claim(rows, happened, weight, account('line', line));
  if (counted !== 'by-infeed') return;
  for (const name of from) {
    if (rows.infeed.get(keyText(line, name)) !== null) continue;
    rows.infeed.put({ site: happened.site, line, account: name, since: happened.at });
  }
  clearInfeed(rows, line);
}

/** What is used up is at the infeed no more once something else is. */
export function clearInfeed(rows: MaterialRows, line: string): void {
  const there = rows.infeedOf(line).map((row) => ({ row, grams: rows.book.grams(row.account) }));
  if (there.every(({ grams }) => grams === 0)) return;
  for (const { row, grams } of there) if (grams === 0) rows.infeed.remove(keyText(line, row.account));
}

export function lineUnloaded(rows: MaterialRows, { line, from }: LineUnloaded): void {
  rows.infeed.remove(keyText(line, from));
}

export function outletAudited(rows: MaterialRows, happened: Happened, said: OutletAudited): void {
  const { site, id: event, at, day } = happened;
  const { line, outlet, sampledGrams, misplaced } = said;
  const misplacedGrams = misplaced.reduce((sum, { grams }) => sum + grams, 0);
  rows.audits.push({ site, event, at, day, line, outlet, sampledGrams, misplacedGrams });
  const belongs = new Map<string, number>();
  for (const one of misplaced) belongs.set(one.outlet, one.grams + (belongs.get(one.outlet) ?? 0));
  for (const [to, grams] of belongs) rows.auditMisplaced.push({ site, event, outlet: to, grams });
}

export function shiftOpened(
  rows: MaterialRows,
  { site, at }: Happened,
  { posts, ...said }: ShiftOpened,
): void {
  if (rows.shifts.get(said.shift) !== null) return;
  rows.shifts.put({ site, ...said, openedAt: at, closedAt: null, posts: canonicalJson(posts) });
}

/** One that this server never saw opened is only in the journal. */
export function shiftClosed(rows: MaterialRows, { at }: Happened, shift: string): void {
  const before = rows.shifts.get(shift);
  if (before !== null) rows.shifts.put({ ...before, closedAt: before.closedAt ?? at });
}

/** Said again, the last one counts. */
export function shiftSigned(
  rows: MaterialRows,
  { site, id: event, at, actorRef }: Happened,
  said: ShiftSigned,
): void {
  rows.shiftSignatures.put({ site, ...said, at, actorRef, event });
}

/** Said again, the last one counts. */
export function stopExplained(
  rows: MaterialRows,
  { site, id: event, at }: Happened,
  said: StopExplained,
): void {
  rows.stopCauses.put({ site, ...said, at, event });
}

export function campaignOpened(rows: MaterialRows, { site, at }: Happened, said: CampaignOpened): void {
  if (rows.campaigns.get(said.campaign) !== null) return;
  rows.campaigns.put({ site, ...said, openedAt: at, closedAt: null });
}

/** One that this server never saw opened is only in the journal. */
export function campaignClosed(rows: MaterialRows, { at }: Happened, campaign: string): void {
  const before = rows.campaigns.get(campaign);
  if (before !== null) rows.campaigns.put({ ...before, closedAt: before.closedAt ?? at });
}

export function monthClosed(rows: MaterialRows, { site, at, id: event }: Happened, month: string): void {
  if (rows.closedMonths.get(month) === null) rows.closedMonths.put({ site, month, at, event });
}

function restartOf(rows: MaterialRows, site: string, line: string, boot: string): RestartTable {
  const bare = { site, line, boot, startedAt: null, unclean: 0, lastAliveAt: null, answeredAt: null };
  return rows.restarts.get(keyText(line, boot)) ?? bare;
}

export function edgeStarted(rows: MaterialRows, { site, line, at }: Happened, said: EdgeStarted): void {
  const { boot, unclean, lastAliveAt } = said;
  const before = restartOf(rows, site, line, boot);
  rows.restarts.put({ ...before, startedAt: at, unclean: Number(unclean), lastAliveAt });
}

export function restartAnswered(rows: MaterialRows, { site, at }: Happened, said: RestartAnswered): void {
  const before = restartOf(rows, site, said.line, said.boot);
  rows.restarts.put({ ...before, answeredAt: before.answeredAt ?? at });
}

/** @param said an entry of the log book, `on` a local day. */
export function scaleLogged(
  rows: MaterialRows,
  { site, id: event, at }: Happened,
  said: {
    readonly scale: string;
    readonly entry: string;
    readonly on: string;
    readonly due: string | null;
    readonly text: string;
  },
): void {
  const { scale, entry, on: onDay, due, text } = said;
  rows.scaleLog.push({ site, event, at, scale, entry, onDay, due, text });
}
