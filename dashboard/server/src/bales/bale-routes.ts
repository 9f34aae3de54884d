/** `GET /api/v1/bales`: every output, be it bale, sack, crate, skip or loose. */
import { Problem } from '@trame/protocol/dashboard-api';
import { BaleAnswer, BaleRow, page } from '@trame/protocol/material/material-answers';
import { OUTPUT_STATUSES } from '@trame/protocol/material/material-names';
import { literals } from '@trame/protocol/schema';
import { ID_PATTERN } from '@trame/protocol/topics';
import { Type } from 'typebox';
import { LIMIT_DEFAULT, PAGE_QUERY, pageOf, placeOf } from '../http/keyset.ts';
import { RequestProblem } from '../http/problem.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { journalOf } from '../material/journal-repository.ts';
import { MATERIAL_READERS, siteOf, type MaterialReadOptions } from '../material/material-reads.ts';
import { PERIOD_QUERY, periodOf } from '../material/query-period.ts';
import { baleRow, balesOf, contentOf, findBale, outputAccount } from './bale-repository.ts';

const Id = Type.String({ pattern: ID_PATTERN });
const BALE_NUMBER_MAX = 999_999_999;

export function addBaleRoutes(app: TypedApp, options: MaterialReadOptions): void {
  const { records, dayOf } = options;
  app.get(
    '/bales',
    {
      config: { access: MATERIAL_READERS },
      schema: {
        operationId: 'listBales',
        summary: 'Outputs (bales, sacks, crates, skips, loose), latest first',
        description:
          '`from` and `to` are about when they were started, `to` excluded. `code` is an SSCC or the code of a ' +
          'pre-printed label, `number` the short number that people say.',
        tags: ['bales'],
        querystring: Type.Object(
          {
            ...PAGE_QUERY,
            ...PERIOD_QUERY,
            status: Type.Optional(literals(OUTPUT_STATUSES)),
            outlet: Type.Optional(Id),
            zone: Type.Optional(Id),
            press: Type.Optional(Id),
            number: Type.Optional(Type.Integer({ minimum: 1, maximum: BALE_NUMBER_MAX })),
            code: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
          },
          { additionalProperties: false },
        ),
        response: { 200: page(BaleRow), '4xx': Problem, '5xx': Problem },
      },
    },
    async ({ query }, reply) => {
      const { limit = LIMIT_DEFAULT } = query;
      const rows = await balesOf(records, {
        site: await siteOf(options),
        ...periodOf(query, dayOf),
        status: query.status ?? null,
        outlet: query.outlet ?? null,
        zone: query.zone ?? null,
        press: query.press ?? null,
        number: query.number ?? null,
        code: query.code ?? null,
        after: placeOf(query.cursor),
        limit: limit + 1,
      });
      reply.header('cache-control', 'no-store');
      return pageOf(rows, limit, ({ startedAt, id }) => ({ at: startedAt, id }));
    },
  );

  app.get(
    '/bales/:bale',
    {
      config: { access: MATERIAL_READERS },
      schema: {
        operationId: 'readBale',
        summary: 'An output: what is in it by source lot, and its journal',
        description: 'By its id, its short number, or the code of its label.',
        tags: ['bales'],
        params: Type.Object({ bale: Type.String({ minLength: 1, maxLength: 64 }) }),
        response: { 200: BaleAnswer, '4xx': Problem, '5xx': Problem },
      },
    },
    async ({ params }, reply): Promise<BaleAnswer> => {
      const site = await siteOf(options);
      const found = await findBale(records, site, params.bale);
      if (found === undefined) {
        throw new RequestProblem('not-found', { detail: `There is no output ${params.bale}` });
      }
      const about = outputAccount(found);
      reply.header('cache-control', 'no-store');
      return {
        bale: baleRow(found),
        content: await contentOf(records, site, about),
        journal: await journalOf(records, site, about),
      };
    },
  );
}
