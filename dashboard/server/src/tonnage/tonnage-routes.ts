/** `GET /api/v1/tonnage`: what was sorted into outlets, baled or not. */
import { Problem, TONNAGE_BY, TonnageAnswer, type TonnageBy } from '@trame/protocol/dashboard-api';
import { Type } from 'typebox';
import { roles } from '../access/guard.ts';
import { invalidRequest } from '../http/problem.ts';
import type { TypedApp } from '../http/typed-app.ts';
import type { Clock } from '../ports/clock.ts';
import type { HeavyReads } from '../material/heavy-reads.ts';
import { isDay, monthStart, nextMonthStart } from './local-day.ts';
import { tonnageReport, type CompositionOf } from './tonnage-report.ts';

export interface TonnageRouteOptions {
  readonly heavy: HeavyReads;
  readonly clock: Clock;
  readonly dayOf: (timeMs: number) => string;
  readonly compositionOf: CompositionOf;
}

const Day = Type.String({ maxLength: 32, description: 'YYYY-MM-DD in the zone of the site' });

export function addTonnageRoutes(app: TypedApp, options: TonnageRouteOptions): void {
  app.get(
    '/tonnage',
    {
      config: { access: roles('supervisor', 'region', 'administrator') },
      schema: {
        operationId: 'readTonnage',
        summary: 'Tonnes and gigajoules sorted into outlets',
        description:
          '`to` is excluded; without dates the present month. `unit` says which figure puts the rows in ' +
          'order; both are always given. GJ is null when a composition is not known. Sorted is what went from the ' +
          'line into bins and outputs, baled or not: where a machine counts what falls into an outlet, what it ' +
          'counted; elsewhere what was weighed out, less what was put back. By collector and commune it goes by ' +
          'the source lots; a commune is `estimated` unless its part was weighed apart; `unknown` is what has no ' +
          'known origin.',
        tags: ['tonnage'],
        querystring: Type.Object(
          {
            by: Type.Optional(
              Type.Unsafe<TonnageBy>(
                Type.Union(
                  TONNAGE_BY.map((by) => Type.Literal(by)),
                  { default: 'outlet' },
                ),
              ),
            ),
            from: Type.Optional(Day),
            to: Type.Optional(Day),
            unit: Type.Optional(Type.Union([Type.Literal('t'), Type.Literal('GJ')])),
          },
          { additionalProperties: false },
        ),
        response: { 200: TonnageAnswer, '4xx': Problem },
      },
    },
    async (request, reply): Promise<TonnageAnswer> => {
      const { by = 'outlet', unit = 't' } = request.query;
      const today = options.dayOf(options.clock.nowMs());
      const from = checkedDay('/query/from', request.query.from) ?? monthStart(today);
      const to = checkedDay('/query/to', request.query.to) ?? nextMonthStart(from > today ? from : today);
      if (from >= to) throw invalidRequest('/query/to', `expected a day after ${from}`);
      const { heavy, compositionOf } = options;
      const masses =
        by === 'collector' || by === 'commune'
          ? await heavy.ask('sortedByOrigin', { from, to, by })
          : await heavy.ask('sortedBetween', { from, to });
      reply.header('cache-control', 'no-store');
      return { ...tonnageReport(masses, by, unit, compositionOf), from, to };
    },
  );
}

function checkedDay(path: string, text: string | undefined): string | undefined {
  if (text === undefined || isDay(text)) return text;
  throw invalidRequest(path, 'expected a date of the form YYYY-MM-DD');
}
