/** `GET /api/v1/notes`: what people wrote, latest first. */
import { Problem } from '@trame/protocol/dashboard-api';
import { NoteRow, page } from '@trame/protocol/material/material-answers';
import { Type } from 'typebox';
import { LIMIT_DEFAULT, PAGE_QUERY, pageOf, placeOf, type Place } from '../http/keyset.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { MATERIAL_READERS, siteOf, type MaterialReadOptions } from '../material/material-reads.ts';
import type { Records } from '../records/open-records.ts';

export function addNoteListRoutes(app: TypedApp, options: MaterialReadOptions): void {
  app.get(
    '/notes',
    {
      config: { access: MATERIAL_READERS },
      schema: {
        operationId: 'listNotes',
        summary: 'Notes, latest first',
        description:
          '`about` is an account (`lot:L118`, `line:tri-1`) or `shipment:E4`; a note about nothing else is about its line. ' +
          'A note that was withheld or erased has an empty text.',
        tags: ['material'],
        querystring: Type.Object(
          { ...PAGE_QUERY, about: Type.Optional(Type.String({ minLength: 1, maxLength: 140 })) },
          { additionalProperties: false },
        ),
        response: { 200: page(NoteRow), '4xx': Problem, '5xx': Problem },
      },
    },
    async ({ query }, reply) => {
      const { limit = LIMIT_DEFAULT, about = null } = query;
      const site = await siteOf(options);
      const rows = await notesOf(options.records, site, about, placeOf(query.cursor), limit + 1);
      reply.header('cache-control', 'no-store');
      return pageOf(rows, limit, ({ at, id }) => ({ at, id }));
    },
  );
}

async function notesOf(
  records: Records,
  site: string,
  about: string | null,
  after: Place | null,
  limit: number,
): Promise<NoteRow[]> {
  let select = records
    .selectFrom('journal')
    .leftJoin('ledger_events', (join) =>
      join
        .onRef('ledger_events.id', '=', 'journal.event')
        .onRef('ledger_events.site', '=', 'journal.site')
        .onRef('ledger_events.line', '=', 'journal.line')
        .onRef('ledger_events.epoch', '=', 'journal.epoch'),
    )
    .select(['journal.event', 'journal.about', 'journal.at', 'journal.recordedAt', 'ledger_events.payload'])
    .where('journal.site', '=', site)
    .where('journal.type', '=', 'note.written');
  if (about !== null) select = select.where('journal.about', '=', about);
  if (after !== null) {
    const { at, id } = after;
    select = select.where((where) =>
      where.or([
        where('journal.at', '<', at),
        where.and([where('journal.at', '=', at), where('journal.event', '<', id)]),
      ]),
    );
  }
  const rows = await select
    .orderBy('journal.at', 'desc')
    .orderBy('journal.event', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ event, payload, ...row }) => ({ id: event, ...row, text: textOf(payload) }));
}

function textOf(payload: string | null): string {
  if (payload === null) return '';
  const { text } = JSON.parse(payload) as { readonly text?: unknown };
  return typeof text === 'string' ? text : '';
}
