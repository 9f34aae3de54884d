/** `POST /api/v1/sort-programmes/check`: what would be said of a programme if it were saved. */
import { Problem } from '@trame/protocol/dashboard-api';
import { CheckProgrammeBody, ProgrammeFindings } from '@trame/protocol/sort-programmes/programme-answers';
import { readProgramme } from '@trame/protocol/sort-programmes/read-programme';
import { RequestProblem } from '../http/problem.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { whileAsked } from '../http/while-asked.ts';
import { strictValidator } from '../material/act-validation.ts';
import { outletNames, programmeOutlets } from '../material/reference.ts';
import { PROGRAMME_READERS, type ProgrammeRouteOptions } from './programme-reads.ts';
import { toldFindings } from './told-findings.ts';

export function addCheckRoute(app: TypedApp, options: ProgrammeRouteOptions): void {
  app.post(
    '/sort-programmes/check',
    {
      config: { access: PROGRAMME_READERS },
      validatorCompiler: strictValidator,
      schema: {
        operationId: 'checkSortProgramme',
        summary: 'What is wrong with a sort programme, or good to know; nothing is saved',
        description:
          'Errors keep it from being saved, warnings and notes do not. `line`: against the outlets of that line, else of the ' +
          'site. What is no programme at all is told as findings `not-a-programme`, not as a problem.',
        tags: ['sort-programmes'],
        body: CheckProgrammeBody,
        response: { 200: ProgrammeFindings, '4xx': Problem, '5xx': Problem },
      },
    },
    async ({ body }, reply) => {
      const reference = await options.reference();
      const { line = null } = body;
      if (line !== null && reference?.lines.includes(line) !== true) throw new RequestProblem('unknown-line');
      reply.header('cache-control', 'no-store');
      const reading = readProgramme(body.programme);
      if (reading.kind === 'refused') return { rows: toldFindings(reading.findings), next: null };
      const outlets = reference === null ? null : programmeOutlets(reference, line);
      const names = reference === null ? {} : outletNames(reference);
      const { programme } = reading;
      const findings = await options.heavy.ask(
        'checkedProgramme',
        { programme, outlets, names },
        whileAsked(reply),
      );
      return { rows: toldFindings(findings), next: null };
    },
  );
}
