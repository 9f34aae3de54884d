/** `GET /api/v1/bales/{id}/ancestry`, `GET /api/v1/lots/{id}/descendants`. */
import { Problem } from '@trame/protocol/dashboard-api';
import { account } from '@trame/protocol/material/accounts';
import { GraphAnswer } from '@trame/protocol/material/material-answers';
import { ID_PATTERN } from '@trame/protocol/topics';
import { Type } from 'typebox';
import { findBale, outputAccount } from '../bales/bale-repository.ts';
import { RequestProblem } from '../http/problem.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { lotOf } from '../lots/lot-repository.ts';
import { MATERIAL_READERS, siteOf, type MaterialReadOptions } from '../material/material-reads.ts';

const GRAPH =
  'Nodes are accounts (`lot:…`, `output:…`, `collector:…`, `client:…`), edges lead from where material came from to ' +
  'where it went and carry grams. Places where material mixes (containers, bins, the line, a subcontractor) are passed ' +
  'through: what was taken out of them takes of every lot that was in them in proportion.';

export function addGenealogyRoutes(app: TypedApp, options: MaterialReadOptions): void {
  const { records, heavy } = options;
  app.get(
    '/bales/:bale/ancestry',
    {
      config: { access: MATERIAL_READERS },
      schema: {
        operationId: 'readBaleAncestry',
        summary: 'Where the kilograms of an output came from',
        description: `${GRAPH} What a client sent back has an edge to the client and one from it.`,
        tags: ['genealogy'],
        params: Type.Object({ bale: Type.String({ minLength: 1, maxLength: 64 }) }),
        response: { 200: GraphAnswer, '4xx': Problem, '5xx': Problem },
      },
    },
    async ({ params }, reply): Promise<GraphAnswer> => {
      const site = await siteOf(options);
      const found = await findBale(records, site, params.bale);
      if (found === undefined) {
        throw new RequestProblem('not-found', { detail: `There is no output ${params.bale}` });
      }
      reply.header('cache-control', 'no-store');
      return heavy.ask('ancestryOf', { site, root: outputAccount(found) });
    },
  );

  app.get(
    '/lots/:lot/descendants',
    {
      config: { access: MATERIAL_READERS },
      schema: {
        operationId: 'readLotDescendants',
        summary: 'Where the kilograms of a lot are, and went',
        description: `${GRAPH} Where some of it lies now is told too, be it a bin or the line.`,
        tags: ['genealogy'],
        params: Type.Object({ lot: Type.String({ pattern: ID_PATTERN }) }),
        response: { 200: GraphAnswer, '4xx': Problem, '5xx': Problem },
      },
    },
    async ({ params }, reply): Promise<GraphAnswer> => {
      const site = await siteOf(options);
      const found = await lotOf(records, site, params.lot);
      if (found === undefined)
        throw new RequestProblem('not-found', { detail: `There is no lot ${params.lot}` });
      reply.header('cache-control', 'no-store');
      return heavy.ask('descendantsOf', { site, root: account('lot', found.lot) });
    },
  );
}
