/** `GET /api/v1/stock/counts`: what was counted, beside what the book had, latest first. */
import { Problem } from '@trame/protocol/dashboard-api';
import { page, StockCountRow } from '@trame/protocol/material/material-answers';
import type { StockCounted } from '@trame/protocol/material/output-events';
import { Type } from 'typebox';
import { LIMIT_DEFAULT, PAGE_QUERY, pageOf, placeOf, type Place } from '../http/keyset.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { MATERIAL_READERS, siteOf, type MaterialReadOptions } from '../material/material-reads.ts';
import type { Records } from '../records/open-records.ts';

export function addCountRoutes(app: TypedApp, options: MaterialReadOptions): void {
  app.get(
    '/stock/counts',
    {
      config: { access: MATERIAL_READERS },
      schema: {
        operationId: 'listStockCounts',
        summary: 'Counts of the stock with their signed differences, latest first',
        description:
          'A difference is what was counted less what the book had then. What was named one by one went missing or was ' +
          'found (`missing`, `found`); a mere count changed nothing in the book, so its difference stands here only. A ' +
          'count that was withheld or erased is left out.',
        tags: ['stock'],
        querystring: Type.Object(
          { ...PAGE_QUERY, zone: Type.Optional(Type.String({ minLength: 1, maxLength: 140 })) },
          { additionalProperties: false },
        ),
        response: { 200: page(StockCountRow), '4xx': Problem, '5xx': Problem },
      },
    },
    async ({ query }, reply) => {
      const { limit = LIMIT_DEFAULT, zone = null } = query;
      const site = await siteOf(options);
      const events = await countsOf(options.records, site, zone, placeOf(query.cursor), limit + 1);
      const { rows, next } = pageOf(events, limit, ({ at, event }) => ({ at, id: event }));
      reply.header('cache-control', 'no-store');
      return { rows: rows.flatMap(rowsOf), next };
    },
  );
}

interface CountedEvent {
  readonly event: string;
  readonly at: number;
  readonly recordedAt: number;
  /** Null: it was withheld or erased. */
  readonly payload: string | null;
}

async function countsOf(
  records: Records,
  site: string,
  zone: string | null,
  after: Place | null,
  limit: number,
): Promise<CountedEvent[]> {
  let select = records
    .selectFrom('journal')
    // Left, so that the few counts are looked up in the ledger, and not the ledger in the counts.
    .leftJoin('ledger_events', (join) =>
      join
        .onRef('ledger_events.id', '=', 'journal.event')
        .onRef('ledger_events.site', '=', 'journal.site')
        .onRef('ledger_events.line', '=', 'journal.line')
        .onRef('ledger_events.epoch', '=', 'journal.epoch'),
    )
    .select(['journal.event', 'journal.at', 'journal.recordedAt', 'ledger_events.payload'])
    .where('journal.site', '=', site)
    .where('journal.type', '=', 'stock.counted');
  // It is also about each bale that it names: of the rows of one count, that of its zone.
  select =
    zone === null
      ? select.where('journal.about', '>', 'zone:').where('journal.about', '<', 'zone;')
      : select.where('journal.about', '=', `zone:${zone}`);
  if (after !== null) {
    const { at, id } = after;
    select = select.where((where) =>
      where.or([
        where('journal.at', '<', at),
        where.and([where('journal.at', '=', at), where('journal.event', '<', id)]),
      ]),
    );
  }
  return await select.orderBy('journal.at', 'desc').orderBy('journal.event', 'desc').limit(limit).execute();
}

function rowsOf({ event: id, payload, ...row }: CountedEvent): StockCountRow[] {
  if (payload === null) return [];
  // The ledger's contract let it in.
  const { moves: _moves, missing, found, ...said } = JSON.parse(payload) as StockCounted;
  const differenceCount = said.countedCount - said.bookedCount;
  return [{ id, ...row, ...said, differenceCount, missing: missing.length, found: found.length }];
}
