/** Who asked what of which line and what came of it, as this server noted it and as the ledgers tell. */
import { PROGRAMME_ACTIVATE } from '@trame/protocol/classification/item-requests';
import { MATERIAL_RECORD } from '@trame/protocol/material/material-record';
import type { CommandRow } from '@trame/protocol/control/control-answers';
import { sql } from 'kysely';
import type { Place } from '../http/keyset.ts';
import type { Records } from '../records/open-records.ts';
import type { CommandTable } from '../records/tables.ts';
import { commandOf } from './command-repository.ts';
import { rowOfCommand, rowOfLedger } from './command-state.ts';
import type { LineCommandTable } from './command-tables.ts';

export interface AuditQuery {
  readonly line: string;
  /** Null: of every site that has a line of this name. */
  readonly site: string | null;
  readonly after: Place | null;
  readonly limit: number;
}

/** @returns one request; undefined: nobody knows it. */
export async function commandById(
  records: Records,
  id: string,
  nowMs: number,
): Promise<CommandRow | undefined> {
  const row = await records.selectFrom('commands').selectAll().where('id', '=', id).executeTakeFirst();
  const told = await toldOf(records, [id]);
  if (row !== undefined) return rowOfCommand(row, matching(row, told), nowMs);
  const [first] = told;
  return first === undefined ? undefined : rowOfLedger(first);
}

/** @returns what somebody asked under a key of theirs; undefined: nothing. */
export async function commandByKey(
  records: Records,
  { actorRef, key }: { readonly actorRef: string | null; readonly key: string },
  nowMs: number,
): Promise<CommandRow | undefined> {
  if (actorRef === null) return undefined;
  const row = await commandOf(records, actorRef, key);
  return row === undefined
    ? undefined
    : rowOfCommand(row, matching(row, await toldOf(records, [row.id])), nowMs);
}

/** @returns requests to a line, newest first, without acts about material and approved programmes: those stand in the journal. */
export async function commandsOf(records: Records, query: AuditQuery, nowMs: number): Promise<CommandRow[]> {
  const asked = await askedHere(records, query);
  const told = await toldOf(
    records,
    asked.map(({ id }) => id),
  );
  const rows = [
    ...asked.map((row) => rowOfCommand(row, matching(row, told), nowMs)),
    ...(await askedElsewhere(records, query, fromOf(asked, query))).map(rowOfLedger),
  ];
  return rows.sort(latestFirst).slice(0, query.limit);
}

/** @returns before when nothing has a place on the page any more, by what was asked here alone; null: not known by that. */
function fromOf(asked: readonly CommandTable[], { limit }: AuditQuery): number | null {
  const last = asked.at(-1);
  return last === undefined || asked.length < limit ? null : last.at;
}

function latestFirst(one: CommandRow, other: CommandRow): number {
  if (one.at !== other.at) return other.at - one.at;
  return one.id < other.id ? 1 : -1;
}

function matching(row: CommandTable, told: readonly LineCommandTable[]): LineCommandTable | null {
  const { id, site, line } = row;
  return told.find((one) => one.request === id && one.site === site && one.line === line) ?? null;
}

async function toldOf(records: Records, ids: readonly string[]): Promise<LineCommandTable[]> {
  if (ids.length === 0) return [];
  return records.selectFrom('line_commands').selectAll().where('request', 'in', ids).execute();
}

function askedHere(records: Records, { line, site, after, limit }: AuditQuery): Promise<CommandTable[]> {
  let select = records
    .selectFrom('commands')
    .selectAll()
    .where('line', '=', line)
    // Written out, not bound: only so is the index of the others used.
    .where(sql<boolean>`command <> ${sql.lit(MATERIAL_RECORD)}`)
    // A whole programme each: who asked for it and who agreed stands in the journal.
    .where('command', '<>', PROGRAMME_ACTIVATE);
  if (site !== null) select = select.where('site', '=', site);
  if (after !== null) {
    const { at, id } = after;
    select = select
      .where('at', '<=', at)
      .where((where) => where.or([where('at', '<', at), where('id', '<', id)]));
  }
  return select.orderBy('at', 'desc').orderBy('id', 'desc').limit(limit).execute();
}

function askedElsewhere(
  records: Records,
  { line, site, after, limit }: AuditQuery,
  from: number | null,
): Promise<LineCommandTable[]> {
  let select = records
    .selectFrom('line_commands')
    .selectAll()
    .where('line', '=', line)
    .where((where) =>
      where.not(
        where.exists(
          where
            .selectFrom('commands')
            .select('commands.id')
            .whereRef('commands.id', '=', 'line_commands.request')
            .whereRef('commands.site', '=', 'line_commands.site')
            .whereRef('commands.line', '=', 'line_commands.line'),
        ),
      ),
    );
  // Nearly all of a line were asked here: without it, each of them would be looked at to find none.
  if (from !== null) select = select.where('at', '>=', from);
  if (site !== null) select = select.where('site', '=', site);
  if (after !== null) {
    const { at, id } = after;
    select = select
      .where('at', '<=', at)
      .where((where) => where.or([where('at', '<', at), where('request', '<', id)]));
  }
  return select.orderBy('at', 'desc').orderBy('request', 'desc').limit(limit).execute();
}
