/** A person at the line says otherwise of one piece: asked of the edge, which records it, and noted as every act is. */
import { ItemOverrideBody } from '@trame/protocol/classification/item-answers';
import { ITEM_ID_PATTERN } from '@trame/protocol/classification/item-names';
import { ITEM_OVERRIDE } from '@trame/protocol/classification/item-requests';
import { Problem } from '@trame/protocol/dashboard-api';
import { CommandAnswer } from '@trame/protocol/health-api';
import { ID_PATTERN } from '@trame/protocol/topics';
import { Type } from 'typebox';
import { roles } from '../access/guard.ts';
import type { CommandOutcome, CommandSender } from '../commands/command-sender.ts';
import { RequestProblem } from '../http/problem.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { addressOf, checkEdge, refusedBy, type ItemQuestionOptions } from './item-questions.ts';

export interface OverrideRouteOptions extends ItemQuestionOptions {
  /** Null: nothing is asked of lines from here. */
  readonly sender: Pick<CommandSender, 'send'> | null;
}

export function addOverrideRoute(app: TypedApp, options: OverrideRouteOptions): void {
  const { sender } = options;
  app.post(
    '/lines/:line/items/:item/override',
    {
      config: { access: sender === null ? roles() : roles('operator', 'supervisor', 'administrator') },
      schema: {
        operationId: 'overrideItem',
        summary: 'Say otherwise of one piece',
        description:
          'Recorded in the ledger of its line as `verdict.changed`; the verdict stays beside it. It moves nothing and never ' +
          'expires; 504 `no-reply` after 10 s: it is noted all the same if the answer comes later. The same ' +
          '`Idempotency-Key` is the same request, recorded once. 404 `unknown-item`, `unknown-outlet`; 409 `same-outlet` when it ' +
          'goes there already, `too-many-overrides`.',
        tags: ['lines'],
        params: Type.Object({
          line: Type.String({ pattern: ID_PATTERN }),
          item: Type.String({ pattern: ITEM_ID_PATTERN }),
        }),
        headers: Type.Object({ 'idempotency-key': Type.String({ pattern: '^[A-Za-z0-9._~-]{8,128}$' }) }),
        body: ItemOverrideBody,
        response: { 200: CommandAnswer, '4xx': Problem, '5xx': Problem },
      },
    },
    async ({ params, body, headers, session }, reply) => {
      if (session === null) throw new RequestProblem('not-signed-in');
      if (sender === null) throw new RequestProblem('forbidden');
      const { line, item } = params;
      const { to, reason, note = '' } = body;
      const address = addressOf(options, line);
      await checkEdge(options, address);
      const outcome = await sender.send({
        ...address,
        login: session.login,
        idempotencyKey: headers['idempotency-key'],
        command: ITEM_OVERRIDE,
        args: { item, to, reason, note: note.trim() },
      });
      reply.header('cache-control', 'no-store');
      return answerTo(outcome);
    },
  );
}

function answerTo(outcome: CommandOutcome): CommandAnswer {
  if (outcome.kind === 'no-reply') {
    throw new RequestProblem('no-reply', { detail: 'It is noted all the same if the answer comes later.' });
  }
  if (outcome.kind !== 'replied') throw new RequestProblem(outcome.kind);
  const { code, detail, seq } = outcome.reply;
  if (code !== 'done' && code !== 'already-done') throw refusedBy(outcome.reply);
  return { id: outcome.id, code, detail, seq };
}
