/** `GET /api/v1/bales/proposals`: what presses gave out and nobody logged. */
import { BaleProposals } from '@trame/protocol/control/control-answers';
import { Problem } from '@trame/protocol/dashboard-api';
import { ID_PATTERN } from '@trame/protocol/topics';
import { Type } from 'typebox';
import type { TypedApp } from '../http/typed-app.ts';
import { MATERIAL_READERS, type MaterialReadOptions } from '../material/material-reads.ts';
import { openProposals } from './proposal-repository.ts';

export function addProposalRoutes(app: TypedApp, { records, reference, clock }: MaterialReadOptions): void {
  app.get(
    '/bales/proposals',
    {
      config: { access: MATERIAL_READERS },
      schema: {
        operationId: 'listBaleProposals',
        summary: 'Bales that a press gave out and nobody logged yet, the oldest first',
        description:
          'As the press tells; its cycle is never commanded. `POST /bales` with `proposal` logs one; an output of that press ' +
          'and outlet that names none closes all before it. After 12 h they end. `weighing` is the nearest that nothing claims.',
        tags: ['bales'],
        querystring: Type.Object(
          { press: Type.Optional(Type.String({ pattern: ID_PATTERN })) },
          { additionalProperties: false },
        ),
        response: { 200: BaleProposals, '4xx': Problem, '5xx': Problem },
      },
    },
    async ({ query }, reply): Promise<BaleProposals> => {
      const known = await reference();
      reply.header('cache-control', 'no-store');
      if (known === null) return { rows: [] };
      const asked = { site: known.site, press: query.press ?? null, nowMs: clock.nowMs() };
      return { rows: await openProposals(records, known, asked) };
    },
  );
}
