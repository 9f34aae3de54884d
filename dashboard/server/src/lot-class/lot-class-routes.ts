/** `GET /api/v1/lots/{id}/class`: what outlets to expect of a lot. */
import { LotClass } from '@trame/protocol/classification/classification-answers';
import { Problem } from '@trame/protocol/dashboard-api';
import { ID_PATTERN } from '@trame/protocol/topics';
import { Type } from 'typebox';
import { roles } from '../access/guard.ts';
import { RequestProblem } from '../http/problem.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { siteOf, type MaterialReadOptions } from '../material/material-reads.ts';
import {
  BAG_GRAMS,
  CLASS_OUTLETS_MAX,
  CLASS_SHARE,
  ENOUGH_GRAMS,
  ENOUGH_SHARE,
  LIKE_LOTS_MIN,
} from './expect-outlets.ts';

export function addLotClassRoutes(app: TypedApp, options: MaterialReadOptions): void {
  app.get(
    '/lots/:lot/class',
    {
      config: { access: roles('operator', 'supervisor', 'region', 'administrator') },
      schema: {
        operationId: 'readLotClass',
        summary: 'What outlets to expect of a lot, and how much of each is still to come',
        description:
          `From the lot itself (\`own\`) once ${100 * ENOUGH_SHARE} % or ${ENOUGH_GRAMS / 1000} kg of it were sorted: the ` +
          `interval is that of bags of ${BAG_GRAMS / 1000} kg (assumed), for what is left of it. Before that from at least ` +
          `${LIKE_LOTS_MIN} lots of the last twelve months of the same collector, state (original or skimmed) and family ` +
          '(`like`), else from all lots of the site (`site`): the interval is that of a next lot, which differs as they did. ' +
          `Lots are called by the outlets that make up ${100 * CLASS_SHARE} % of them, at most ${CLASS_OUTLETS_MAX}. ` +
          '`receivedGrams` is without what went back or dried away; `forecastGrams` add up to what of it is not sorted, ' +
          'whatever the basis, unless it is `unknown`. Several lots on a line at once are taken for mixed.',
        tags: ['lots'],
        params: Type.Object({ lot: Type.String({ pattern: ID_PATTERN }) }),
        response: { 200: LotClass, '4xx': Problem, '5xx': Problem },
      },
    },
    async ({ params }, reply): Promise<LotClass> => {
      const { clock, heavy } = options;
      const asked = { site: await siteOf(options), lot: params.lot, nowMs: clock.nowMs() };
      const found = await heavy.ask('lotClassOf', asked);
      if (found === null) throw new RequestProblem('not-found', { detail: `There is no lot ${params.lot}` });
      reply.header('cache-control', 'no-store');
      return found;
    },
  );
}
