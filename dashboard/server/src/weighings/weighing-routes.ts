/** `GET /api/v1/weighings`: what the scales weighed, refused, and weighed unseen. */
import { Problem, WeighingsAnswer } from '@trame/protocol/dashboard-api';
import { ID_PATTERN } from '@trame/protocol/topics';
import { Type } from 'typebox';
import { roles } from '../access/guard.ts';
import { timeOfQuery } from '../history/query-time.ts';
import { invalidRequest } from '../http/problem.ts';
import type { TypedApp } from '../http/typed-app.ts';
import type { Clock } from '../ports/clock.ts';
import type { Records } from '../records/open-records.ts';
import { weighings, type WeighingPlace } from './weighing-repository.ts';

const LIMIT_MAX = 500;
const LIMIT_DEFAULT = 100;
/** What nothing claimed for longer is looked for by whoever names a time. */
const UNCLAIMED_MS = 7 * 86_400_000;

const Time = Type.String({ maxLength: 40, description: 'ISO 8601 or ms since 1970 UTC' });

export function addWeighingRoutes(app: TypedApp, records: Records, clock: Clock): void {
  app.get(
    '/weighings',
    {
      config: { access: roles('operator', 'supervisor', 'administrator') },
      schema: {
        operationId: 'listWeighings',
        summary: 'Weighings of the scales, latest first',
        description:
          'A copy with the number of the alibi memory, which is the legal record. `refused` rows are loads that ' +
          'do not count, `missed` rows are weighings that nobody read, with their sum. A number is one weighing: ' +
          'told again with the same weight it adds no row, with another one it is a row that says which weighing ' +
          'it `contradicts`. `unclaimed=true`: weighings that no lot and no output claims, of the last 7 days unless `from` says otherwise; `false`: those that one does.',
        tags: ['weighings'],
        querystring: Type.Object(
          {
            line: Type.Optional(Type.String({ pattern: ID_PATTERN })),
            scale: Type.Optional(Type.String({ pattern: ID_PATTERN })),
            unclaimed: Type.Optional(Type.Boolean()),
            from: Type.Optional(Time),
            to: Type.Optional(Time),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: LIMIT_MAX })),
            cursor: Type.Optional(Type.String({ maxLength: 64 })),
          },
          { additionalProperties: false },
        ),
        response: { 200: WeighingsAnswer, '4xx': Problem, '5xx': Problem },
      },
    },
    async (request, reply): Promise<WeighingsAnswer> => {
      const { query } = request;
      const { limit = LIMIT_DEFAULT } = query;
      const rows = await weighings(records, {
        line: query.line ?? null,
        scale: query.scale ?? null,
        unclaimed: query.unclaimed ?? null,
        fromMs:
          timeOfQuery('/query/from', query.from) ??
          (query.unclaimed === true ? clock.nowMs() - UNCLAIMED_MS : null),
        toMs: timeOfQuery('/query/to', query.to) ?? null,
        after: query.cursor === undefined ? null : placeOf(query.cursor),
        limit: limit + 1,
      });
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      reply.header('cache-control', 'no-store');
      return { rows: page, next: rows.length > limit && last !== undefined ? `${last.at}.${last.id}` : null };
    },
  );
}

function placeOf(cursor: string): WeighingPlace {
  const found = /^(?<at>\d{1,16})\.(?<id>[0-9a-f]{32})$/u.exec(cursor)?.groups;
  if (found === undefined) throw invalidRequest('/query/cursor', 'expected the «next» of an earlier answer');
  return { at: Number(found['at']), id: found['id'] ?? '' };
}
