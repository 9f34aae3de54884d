/** `GET /api/v1/shifts`, `GET /api/v1/campaigns`. */
import { Problem } from '@trame/protocol/dashboard-api';
import { CampaignRow, page, ShiftRow } from '@trame/protocol/material/material-answers';
import { ID_PATTERN } from '@trame/protocol/topics';
import { Type } from 'typebox';
import { PAGE_QUERY, pageOf, placeOf } from '../http/keyset.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { MATERIAL_READERS, siteOf, type MaterialReadOptions } from '../material/material-reads.ts';
import { campaignsOf, shiftsOf, type WorkQuery } from './shift-repository.ts';

/** Each row looks through the weighings of its hours. */
const LIMIT_DEFAULT = 20;

const WORK_QUERY = Type.Object(
  {
    ...PAGE_QUERY,
    line: Type.Optional(Type.String({ pattern: ID_PATTERN })),
    open: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);

const SHIFT_QUERY = Type.Object(
  { ...WORK_QUERY.properties, shift: Type.Optional(Type.String({ pattern: ID_PATTERN })) },
  { additionalProperties: false },
);

interface Asked {
  readonly limit?: number;
  readonly cursor?: string;
  readonly line?: string;
  readonly open?: boolean;
}

export function addShiftRoutes(app: TypedApp, options: MaterialReadOptions): void {
  const { records, clock } = options;
  const workQuery = async ({ limit = LIMIT_DEFAULT, ...query }: Asked): Promise<WorkQuery> => ({
    site: await siteOf(options),
    line: query.line ?? null,
    open: query.open ?? null,
    after: placeOf(query.cursor),
    limit: limit + 1,
  });
  app.get(
    '/shifts',
    {
      config: { access: MATERIAL_READERS },
      schema: {
        operationId: 'listShifts',
        summary: 'Shifts, latest first, with the weighings that nothing claims',
        description:
          'Head counts per post are counts only; null: not known. `shift`: that one alone, however old.',
        tags: ['shifts'],
        querystring: SHIFT_QUERY,
        response: { 200: page(ShiftRow), '4xx': Problem, '5xx': Problem },
      },
    },
    async ({ query }, reply) => {
      const asked = { ...(await workQuery(query)), shift: query.shift ?? null };
      const rows = await shiftsOf(records, asked, clock.nowMs());
      reply.header('cache-control', 'no-store');
      return pageOf(rows, asked.limit - 1, ({ openedAt, id }) => ({ at: openedAt, id }));
    },
  );

  app.get(
    '/campaigns',
    {
      config: { access: MATERIAL_READERS },
      schema: {
        operationId: 'listCampaigns',
        summary: 'Campaigns, latest first',
        tags: ['shifts'],
        querystring: WORK_QUERY,
        response: { 200: page(CampaignRow), '4xx': Problem, '5xx': Problem },
      },
    },
    async ({ query }, reply) => {
      const asked = await workQuery(query);
      const rows = await campaignsOf(records, asked);
      reply.header('cache-control', 'no-store');
      return pageOf(rows, asked.limit - 1, ({ openedAt, id }) => ({ at: openedAt, id }));
    },
  );
}
