/** `GET /api/v1/audits`, `GET /api/v1/audits/plan`: how often outlets hold what belongs elsewhere. */
import { AuditPlanRow, AuditRow } from '@trame/protocol/classification/classification-answers';
import { Problem } from '@trame/protocol/dashboard-api';
import { page } from '@trame/protocol/material/material-answers';
import { ID_PATTERN } from '@trame/protocol/topics';
import { Type } from 'typebox';
import { roles } from '../access/guard.ts';
import { checkLine } from '../http/asked-line.ts';
import { invalidRequest } from '../http/problem.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { siteOf, type MaterialReadOptions } from '../material/material-reads.ts';
import { programmeOutlets } from '../material/reference.ts';
import { isDay, monthStart, nextMonthStart } from '../tonnage/local-day.ts';
import { LAST_MONTHS, monthsBefore } from './audit-plan-query.ts';

/** Months of one answer. */
const MONTHS_MAX = 36;
/** Months that are answered when no period is asked for, this one included. */
const MONTHS_DEFAULT = 12;
/** Points. */
const MARGIN_DEFAULT = 2;
/** Who looks through outlets too: an error belongs to its outlet and month, and tells of no person. */
const AUDIT_READERS = roles('operator', 'supervisor', 'region', 'administrator');

const Line = Type.String({ pattern: ID_PATTERN });
const Month = Type.String({
  maxLength: 32,
  description: 'YYYY-MM, or a day YYYY-MM-DD, in the zone of the site: the whole month that holds it',
});

export function addAuditRoutes(app: TypedApp, options: MaterialReadOptions): void {
  addErrors(app, options);
  addPlan(app, options);
}

function addErrors(app: TypedApp, options: MaterialReadOptions): void {
  const { clock, dayOf, heavy } = options;
  app.get(
    '/audits',
    {
      config: { access: AUDIT_READERS },
      schema: {
        operationId: 'listAudits',
        summary: 'Sorting error of the outlets of a line, by month',
        description:
          'Misplaced over sampled kilograms (taux d’erreur de tri) of the audits of an outlet in a month, with an interval ' +
          'of 95 %: pieces of unequal mass (300 g, varying by 70 %: assumed) and what audits differ by beyond them. An ' +
          'error belongs to its outlet and month, never to a post or a person. Whole months; those that `from` and `to` ' +
          `(the first that is left out) lie in; without them the last ${MONTHS_DEFAULT}, at most ${MONTHS_MAX}. Latest ` +
          'first; outlets without an audit have no row. `samples` are the audits, to take one back.',
        tags: ['audits'],
        querystring: Type.Object(
          { line: Line, from: Type.Optional(Month), to: Type.Optional(Month) },
          { additionalProperties: false },
        ),
        response: { 200: page(AuditRow), '4xx': Problem, '5xx': Problem },
      },
    },
    async ({ query }, reply) => {
      const { line } = query;
      await checkLine(options, line);
      const thisMonth = monthStart(dayOf(clock.nowMs()));
      const to = firstDay('/query/to', query.to) ?? nextMonthStart(thisMonth);
      const from = firstDay('/query/from', query.from) ?? monthsBefore(to, MONTHS_DEFAULT);
      if (from >= to) throw invalidRequest('/query/to', `expected a month after ${from.slice(0, 7)}`);
      if (from < monthsBefore(to, MONTHS_MAX)) {
        throw invalidRequest('/query/from', `expected at most ${MONTHS_MAX} months`);
      }
      const rows = await heavy.ask('auditRowsOf', { site: await siteOf(options), line, from, to });
      reply.header('cache-control', 'no-store');
      return { rows, next: null };
    },
  );
}

function addPlan(app: TypedApp, options: MaterialReadOptions): void {
  const { clock, dayOf, heavy, reference } = options;
  app.get(
    '/audits/plan',
    {
      config: { access: AUDIT_READERS },
      schema: {
        operationId: 'readAuditPlan',
        summary: 'How much of each outlet of a line to sample this month',
        description:
          'So many grams that the interval of 95 % is ± `margin` points (on its wider side) at the error that the audits ' +
          `of the ${LAST_MONTHS} months before found; without any, at an assumed one (\`isAssumed\`). Audits of this month ` +
          'that are few or differ tell less: then it is more. What falls into the outlet in the month (so far, or as on ' +
          'average in those months, whichever is more) bounds it: of little, all has to be looked through, and the ' +
          'interval may still be wider. 0: nothing fell into it. Most missing first.',
        tags: ['audits'],
        querystring: Type.Object(
          {
            line: Line,
            margin: Type.Optional(Type.Number({ minimum: 0.5, maximum: 10, description: 'Points' })),
          },
          { additionalProperties: false },
        ),
        response: { 200: page(AuditPlanRow), '4xx': Problem, '5xx': Problem },
      },
    },
    async ({ query }, reply) => {
      const { line, margin = MARGIN_DEFAULT } = query;
      await checkLine(options, line);
      const known = await reference();
      const rows = await heavy.ask('auditPlanOf', {
        site: await siteOf(options),
        line,
        outlets: known === null ? [] : (programmeOutlets(known, line) ?? []),
        margin,
        today: dayOf(clock.nowMs()),
      });
      reply.header('cache-control', 'no-store');
      return { rows, next: null };
    },
  );
}

/** @returns the first day of the month that is meant. */
function firstDay(path: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const day = /^\d{4}-\d{2}$/u.test(text) ? `${text}-01` : text;
  if (!isDay(day)) throw invalidRequest(path, 'expected a month of the form YYYY-MM');
  return monthStart(day);
}
