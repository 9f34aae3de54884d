/** Shifts and campaigns as pages show them. */
import type { CampaignRow, ShiftRow } from '@trame/protocol/material/material-answers';
import type { Place } from '../http/keyset.ts';
import type { ShiftTable } from '../material/material-tables.ts';
import { MaterialBook } from '../material/material-book.ts';
import type { Records } from '../records/open-records.ts';

export interface WorkQuery {
  readonly site: string;
  readonly line: string | null;
  readonly open: boolean | null;
  readonly after: Place | null;
  readonly limit: number;
}

export interface ShiftQuery extends WorkQuery {
  /** Null: any. */
  readonly shift: string | null;
}

/** Weighings of one shift that are told: somebody has to go through them one by one. */
const UNCLAIMED_MAX = 200;

/** @returns shifts, latest opened first, with what nothing claims of their weighings. */
export async function shiftsOf(records: Records, query: ShiftQuery, nowMs: number): Promise<ShiftRow[]> {
  const { site, line, open, shift, after, limit } = query;
  let select = records.selectFrom('shifts').selectAll().where('site', '=', site);
  if (shift !== null) select = select.where('shift', '=', shift);
  if (line !== null) select = select.where('line', '=', line);
  if (open !== null) select = select.where('closedAt', open ? 'is' : 'is not', null);
  if (after !== null) {
    const { at, id } = after;
    select = select
      .where('openedAt', '<=', at)
      .where((where) => where.or([where('openedAt', '<', at), where('shift', '<', id)]));
  }
  const rows = await select.orderBy('openedAt', 'desc').orderBy('shift', 'desc').limit(limit).execute();
  const shown: ShiftRow[] = [];
  for (const row of rows) shown.push(await shiftRow(records, site, row, nowMs));
  return shown;
}

async function shiftRow(records: Records, site: string, row: ShiftTable, nowMs: number): Promise<ShiftRow> {
  const found = await new MaterialBook(records, site).unclaimed(
    row.openedAt,
    row.closedAt ?? nowMs,
    UNCLAIMED_MAX,
  );
  return {
    id: row.shift,
    line: row.line,
    team: row.team,
    openedAt: row.openedAt,
    closedAt: row.closedAt,
    posts: JSON.parse(row.posts) as ShiftRow['posts'],
    unclaimed: found
      .filter(({ line }) => line === row.line)
      .map(({ id, at, scale, netGrams }) => ({ id, at, scale, netGrams: netGrams ?? 0 })),
  };
}

/** @returns campaigns, latest opened first. */
export async function campaignsOf(records: Records, query: WorkQuery): Promise<CampaignRow[]> {
  const { site, line, open, after, limit } = query;
  let select = records.selectFrom('campaigns').selectAll().where('site', '=', site);
  if (line !== null) select = select.where('line', '=', line);
  if (open !== null) select = select.where('closedAt', open ? 'is' : 'is not', null);
  if (after !== null) {
    const { at, id } = after;
    select = select.where((where) =>
      where.or([
        where('openedAt', '<', at),
        where.and([where('openedAt', '=', at), where('campaign', '<', id)]),
      ]),
    );
  }
  const rows = await select.orderBy('openedAt', 'desc').orderBy('campaign', 'desc').limit(limit).execute();
  return rows.map(({ campaign, line: of, name, openedAt, closedAt }) => ({
    id: campaign,
    line: of,
    name,
    openedAt,
    closedAt,
  }));
}
