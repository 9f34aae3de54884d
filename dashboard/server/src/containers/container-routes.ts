/** `GET /api/v1/containers`: cages, trolleys, pallets, with their tare and what is in them. */
import { Problem } from '@trame/protocol/dashboard-api';
import { account } from '@trame/protocol/material/accounts';
import { ContainerAnswer, ContainerRow, page } from '@trame/protocol/material/material-answers';
import { ID_PATTERN } from '@trame/protocol/topics';
import { Type } from 'typebox';
import { contentOf } from '../bales/bale-repository.ts';
import { LIMIT_DEFAULT, PAGE_QUERY, pageOf, placeOf } from '../http/keyset.ts';
import { RequestProblem } from '../http/problem.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { journalOf } from '../material/journal-repository.ts';
import { MaterialBook } from '../material/material-book.ts';
import { MATERIAL_READERS, siteOf, type MaterialReadOptions } from '../material/material-reads.ts';
import { containerRows, containersOf } from './container-repository.ts';

const Id = Type.String({ pattern: ID_PATTERN });

export function addContainerRoutes(app: TypedApp, options: MaterialReadOptions): void {
  const { records } = options;
  app.get(
    '/containers',
    {
      config: { access: MATERIAL_READERS },
      schema: {
        operationId: 'listContainers',
        summary: 'Containers, in the order of their names',
        tags: ['containers'],
        querystring: Type.Object(
          { ...PAGE_QUERY, zone: Type.Optional(Id), filled: Type.Optional(Type.Boolean()) },
          { additionalProperties: false },
        ),
        response: { 200: page(ContainerRow), '4xx': Problem, '5xx': Problem },
      },
    },
    async ({ query }, reply) => {
      const { limit = LIMIT_DEFAULT } = query;
      const rows = await containersOf(records, {
        site: await siteOf(options),
        zone: query.zone ?? null,
        filled: query.filled ?? null,
        afterId: placeOf(query.cursor)?.id ?? null,
        limit: limit + 1,
      });
      reply.header('cache-control', 'no-store');
      return pageOf(rows, limit, ({ id }) => ({ at: 0, id }));
    },
  );

  app.get(
    '/containers/:container',
    {
      config: { access: MATERIAL_READERS },
      schema: {
        operationId: 'readContainer',
        summary: 'A container: what is in it by source lot, and its journal',
        tags: ['containers'],
        params: Type.Object({ container: Id }),
        response: { 200: ContainerAnswer, '4xx': Problem, '5xx': Problem },
      },
    },
    async ({ params }, reply): Promise<ContainerAnswer> => {
      const site = await siteOf(options);
      const found = await new MaterialBook(records, site).container(params.container);
      const [container] = found === undefined ? [] : await containerRows(records, site, [found]);
      if (container === undefined) {
        throw new RequestProblem('not-found', { detail: `There is no container ${params.container}` });
      }
      const about = account('container', container.id);
      reply.header('cache-control', 'no-store');
      return {
        container,
        content: await contentOf(records, site, about),
        journal: await journalOf(records, site, about),
      };
    },
  );
}
