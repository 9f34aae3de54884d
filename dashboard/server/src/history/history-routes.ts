/** `GET /api/v1/history`: one tag over time. */
import { HistoryAnswer, Problem } from '@trame/protocol/dashboard-api';
import { isId } from '@trame/protocol/topics';
import { Type } from 'typebox';
import { roles } from '../access/guard.ts';
import { invalidRequest, RequestProblem } from '../http/problem.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { isMetricName } from '../ingest/device-session.ts';
import type { LivePicture } from '../live/picture.ts';
import type { Clock } from '../ports/clock.ts';
import { everyForSpan, parseEvery } from './every.ts';
import type { HistoryStore, TagAddress } from './history-store.ts';
import { HOUR_MS, POINTS_MAX } from './limits.ts';

export interface HistoryRouteOptions {
  readonly history: HistoryStore;
  readonly picture: LivePicture;
  readonly clock: Clock;
}

const Time = Type.String({ maxLength: 40, description: 'ISO 8601 or ms since 1970 UTC' });

export function addHistoryRoutes(app: TypedApp, { history, picture, clock }: HistoryRouteOptions): void {
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
      const toMs = timeOf('/query/to', query.to) ?? clock.nowMs();
      const fromMs = timeOf('/query/from', query.from) ?? toMs - HOUR_MS;
      if (fromMs >= toMs) throw invalidRequest('/query/to', 'expected a time after from');
      const everyMs = query.every === undefined ? everyForSpan(toMs - fromMs) : parseEvery(query.every);
      if (everyMs === null)
        throw invalidRequest('/query/every', 'expected raw, or a bucket such as 10s, 1min, 1h');
      const result = await history.query({ tag, fromMs, toMs, everyMs, limit: POINTS_MAX });
      reply.header('cache-control', 'no-store');
      return {
        tag: query.tag,
        from: fromMs,
        to: toMs,
        everyMs: result.everyMs,
        points: [...result.points],
        gaps: [],
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

/** From year 1970 on, and not so far that arithmetic with it fails. */
const TIME_MAX_MS = 8_640_000_000_000_000;

function timeOf(path: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = /^\d{1,16}$/u.test(text) ? Number(text) : isoMs(text);
  if (Number.isFinite(ms) && ms >= 0 && ms <= TIME_MAX_MS) return ms;
  throw invalidRequest(path, 'expected an ISO 8601 time or ms since 1970');
}

/** Only what says its zone, or is a bare date (UTC by the standard): a local time would mean nothing here. */
function isoMs(text: string): number {
  const iso = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/u;
  return iso.test(text) ? Date.parse(text) : Number.NaN;
}
