/** What a sort programme would have done with what a line sorted: its edge looks, and sorts nothing by it. */
import { DryRunAnswer, DryRunBody } from '@trame/protocol/classification/item-answers';
import {
  DRY_RUN_ITEMS_MAX,
  PROGRAMME_DRY_RUN,
  type ProgrammeDryRunData,
} from '@trame/protocol/classification/item-requests';
import { Problem } from '@trame/protocol/dashboard-api';
import { ID_PATTERN } from '@trame/protocol/topics';
import { Type } from 'typebox';
import { roles } from '../access/guard.ts';
import { invalidRequest, RequestProblem } from '../http/problem.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { whileAsked } from '../http/while-asked.ts';
import { answerReader, askOfPieces, type ItemQuestionOptions } from './item-questions.ts';

/** The edge reads some ten thousand pieces for it, between those that it sorts. */
export const DRY_RUN_TIMEOUT_MS = 60_000;

const REPORT = answerReader(DryRunAnswer);

export function addDryRunRoute(app: TypedApp, options: ItemQuestionOptions): void {
  /** Lines that are trying one: an edge tries one after the other. */
  const trying = new Set<string>();
  app.post(
    '/lines/:line/dry-run',
    {
      config: { access: options.questions === null ? roles() : roles('supervisor', 'administrator') },
      schema: {
        operationId: 'dryRunProgramme',
        summary: 'Try a sort programme on what a line sorted',
        description:
          `Pieces read from \`from\` to \`to\` (ms since 1970 UTC), the first ${DRY_RUN_ITEMS_MAX}; \`isWhole\` false: there were more. ` +
          'Nothing is saved or followed. 409 `programme-faulty` of one that cannot be used; 503 `busy` while the line tries ' +
          'another; it may take a minute.',
        tags: ['sort-programmes'],
        params: Type.Object({ line: Type.String({ pattern: ID_PATTERN }) }),
        body: DryRunBody,
        response: { 200: DryRunAnswer, '4xx': Problem, '5xx': Problem },
      },
    },
    async ({ params, body }, reply) => {
      const { line } = params;
      if (body.to < body.from) throw invalidRequest('/body/to', 'expected a time after from');
      if (trying.has(line)) throw new RequestProblem('busy');
      trying.add(line);
      try {
        const { programme, from, to } = body;
        const args = { programme, from, to };
        const question = { line, command: PROGRAMME_DRY_RUN, args, timeoutMs: DRY_RUN_TIMEOUT_MS };
        const data = await askOfPieces(options, question, REPORT, whileAsked(reply));
        reply.header('cache-control', 'no-store');
        return data satisfies ProgrammeDryRunData;
      } finally {
        trying.delete(line);
      }
    },
  );
}
