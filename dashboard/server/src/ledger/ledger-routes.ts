/** `POST /api/v1/lines/{line}/ledger/epoch`: a person decides that another ledger of a line goes on. */
import { Problem } from '@trame/protocol/dashboard-api';
import { EpochDecision } from '@trame/protocol/health-api';
import { ID_PATTERN } from '@trame/protocol/topics';
import { Type } from 'typebox';
import { roles } from '../access/guard.ts';
import { ambiguousLine, RequestProblem } from '../http/problem.ts';
import type { TypedApp } from '../http/typed-app.ts';
import type { Clock } from '../ports/clock.ts';
import type { Records } from '../records/open-records.ts';
import { acceptEpoch } from './epoch-decision.ts';
import type { LineAddress } from './judge-event.ts';

export interface LedgerRouteOptions {
  readonly records: Records;
  readonly clock: Clock;
  /** @returns the opaque reference of an account. */
  readonly actorRefOf: (login: string) => Promise<string>;
  /** The line is to be told. */
  readonly changed: (address: LineAddress) => Promise<void>;
}

export function addLedgerRoutes(app: TypedApp, options: LedgerRouteOptions): void {
  app.post(
    '/lines/:line/ledger/epoch',
    {
      config: { access: roles('supervisor', 'administrator') },
      schema: {
        operationId: 'acceptLedgerEpoch',
        summary: 'Accept the refused epoch of a line',
        description:
          'After a ledger was restored from a copy, or an edge was replaced, the line sends events of another ' +
          'epoch, which are refused (`unknown-epoch`) until somebody accepts it. What was stored stays.',
        tags: ['ledger'],
        params: Type.Object({ line: Type.String({ pattern: ID_PATTERN }) }),
        body: EpochDecision,
        response: { 204: Type.Null(), '4xx': Problem, '5xx': Problem },
      },
    },
    async (request, reply) => {
      const { records, clock, actorRefOf, changed } = options;
      const { session } = request;
      if (session === null) throw new RequestProblem('not-signed-in');
      const actorRef = await actorRefOf(session.login);
      const { line } = request.params;
      const { epoch, site = null } = request.body;
      const outcome = await acceptEpoch(records, line, epoch, actorRef, clock.nowMs(), site);
      if (outcome.kind === 'ambiguous') throw ambiguousLine(outcome.sites);
      if (outcome.kind === 'not-refused') throw new RequestProblem('epoch-not-refused');
      await changed(outcome.address);
      return reply.code(204).send(null);
    },
  );
}
