/** `GET /api/v1/partners`: collectors, clients, subcontractors, transporters. */
import { Problem } from '@trame/protocol/dashboard-api';
import { page, PartnerRow } from '@trame/protocol/material/material-answers';
import { PARTNER_ROLES } from '@trame/protocol/material/material-names';
import { literals } from '@trame/protocol/schema';
import { Type } from 'typebox';
import { LIMIT_DEFAULT, PAGE_QUERY, pageOf, placeOf } from '../http/keyset.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { MATERIAL_READERS, siteOf, type MaterialReadOptions } from '../material/material-reads.ts';
import { partnersOf } from './partner-repository.ts';

export function addPartnerRoutes(app: TypedApp, options: MaterialReadOptions): void {
  app.get(
    '/partners',
    {
      config: { access: MATERIAL_READERS },
      schema: {
        operationId: 'listPartners',
        summary: 'Partners, in the order of their names for machines',
        description: 'Retired ones too: what they brought or took is still told by them.',
        tags: ['partners'],
        querystring: Type.Object(
          { ...PAGE_QUERY, role: Type.Optional(literals(PARTNER_ROLES)) },
          { additionalProperties: false },
        ),
        response: { 200: page(PartnerRow), '4xx': Problem, '5xx': Problem },
      },
    },
    async ({ query }, reply) => {
      const { limit = LIMIT_DEFAULT, role = null } = query;
      const after = placeOf(query.cursor);
      const rows = await partnersOf(options.records, {
        site: await siteOf(options),
        role,
        afterId: after?.id ?? null,
        limit: limit + 1,
      });
      reply.header('cache-control', 'no-store');
      return pageOf(rows, limit, ({ id }) => ({ at: 0, id }));
    },
  );
}
