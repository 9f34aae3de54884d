/** `GET /api/v1/trs`: the waterfall of time of a line, and its rates. */
import { Problem } from '@trame/protocol/dashboard-api';
import { literals } from '@trame/protocol/schema';
import { TrsAnswer } from '@trame/protocol/stops/stop-answers';
import { ID_PATTERN } from '@trame/protocol/topics';
import { Type } from 'typebox';
import { roles } from '../access/guard.ts';
import { RequestProblem } from '../http/problem.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { whileAsked } from '../http/while-asked.ts';
import { PERIOD_QUERY } from '../material/query-period.ts';
import type { Reference } from '../material/reference.ts';
import { boundedPeriod, type StopRouteOptions } from '../stops/stop-routes.ts';
import type { LineTargets } from './target-config.ts';
import { TRS_BY } from './trs-query.ts';

/** Longest period that is asked, days. */
const TRS_DAYS_MAX = 93;

export interface TrsRouteOptions extends StopRouteOptions {
  /** What the site says of itself now; null: whose server this is, is not known yet. */
  readonly reference: () => Promise<Reference | null>;
  readonly targetsOf: (line: string) => LineTargets;
  /** Outlets of a line whose material can only be disposed of, as the line describes them. */
  readonly disposalOf: (line: string) => readonly string[];
}

export function addTrsRoutes(app: TypedApp, options: TrsRouteOptions): void {
  app.get(
    '/trs',
    {
      config: { access: roles('supervisor', 'administrator') },
      schema: {
        operationId: 'readTrs',
        summary: 'TRS, TRG and TRE of a line by shift or day',
        description:
          'NF E60-182: tT ≥ tO ≥ tR ≥ tF ≥ tN ≥ tU, Do · Tp · Tq = TRS = tU/tR. Training never lowers the TRS: a line that ' +
          'stands in training is not required; of one that runs in training, what it sorts counts, and of its time only ' +
          'what that takes at the nominal throughput (`targets.nominalKgPerHour`). Opening hours of which nothing is known ' +
          'are in no time and no rate, and told apart (`unknownMs`). What came in is what was weighed, or on a day on which ' +
          'nothing was, what fell into outlets; refused is what fell into outlets for disposal. No figure is told of time ' +
          'in which fewer than four people were counted at the line (`group-too-small`; nobody counted is nobody). A line of hands has ' +
          '`teamKgPerHour` instead. Without dates today; at most 93 days. Only what lies in the past counts.',
        tags: ['trs'],
        querystring: Type.Object(
          {
            ...PERIOD_QUERY,
            line: Type.String({ pattern: ID_PATTERN }),
            by: Type.Optional(literals(TRS_BY)),
          },
          { additionalProperties: false },
        ),
        response: { 200: TrsAnswer, '4xx': Problem, '5xx': Problem },
      },
    },
    async ({ query }, reply) => {
      const { line, by = 'shift' } = query;
      const known = await knownLine(options, line);
      const period = boundedPeriod(query, options, TRS_DAYS_MAX);
      reply.header('cache-control', 'no-store');
      return options.heavy.ask(
        'trsOf',
        { ...known, period, by, rules: options.timeRules() },
        whileAsked(reply),
      );
    },
  );
}

/** @returns what the figures of a line are made with. @throws RequestProblem when there is no such line. */
export async function knownLine(
  { reference, targetsOf, disposalOf }: Pick<TrsRouteOptions, 'reference' | 'targetsOf' | 'disposalOf'>,
  line: string,
): Promise<{ site: string; line: string; targets: LineTargets; disposal: readonly string[] }> {
  const known = await reference();
  if (known === null || !known.lines.includes(line)) throw new RequestProblem('unknown-line');
  const configured = known.outlets.filter(({ operation }) => operation?.startsWith('D') === true);
  const disposal = new Set([...disposalOf(line), ...configured.map(({ id }) => id)]);
  return { site: known.site, line, targets: targetsOf(line), disposal: [...disposal].sort() };
}
