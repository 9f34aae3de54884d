/** Reads from the records what EPCIS is told: a page of events about material, with what each of them moved. */
import { account } from '@trame/protocol/material/accounts';
import type { MaterialEvent } from '@trame/protocol/material/material-payloads';
import { isMaterialType } from '@trame/protocol/material/material-payloads';
import { happenedAtMs } from '@trame/protocol/ledger-event';
import { knownEvent } from '@trame/protocol/ledger-payloads';
import type { LineAddress } from '../ledger/judge-event.ts';
import type { LedgerEventTable } from '../ledger/ledger-tables.ts';
import { eventOfRow } from '../ledger/event-row.ts';
import type { Records } from '../records/open-records.ts';
import { TOLD_TYPES } from './epcis-event.ts';
import type { BookedMove, ToldEvent } from './epcis-parts.ts';

export interface ToldPage {
  readonly told: readonly ToldEvent[];
  /** Labels of the outputs that the page names. */
  readonly codes: ReadonlyMap<string, string>;
  /** Place of the last event that was looked at; null: there is nothing after this page. */
  readonly next: number | null;
}

export interface ToldQuery {
  /** Place of the last event of the page before; 0: from the beginning. */
  readonly after: number;
  readonly limit: number;
  /** ms since 1970 UTC of when it happened by the edge's clock; `to` excluded. */
  readonly fromMs: number;
  readonly toMs: number;
}

export async function toldEvents(
  records: Records,
  { site, line }: LineAddress,
  { after, limit, fromMs, toMs }: ToldQuery,
): Promise<ToldPage> {
  const places = await placesOf(records, { site, line }, fromMs, toMs);
  if (places === null) return { told: [], codes: new Map(), next: null };
  const rows = await records
    .selectFrom('ledger_events')
    .selectAll()
    .where('site', '=', site)
    .where('line', '=', line)
    .where('place', '>', Math.max(after, places.first - 1))
    .where('place', '<=', places.last)
    .where('type', 'in', TOLD_TYPES)
    .where('payload', 'is not', null)
    .where('occurredAt', '>=', fromMs)
    .where('occurredAt', '<', toMs)
    .orderBy('place')
    .limit(limit + 1)
    .execute();
  const page = rows.slice(0, limit);
  const wrong = await wrongBy(records, site, page);
  const corrected = await rowsOf(records, { site, line }, [...wrong.values()].flat());
  const all = [...page, ...corrected.values()];
  const moves = await movesOf(
    records,
    site,
    all.map(({ id }) => id),
  );
  const outputs = await outputsOf(records, site, outputsNamed(all));
  // What was corrected is told as it was, not with what it corrected itself.
  const tell = (row: LedgerEventTable, isCorrected = false): ToldEvent | null => {
    const said = saidBy(row);
    if (said === null) return null;
    const before = (wrong.get(row.id) ?? []).flatMap((id) => corrected.get(id) ?? []);
    const output = 'output' in said.payload ? said.payload.output : null;
    return {
      id: row.id,
      said,
      at: happenedAtMs(eventOfRow(row)),
      recordedAt: row.recordedAt,
      moves: moves.get(row.id) ?? [],
      outlet: output === null ? null : (outputs.get(output)?.outlet ?? null),
      corrected: isCorrected ? [] : before.map((one) => tell(one, true)).filter((one) => one !== null),
    };
  };
  const codes = [...outputs].flatMap(([id, { code }]) => (code === null ? [] : [[id, code] as const]));
  return {
    told: page.map((row) => tell(row)).filter((told) => told !== null),
    codes: new Map(codes),
    next: rows.length > limit ? (page.at(-1)?.place ?? null) : null,
  };
}

/**
 * Where in the ledger the events of a period lie, whatever they say: so that what was recorded before and after it is
 * not looked through.
 * @returns null: there are none.
 */
async function placesOf(
  records: Records,
  { site, line }: LineAddress,
  fromMs: number,
  toMs: number,
): Promise<{ readonly first: number; readonly last: number } | null> {
  if (fromMs <= 0 && toMs === Number.MAX_SAFE_INTEGER) return { first: 0, last: Number.MAX_SAFE_INTEGER };
  const row = await records
    .selectFrom('ledger_events')
    .select((of) => [of.fn.min('place').as('first'), of.fn.max('place').as('last')])
    .where('site', '=', site)
    .where('line', '=', line)
    .where('occurredAt', '>=', fromMs)
    .where('occurredAt', '<', toMs)
    .executeTakeFirst();
  return row === undefined || row.first === null ? null : { first: row.first, last: row.last };
}

