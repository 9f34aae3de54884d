/** `GET /api/v1/reference`: what kiosks and pages choose from. */
import { Problem } from '@trame/protocol/dashboard-api';
import type { LiveLine } from '@trame/protocol/live-state';
import { ReferenceAnswer } from '@trame/protocol/material/material-answers';
import { roles } from '../access/guard.ts';
import { RequestProblem } from '../http/problem.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { referenceAnswer } from './reference-answer.ts';
import type { Reference } from './reference.ts';

export interface ReferenceRouteOptions {
  readonly reference: () => Promise<Reference | null>;
  readonly lineOf: (line: string) => LiveLine | null;
  /** Pixels an inch of the kiosks' screens; null: not stated. */
  readonly kioskDpi: number | null;
}

export function addReferenceRoutes(
  app: TypedApp,
  { reference, lineOf, kioskDpi }: ReferenceRouteOptions,
): void {
  app.get(
    '/reference',
    {
      config: { access: roles('operator', 'supervisor', 'administrator') },
      schema: {
        operationId: 'readReference',
        summary: 'Outlets, presses, scales, zones and printers of the site',
        description:
          '`material:` of the configuration, with a default for what it leaves out; outlets and scales then are those ' +
          'of the lines. 503 `no-book-keeper`: there are several lines, and none is named.',
        tags: ['material'],
        response: { 200: ReferenceAnswer, '4xx': Problem, '5xx': Problem },
      },
    },
    async (_request, reply) => {
      const known = await reference();
      if (known === null) throw new RequestProblem('no-book-keeper');
      reply.header('cache-control', 'no-store');
      return referenceAnswer(known, lineOf, kioskDpi);
    },
  );
}
