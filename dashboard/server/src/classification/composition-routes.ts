/** `GET /api/v1/fractions`, `GET /api/v1/bales/{id}/composition`: what outlets and outputs are made of. */
import { FractionRow, OutputComposition } from '@trame/protocol/classification/classification-answers';
import { Problem } from '@trame/protocol/dashboard-api';
import { page } from '@trame/protocol/material/material-answers';
import { ID_PATTERN } from '@trame/protocol/topics';
import { Type } from 'typebox';
import { roles } from '../access/guard.ts';
import { findBale } from '../bales/bale-repository.ts';
import { checkLine } from '../http/asked-line.ts';
import { invalidRequest, RequestProblem } from '../http/problem.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { whileAsked } from '../http/while-asked.ts';
import { MATERIAL_READERS, siteOf, type MaterialReadOptions } from '../material/material-reads.ts';
import { isDay, monthStart, nextMonthStart } from '../tonnage/local-day.ts';
import type { SaidCompositions } from './fraction-query.ts';

export interface CompositionRouteOptions extends MaterialReadOptions {
  /** What outlets are said to be made of. */
  readonly saidCompositions: () => SaidCompositions;
}

/** Months of one answer. */
const MONTHS_MAX = 13;

const Moment = Type.String({
  maxLength: 32,
  description: 'YYYY-MM, or a day YYYY-MM-DD, in the zone of the site',
});

const HOW =
  '`source`: `items` was read piece by piece; `hand` is what the outlet is said to be made of (description of the line), with ' +
  'the sorting error of the outlet and month (`audit`; null: none was made, 5 % assumed); `both` is part of the mass each. ' +
  '`errorPoints` are standard errors: of what was not read, of weights (pieces of 300 g, varying by 70 %: assumed), of the ' +
  'readings (the same for all pieces), of readings that were refused, of what audits found. What weighs more than twice what the ' +
  'pieces that were read are assumed to is what the outlet is said to be made of. What is not described is taken for like the ' +
  'rest; `describedPercent` tells how much of the mass was.';

export function addCompositionRoutes(app: TypedApp, options: CompositionRouteOptions): void {
  addFractions(app, options);
  addOutput(app, options);
}

function addFractions(app: TypedApp, options: CompositionRouteOptions): void {
  const { clock, dayOf, heavy } = options;
  app.get(
    '/fractions',
    {
      config: { access: roles('operator', 'supervisor', 'region', 'administrator') },
      schema: {
        operationId: 'listFractions',
        summary: 'What the outlets of the lines are made of, by month',
        description:
          `${HOW} \`to\` is excluded; without dates the present month, at most ${MONTHS_MAX}. A month of which only some ` +
          'days are asked for has those days. Latest month first.',
        tags: ['fractions'],
        querystring: Type.Object(
          {
            line: Type.Optional(Type.String({ pattern: ID_PATTERN })),
            from: Type.Optional(Moment),
            to: Type.Optional(Moment),
          },
          { additionalProperties: false },
        ),
        response: { 200: page(FractionRow), '4xx': Problem, '5xx': Problem },
      },
    },
    async ({ query }, reply) => {
      const { line } = query;
      await checkLine(options, line);
      const today = dayOf(clock.nowMs());
      const from = dayOfQuery('/query/from', query.from) ?? monthStart(today);
      const to = dayOfQuery('/query/to', query.to) ?? nextMonthStart(from > today ? from : today);
      if (from >= to) throw invalidRequest('/query/to', `expected a time after ${from}`);
      if (monthsBetween(from, to) > MONTHS_MAX) {
        throw invalidRequest('/query/from', `expected at most ${MONTHS_MAX} months`);
      }
      const asked = {
        site: await siteOf(options),
        line: line ?? null,
        from,
        to,
        said: options.saidCompositions(),
      };
      const rows = await heavy.ask('fractionsOf', asked, whileAsked(reply));
      reply.header('cache-control', 'no-store');
      return { rows, next: null };
    },
  );
}

function addOutput(app: TypedApp, options: CompositionRouteOptions): void {
  const { records, heavy } = options;
  app.get(
    '/bales/:bale/composition',
    {
      config: { access: MATERIAL_READERS },
      schema: {
        operationId: 'readOutputComposition',
        summary: 'What an output is made of, its moisture, its dry mass and its condition',
        description:
          `${HOW} It is made of what fell into its bin between the output before of the same outlet and line and itself; one ` +
          'pressed of others, of what they were, as is what was opened into that bin between; one that was opened or never was, ' +
          'of nothing. Moisture is measured, or that ' +
          'which its fibres are agreed to hold (Regulation (EU) 1007/2011 annex IX; what is only known to be cellulosic as ' +
          'cotton). The conventional mass is the dry mass with that.',
        tags: ['bales'],
        params: Type.Object({ bale: Type.String({ minLength: 1, maxLength: 64 }) }),
        response: { 200: OutputComposition, '4xx': Problem, '5xx': Problem },
      },
    },
    async ({ params }, reply): Promise<OutputComposition> => {
      const site = await siteOf(options);
      const found = await findBale(records, site, params.bale);
      const said = options.saidCompositions();
      const known =
        found === undefined
          ? null
          : await heavy.ask('outputCompositionOf', { site, output: found.output, said }, whileAsked(reply));
      if (known === null)
        throw new RequestProblem('not-found', { detail: `There is no output ${params.bale}` });
      reply.header('cache-control', 'no-store');
      return known;
    },
  );
}

/** @returns the day that is meant, of a month its first. */
function dayOfQuery(path: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const day = /^\d{4}-\d{2}$/u.test(text) ? `${text}-01` : text;
  if (!isDay(day)) throw invalidRequest(path, 'expected a month YYYY-MM or a day YYYY-MM-DD');
  return day;
}

/** @returns months that have a day in the period. */
function monthsBetween(from: string, to: string): number {
  return monthCount(to) - monthCount(from) + (to.endsWith('-01') ? 0 : 1);
}

function monthCount(day: string): number {
  return Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));
}