function saidBy(row: LedgerEventTable): MaterialEvent | null {
  const said = knownEvent(eventOfRow(row));
  return said !== null && isMaterialType(said.type) ? (said as MaterialEvent) : null;
}

/** @returns for each event those that it says were wrong: what it corrects, and all weights of a voided output. */
async function wrongBy(
  records: Records,
  site: string,
  rows: readonly LedgerEventTable[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const wrong = new Map<string, string[]>();
  const voided = new Map<string, string>();
  for (const row of rows) {
    const said = saidBy(row);
    if (said === null) continue;
    if (said.type === 'output.voided') voided.set(account('output', said.payload.output), row.id);
    else if ('corrects' in said.payload && said.payload.corrects !== null) {
      wrong.set(row.id, [said.payload.corrects]);
    }
  }
  for (const part of parts([...voided.keys()])) {
    const weights = await records
      .selectFrom('journal')
      .select(['about', 'event'])
      .where('site', '=', site)
      .where('type', '=', 'output.weighed')
      .where('about', 'in', part)
      .orderBy('at')
      .orderBy('event')
      .execute();
    for (const { about, event } of weights) {
      const by = voided.get(about) ?? '';
      wrong.set(by, [...(wrong.get(by) ?? []), event]);
    }
  }
  return wrong;
}

function outputsNamed(rows: readonly LedgerEventTable[]): string[] {
  return rows.flatMap((row) => {
    const payload = saidBy(row)?.payload;
    if (payload === undefined) return [];
    const several = 'outputs' in payload && Array.isArray(payload.outputs) ? payload.outputs : [];
    const refused = 'refused' in payload ? payload.refused : [];
    const moved = 'moves' in payload ? payload.moves.map(({ from }) => from) : [];
    const left = moved
      .filter((from) => from.startsWith('output:'))
      .map((from) => from.slice('output:'.length));
    const one = 'output' in payload ? [payload.output] : [];
    const into = 'into' in payload && typeof payload.into === 'string' ? [payload.into] : [];
    return [...one, ...several, ...refused, ...left, ...into];
  });
}

/** Texts in one query. */
const PART = 400;

function parts(texts: readonly string[]): string[][] {
  const unique = [...new Set(texts)];
  return Array.from({ length: Math.ceil(unique.length / PART) }, (_, index) =>
    unique.slice(index * PART, (index + 1) * PART),
  );
}

async function rowsOf(
  records: Records,
  { site, line }: LineAddress,
  ids: readonly string[],
): Promise<ReadonlyMap<string, LedgerEventTable>> {
  const found = new Map<string, LedgerEventTable>();
  for (const part of parts(ids)) {
    const rows = await records
      .selectFrom('ledger_events')
      .selectAll()
      .where('site', '=', site)
      .where('line', '=', line)
      .where('id', 'in', part)
      .where('payload', 'is not', null)
      .execute();
    for (const row of rows) found.set(row.id, row);
  }
  return found;
}

async function movesOf(
  records: Records,
  site: string,
  events: readonly string[],
): Promise<ReadonlyMap<string, BookedMove[]>> {
  const moves = new Map<string, BookedMove[]>();
  for (const part of parts(events)) {
    const rows = await records
      .selectFrom('postings')
      .select(['event', 'fromAccount', 'toAccount', 'lot', 'grams'])
      .where('site', '=', site)
      .where('event', 'in', part)
      .orderBy('event')
      .orderBy('n')
      .execute();
    for (const { event, ...move } of rows) moves.set(event, [...(moves.get(event) ?? []), move]);
  }
  return moves;
}

async function outputsOf(
  records: Records,
  site: string,
  outputs: readonly string[],
): Promise<ReadonlyMap<string, { readonly outlet: string; readonly code: string | null }>> {
  const found = new Map<string, { outlet: string; code: string | null }>();
  for (const part of parts(outputs)) {
    const rows = await records
      .selectFrom('outputs')
      .select(['output', 'outlet', 'code'])
      .where('site', '=', site)
      .where('output', 'in', part)
      .execute();
    for (const { output, outlet, code } of rows) found.set(output, { outlet, code });
  }
  return found;
}
