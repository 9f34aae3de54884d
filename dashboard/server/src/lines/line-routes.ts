/** `GET /api/v1/lines`: what every line looks like now. */
import { Problem, type Role } from '@trame/protocol/dashboard-api';
import { LiveLine } from '@trame/protocol/live-state';
import { Type, type Static } from 'typebox';
import { roles } from '../access/guard.ts';
import { RequestProblem } from '../http/problem.ts';
import type { TypedApp } from '../http/typed-app.ts';
import type { LivePicture } from '../live/picture.ts';

const LineRow = Type.Object({
  id: Type.String(),
  site: Type.String(),
  line: Type.String(),
  state: Type.Union([Type.Literal('online'), Type.Literal('offline')]),
  /** ms since 1970 UTC. */
  since: Type.Integer(),
  lastMessageAt: Type.Union([Type.Integer(), Type.Null()]),
});
type LineRow = Static<typeof LineRow>;

const LIMIT_MAX = 500;
const LIMIT_DEFAULT = 100;

export function addLineRoutes(app: TypedApp, picture: LivePicture): void {
  app.get(
    '/lines',
    {
      config: { access: roles('operator', 'supervisor', 'region', 'trainee', 'administrator') },
      schema: {
        operationId: 'listLines',
        summary: 'Lines, in the order of their names',
        tags: ['lines'],
        querystring: Type.Object(
          {
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: LIMIT_MAX })),
            cursor: Type.Optional(Type.String({ maxLength: 128 })),
          },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object({
            rows: Type.Array(LineRow),
            /** Cursor of the next page; null on the last. */
            next: Type.Union([Type.String(), Type.Null()]),
          }),
          '4xx': Problem,
        },
      },
    },
    (request) => {
      const { limit = LIMIT_DEFAULT, cursor = '' } = request.query;
      const rows = linesSeenBy(picture, request.session?.role ?? null).filter(({ id }) => id > cursor);
      const page = rows.slice(0, limit);
      return { rows: page, next: rows.length > page.length ? (page.at(-1)?.id ?? null) : null };
    },
  );

  app.get(
    '/lines/:line',
    {
      config: { access: roles('operator', 'supervisor', 'administrator') },
      schema: {
        operationId: 'readLine',
        summary: 'One line with every tag: value, quality and times',
        tags: ['lines'],
        params: Type.Object({ line: Type.String({ maxLength: 128 }) }),
        response: { 200: LiveLine, '4xx': Problem },
      },
    },
    (request, reply) => {
      const line = Object.hasOwn(picture.state.lines, request.params.line)
        ? picture.line(request.params.line)
        : null;
      if (line === null) throw new RequestProblem('unknown-line');
      reply.header('cache-control', 'no-store');
      return line;
    },
  );
}

/** Trainees see training lines only, and there are none among the real ones. */
function linesSeenBy(picture: LivePicture, role: Role | null): LineRow[] {
  if (role === null || role === 'trainee') return [];
  return Object.values(picture.state.lines)
    .map(({ id, site, line, state, since, lastMessageAt }) => ({
      id,
      site,
      line,
      state,
      since,
      lastMessageAt,
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
