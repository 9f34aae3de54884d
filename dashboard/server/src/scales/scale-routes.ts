/** `GET /api/v1/scales`: the log book of each scale. */
import { Problem } from '@trame/protocol/dashboard-api';
import { page, ScaleRow } from '@trame/protocol/material/material-answers';
import { Type } from 'typebox';
import { LIMIT_DEFAULT, PAGE_QUERY, pageOf, placeOf } from '../http/keyset.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { MATERIAL_READERS, type MaterialReadOptions } from '../material/material-reads.ts';
import { scalesOf } from './scale-repository.ts';

export function addScaleRoutes(app: TypedApp, options: MaterialReadOptions): void {
  const { records, clock, dayOf, reference } = options;
  app.get(
    '/scales',
    {
      config: { access: MATERIAL_READERS },
      schema: {
        operationId: 'listScales',
        summary: 'Scales with their log book, in the order of their names',
        description:
          'All but a `valid` scale is for internal use only. `inDoubt` of a refused scale: what it weighed from the ' +
          'day of its last good verification until the refusal.',
        tags: ['scales'],
        querystring: Type.Object(PAGE_QUERY, { additionalProperties: false }),
        response: { 200: page(ScaleRow), '4xx': Problem, '5xx': Problem },
      },
    },
    async ({ query }, reply) => {
      const { limit = LIMIT_DEFAULT } = query;
      const known = await reference();
      reply.header('cache-control', 'no-store');
      if (known === null) return { rows: [], next: null };
      const afterId = placeOf(query.cursor)?.id ?? null;
      const rows = await scalesOf(records, {
        reference: known,
        afterId,
        limit: limit + 1,
        nowMs: clock.nowMs(),
        dayOf,
      });
      return pageOf(rows, limit, ({ id }) => ({ at: 0, id }));
    },
  );
}
