/** `GET /api/v1/balance`: what came in against what went out, with the residual shown. */
import { Problem } from '@trame/protocol/dashboard-api';
import { BALANCE_BY, BalanceAnswer } from '@trame/protocol/material/material-answers';
import { literals } from '@trame/protocol/schema';
import { ID_PATTERN } from '@trame/protocol/topics';
import { Type } from 'typebox';
import { LIMIT_DEFAULT, PAGE_QUERY, placeOf } from '../http/keyset.ts';
import { invalidRequest } from '../http/problem.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { FIGURE_READERS, siteOf, type MaterialReadOptions } from '../material/material-reads.ts';
import { dayStartMs, isDay, monthStart, nextMonthStart } from '../tonnage/local-day.ts';

const Day = Type.String({ maxLength: 32, description: 'YYYY-MM-DD in the zone of the site' });

export function addBalanceRoutes(app: TypedApp, options: MaterialReadOptions): void {
  const { clock, dayOf, heavy } = options;
  app.get(
    '/balance',
    {
      config: { access: FIGURE_READERS },
      schema: {
        operationId: 'readBalance',
        summary: 'Mass balance by lot, campaign, shift, day or month',
        description:
          'in = out + refused + water + missing + change of stock + residual, to the gram. Day, month and lot balance ' +
          'the site (a lot over its whole life, those that came in in the period); shift and campaign balance their ' +
          'line in their hours: what was put on it against what was weighed out. The residual is never hidden; it is ' +
          'an alarm beyond `limitGrams`, twice the combined standard uncertainty of the weights (OIML R 76-1, class ' +
          'III in service; weights that were typed or estimated with larger errors). `to` is excluded; without dates ' +
          'the present month. `total` is of the whole period; what two teams did together at a line is in it once. ' +
          'Shifts at which fewer than four people were counted are in `hidden`, without figures.',
        tags: ['balance'],
        querystring: Type.Object(
          {
            ...PAGE_QUERY,
            by: Type.Optional(literals(BALANCE_BY)),
            from: Type.Optional(Day),
            to: Type.Optional(Day),
            site: Type.Optional(Type.String({ pattern: ID_PATTERN })),
          },
          { additionalProperties: false },
        ),
        response: { 200: BalanceAnswer, '4xx': Problem, '5xx': Problem },
      },
    },
    async ({ query }, reply): Promise<BalanceAnswer> => {
      const { by = 'month', limit = LIMIT_DEFAULT } = query;
      const nowMs = clock.nowMs();
      const today = dayOf(nowMs);
      const from = checkedDay('/query/from', query.from) ?? monthStart(today);
      const to = checkedDay('/query/to', query.to) ?? nextMonthStart(from > today ? from : today);
      if (from >= to) throw invalidRequest('/query/to', `expected a day after ${from}`);
      reply.header('cache-control', 'no-store');
      return heavy.ask('balanceOf', {
        site: query.site ?? (await siteOf(options)),
        by,
        from,
        to,
        fromMs: dayStartMs(from, dayOf),
        toMs: dayStartMs(to, dayOf),
        nowMs,
        after: placeOf(query.cursor),
        limit,
      });
    },
  );
}

function checkedDay(path: string, text: string | undefined): string | undefined {
  if (text === undefined || isDay(text)) return text;
  throw invalidRequest(path, 'expected a date of the form YYYY-MM-DD');
}
