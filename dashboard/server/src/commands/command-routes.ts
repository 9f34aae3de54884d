/** `POST /api/v1/lines/{line}/commands`: asks an edge to record something. */
import { Problem } from '@trame/protocol/dashboard-api';
import { CommandAnswer, CommandBody } from '@trame/protocol/health-api';
import { ID_PATTERN } from '@trame/protocol/topics';
import { Type } from 'typebox';
import { roles } from '../access/guard.ts';
import { ambiguousLine, invalidRequest, RequestProblem } from '../http/problem.ts';
import type { TypedApp } from '../http/typed-app.ts';
import type { CommandSender } from './command-sender.ts';
import { commandFault } from './record-commands.ts';

export interface CommandRouteOptions {
  readonly sender: Pick<CommandSender, 'send'>;
  /** @returns the sites that have a line of this name; none: there is no such line. */
  readonly sitesOf: (line: string) => readonly string[];
}

export function addCommandRoutes(app: TypedApp, { sender, sitesOf }: CommandRouteOptions): void {
  app.post(
    '/lines/:line/commands',
    {
      config: { access: roles('supervisor', 'administrator') },
      schema: {
        operationId: 'sendCommand',
        summary: 'Ask a line to record something',
        description:
          '`scale.verify` {scale, outcome, on, due} or `clock.confirm` {}. Answers when the line has recorded it; 409 ' +
          'when the line refuses, 504 `no-reply` when it does not answer within 10 s: it may have recorded it, and ' +
          'the same `Idempotency-Key` asks again without recording it twice.',
        tags: ['lines'],
        params: Type.Object({ line: Type.String({ pattern: ID_PATTERN }) }),
        headers: Type.Object({
          'idempotency-key': Type.String({ pattern: '^[A-Za-z0-9._~-]{8,128}$' }),
        }),
        body: CommandBody,
        response: { 200: CommandAnswer, '4xx': Problem, '5xx': Problem },
      },
    },
    async (request, reply) => {
      const { session, params, body } = request;
      if (session === null) throw new RequestProblem('not-signed-in');
      const sites = sitesOf(params.line).filter((one) => body.site === undefined || one === body.site);
      const [site] = sites;
      if (site === undefined) throw new RequestProblem('unknown-line');
      if (sites.length > 1) throw ambiguousLine(sites);
      const { command, args = {} } = body;
      const fault = commandFault(command, args);
      if (fault !== null) throw invalidRequest(fault.path, fault.message);
      const outcome = await sender.send({
        site,
        line: params.line,
        login: session.login,
        idempotencyKey: request.headers['idempotency-key'],
        command,
        args,
      });
      reply.header('cache-control', 'no-store');
      switch (outcome.kind) {
        case 'busy':
          throw new RequestProblem('busy');
        case 'key-reused':
          throw new RequestProblem('key-reused');
        case 'no-reply':
          throw new RequestProblem('no-reply', {
            detail: 'It is noted all the same if the answer comes later.',
          });
        case 'replied': {
          const { code, detail, seq } = outcome.reply;
          if (code === 'done' || code === 'already-done') return { id: outcome.id, code, detail, seq };
          if (code === 'accepted' || code === 'failed' || code === 'unconfirmed')
            throw new RequestProblem('no-reply');
          throw new RequestProblem(code, detail === null ? {} : { detail });
        }
      }
    },
  );
}
