/** `GET /api/v1/documents?about=`: photos and documents of a thing. */
import { Problem } from '@trame/protocol/dashboard-api';
import { DocumentRow, page } from '@trame/protocol/material/material-answers';
import type { Attachment } from '@trame/protocol/material/move';
import { Type } from 'typebox';
import { LIMIT_DEFAULT, PAGE_QUERY, pageOf, placeOf, type Place } from '../http/keyset.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { MATERIAL_READERS, siteOf, type MaterialReadOptions } from '../material/material-reads.ts';
import type { Records } from '../records/open-records.ts';

export function addDocumentListRoutes(app: TypedApp, options: MaterialReadOptions): void {
  app.get(
    '/documents',
    {
      config: { access: MATERIAL_READERS },
      schema: {
        operationId: 'listDocuments',
        summary: 'Photos and documents, latest first',
        description:
          '`about` is an account (`lot:L118`, `output:B42`) or `shipment:E4`; without it, all of them.',
        tags: ['documents'],
        querystring: Type.Object(
          { ...PAGE_QUERY, about: Type.Optional(Type.String({ minLength: 1, maxLength: 140 })) },
          { additionalProperties: false },
        ),
        response: { 200: page(DocumentRow), '4xx': Problem, '5xx': Problem },
      },
    },
    async ({ query }, reply) => {
      const { limit = LIMIT_DEFAULT, about = null } = query;
      const after = placeOf(query.cursor);
      const rows = await documentsOf(options.records, await siteOf(options), about, after, limit + 1);
      reply.header('cache-control', 'no-store');
      return pageOf(rows, limit, ({ at, event, sha256 }) => ({ at, id: `${event} ${sha256}` }));
    },
  );
}

async function documentsOf(
  records: Records,
  site: string,
  about: string | null,
  after: Place | null,
  limit: number,
): Promise<DocumentRow[]> {
  let select = records
    .selectFrom('documents')
    .select(['sha256', 'about', 'event', 'at', 'name', 'media', 'bytes', 'kind'])
    .where('site', '=', site);
  if (about !== null) select = select.where('about', '=', about);
  if (after !== null) {
    const { at, id } = after;
    const [event = '', sha256 = ''] = id.split(' ');
    select = select.where((where) =>
      where.or([
        where('at', '<', at),
        where.and([where('at', '=', at), where('event', '<', event)]),
        where.and([where('at', '=', at), where('event', '=', event), where('sha256', '<', sha256)]),
      ]),
    );
  }
  const rows = await select
    .orderBy('at', 'desc')
    .orderBy('event', 'desc')
    .orderBy('sha256', 'desc')
    .limit(limit)
    .execute();
  // The ledger's contract let them in: their kind is one of its words.
  return rows.map((row) => ({
    ...row,
    id: `${row.event}.${row.sha256}`,
    kind: row.kind as Attachment['kind'],
  }));
}
