/** `GET /api/v1/stops`, `/stops/causes`, `/stops/pareto`. What people say of them is an act: `explain-stop.ts`. */
import { Problem } from '@trame/protocol/dashboard-api';
import { page } from '@trame/protocol/material/material-answers';
import { StopCauseAnswer, StopPareto, StopRow } from '@trame/protocol/stops/stop-answers';
import { ID_PATTERN } from '@trame/protocol/topics';
import { Type } from 'typebox';
import { roles } from '../access/guard.ts';
import type { Interval } from '../calendar/intervals.ts';
import { checkLine, type LineKnowledge } from '../http/asked-line.ts';
import { LIMIT_DEFAULT, PAGE_QUERY, pageOf, placeOf } from '../http/keyset.ts';
import { invalidRequest } from '../http/problem.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { whileAsked } from '../http/while-asked.ts';
import type { HeavyReads } from '../material/heavy-reads.ts';
import { PERIOD_QUERY, periodOf } from '../material/query-period.ts';
import type { Clock } from '../ports/clock.ts';
import { dayStartMs } from '../tonnage/local-day.ts';
import type { TimeRules } from './line-time.ts';
import { STOP_DAYS_MAX } from './stop-query.ts';

export interface StopRouteOptions extends LineKnowledge {
  readonly clock: Clock;
  readonly heavy: HeavyReads;
  /** Local day of the site, `YYYY-MM-DD`. */
  readonly dayOf: (atMs: number) => string;
  /** How time is judged now. */
  readonly timeRules: () => TimeRules;
}

export const STOP_READERS = roles('operator', 'supervisor', 'administrator');

const DAY_MS = 86_400_000;
const Query = {
  ...PERIOD_QUERY,
  line: Type.Optional(Type.String({ pattern: ID_PATTERN })),
};

export function addStopRoutes(app: TypedApp, options: StopRouteOptions): void {
  addList(app, options);
  addCauses(app, options);
  addPareto(app, options);
}

function addList(app: TypedApp, options: StopRouteOptions): void {
  app.get(
    '/stops',
    {
      config: { access: STOP_READERS },
      schema: {
        operationId: 'listStops',
        summary: 'Stops of the lines, latest first',
        description:
          'NF E60-182. A stop begins when the line leaves Execute (PackML) and ends when it is back; time of which nothing ' +
          'is known is none. `durationMs` counts opening hours without breaks. `proposed` is what Trame thinks, `cause` what ' +
          'a person fixed, `kind` follows from the cause, else from mode and state. Without dates today; at most ' +
          `${STOP_DAYS_MAX} days.`,
        tags: ['stops'],
        querystring: Type.Object({ ...PAGE_QUERY, ...Query }, { additionalProperties: false }),
        response: { 200: page(StopRow), '4xx': Problem, '5xx': Problem },
      },
    },
    async ({ query }, reply) => {
      const { limit = LIMIT_DEFAULT, line = null } = query;
      const after = placeOf(query.cursor);
      await checkLine(options, query.line);
      const period = boundedPeriod(query, options, STOP_DAYS_MAX);
      const rows = await options.heavy.ask(
        'stopRowsOf',
        { line, period, rules: options.timeRules() },
        whileAsked(reply),
      );
      const left =
        after === null
          ? rows
          : rows.filter(({ from, id }) => from < after.at || (from === after.at && id < after.id));
      reply.header('cache-control', 'no-store');
      return pageOf(left, limit, ({ from, id }) => ({ at: from, id }));
    },
  );
}

function addCauses(app: TypedApp, { timeRules }: StopRouteOptions): void {
  app.get(
    '/stops/causes',
    {
      config: { access: STOP_READERS },
      schema: {
        operationId: 'listStopCauses',
        summary: 'Causes that people choose from',
        description: 'As configured (`stops.causes`), in that order.',
        tags: ['stops'],
        response: {
          200: Type.Object({ rows: Type.Array(StopCauseAnswer), next: Type.Null() }),
          '4xx': Problem,
          '5xx': Problem,
        },
      },
    },
    (_request, reply) => {
      reply.header('cache-control', 'no-store');
      return Promise.resolve({ rows: [...timeRules().stops.causes], next: null });
    },
  );
}

function addPareto(app: TypedApp, options: StopRouteOptions): void {
  app.get(
    '/stops/pareto',
    {
      config: { access: roles('supervisor', 'administrator') },
      schema: {
        operationId: 'readStopPareto',
        summary: 'Stops by cause, the most time first',
        description:
          'Of every stop the part that lies in the period. `proposed`: nobody fixed the cause of some of them. Stops that nothing ' +
          'speaks for are `a-expliquer`. `micro`: micro-stops that nobody explained; percents are without them. Without ' +
          'dates today.',
        tags: ['stops'],
        querystring: Type.Object(Query, { additionalProperties: false }),
        response: { 200: StopPareto, '4xx': Problem, '5xx': Problem },
      },
    },
    async ({ query }, reply) => {
      const { line = null } = query;
      await checkLine(options, query.line);
      const period = boundedPeriod(query, options, STOP_DAYS_MAX);
      reply.header('cache-control', 'no-store');
      return options.heavy.ask(
        'stopParetoOf',
        { line, period, rules: options.timeRules() },
        whileAsked(reply),
      );
    },
  );
}

/** @returns the period that is asked; without dates, today until now. @throws RequestProblem when it cannot be. */
export function boundedPeriod(
  query: { readonly from?: string | undefined; readonly to?: string | undefined },
  { clock, dayOf }: Pick<StopRouteOptions, 'clock' | 'dayOf'>,
  daysMax: number,
): Interval {
  const nowMs = clock.nowMs();
  const { fromMs, toMs } = periodOf(query, dayOf);
  const from = fromMs ?? dayStartMs(dayOf(toMs === null ? nowMs : Math.min(nowMs, toMs - 1)), dayOf);
  const to = toMs ?? Math.max(nowMs, from + 1);
  if (from > nowMs) throw invalidRequest('/query/from', 'expected a time in the past');
  if (from >= to) throw invalidRequest('/query/to', 'expected a time after from');
  if (to - from > daysMax * DAY_MS) throw invalidRequest('/query/from', `expected at most ${daysMax} days`);
  return { from, to };
}
