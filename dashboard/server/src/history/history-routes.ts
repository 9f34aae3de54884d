/** `GET /api/v1/history`: one tag over time. */
import { HistoryAnswer, Problem } from '@trame/protocol/dashboard-api';
import { isId } from '@trame/protocol/topics';
import { Type } from 'typebox';
import { roles } from '../access/guard.ts';
import { invalidRequest, RequestProblem } from '../http/problem.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { isMetricName } from '../ingest/device-session.ts';
import type { GapsOfPeriod } from '../ledger/ledger-status.ts';
import type { LivePicture } from '../live/picture.ts';
import type { Clock } from '../ports/clock.ts';
import { everyForSpan, parseEvery } from './every.ts';
import type { HistoryStore, TagAddress } from './history-store.ts';
import { timeOfQuery } from './query-time.ts';
import { HOUR_MS, POINTS_MAX } from './limits.ts';

export interface HistoryRouteOptions {
  readonly history: HistoryStore;
  readonly picture: LivePicture;
  readonly clock: Clock;
  /** Losses of a line that touch a period; `toMs` excluded. */
  readonly gaps: (tag: TagAddress, fromMs: number, toMs: number) => Promise<GapsOfPeriod>;
}

const Time = Type.String({ maxLength: 40, description: 'ISO 8601 or ms since 1970 UTC' });

export function addHistoryRoutes(
  app: TypedApp,
  { history, picture, clock, gaps }: HistoryRouteOptions,
): void {
  app.get(
    '/history',
    {
      config: { access: roles('operator', 'supervisor', 'administrator') },
      schema: {
        operationId: 'readHistory',
        summary: 'One tag over time',
        description:
          `Buckets of \`every\` (10s, 1min, 1h; raw for the samples), at most ${POINTS_MAX} points. Without ` +
          '`from` and `to` the last hour. Old data exists by the minute or the hour: `everyMs` says what was used.',
        tags: ['history'],
        querystring: Type.Object(
          {
            tag: Type.String({ maxLength: 300, description: 'line/device/metric' }),
            from: Type.Optional(Time),
            to: Type.Optional(Time),
            every: Type.Optional(Type.String({ maxLength: 16 })),
          },
          { additionalProperties: false },
        ),
        response: { 200: HistoryAnswer, '4xx': Problem, '5xx': Problem },
      },
    },
    async (request, reply): Promise<HistoryAnswer> => {
      const { query } = request;
      const tag = addressOf(query.tag, picture);
      const toMs = timeOfQuery('/query/to', query.to) ?? clock.nowMs();
      const fromMs = timeOfQuery('/query/from', query.from) ?? toMs - HOUR_MS;
      if (fromMs >= toMs) throw invalidRequest('/query/to', 'expected a time after from');
      const everyMs = query.every === undefined ? everyForSpan(toMs - fromMs) : parseEvery(query.every);
      if (everyMs === null)
        throw invalidRequest('/query/every', 'expected raw, or a bucket such as 10s, 1min, 1h');
      const result = await history.query({ tag, fromMs, toMs, everyMs, limit: POINTS_MAX });
      const losses = await gaps(tag, fromMs, toMs);
      reply.header('cache-control', 'no-store');
      return {
        tag: query.tag,
        from: fromMs,
        to: toMs,
        everyMs: result.everyMs,
        points: [...result.points],
        gaps: [...losses.gaps],
        gapsTruncated: losses.truncated,
        truncated: result.truncated,
      };
    },
  );
}

/** A metric may hold slashes: only the first two part. */
function addressOf(tag: string, picture: LivePicture): TagAddress {
  const [line = '', device = '', ...rest] = tag.split('/');
  const metric = rest.join('/');
  if (!isId(line) || !isId(device) || !isMetricName(metric)) {
    throw invalidRequest('/query/tag', 'expected line/device/metric');
  }
  const known = Object.hasOwn(picture.state.lines, line) ? picture.line(line) : null;
  if (known === null) throw new RequestProblem('unknown-line');
  return { site: known.site, line, device, metric };
}
