/** `POST /api/v1/lines/{line}/commands`: asks a line for something. `GET /api/v1/commands`: who asked what, and what came of it. */
import { CommandRow, CommandsAnswer } from '@trame/protocol/control/control-answers';
import { Problem } from '@trame/protocol/dashboard-api';
import { CommandAnswer, CommandBody } from '@trame/protocol/health-api';
import { ID_PATTERN } from '@trame/protocol/topics';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { roles } from '../access/guard.ts';
import { placeRefusal } from '../control/control-place.ts';
import { LIMIT_DEFAULT, PAGE_QUERY, pageOf, placeOf } from '../http/keyset.ts';
import {
  ambiguousLine,
  invalidRequest,
  PROBLEMS,
  RequestProblem,
  type ProblemCode,
} from '../http/problem.ts';
import type { TypedApp } from '../http/typed-app.ts';
import type { Clock } from '../ports/clock.ts';
import type { Records } from '../records/open-records.ts';
import { commandById, commandByKey, commandsOf } from './command-audit.ts';
import { commandFault } from './command-fault.ts';
import { COMMAND_ALIASES, commandNamed } from './command-names.ts';
import { isControlCommand, isStopOrHold } from './command-replies.ts';
import type { CommandOrder, CommandSender } from './command-sender.ts';
import type { ControlSender } from './control-sender.ts';
import { refusalProblem } from './refusal-problem.ts';

export interface CommandRouteOptions {
  /** Null: nothing is asked of lines from here, by nobody. */
  readonly senders: {
    readonly records: Pick<CommandSender, 'send'>;
    readonly control: Pick<ControlSender, 'ask' | 'unnoted' | 'unnotedUnder'>;
  } | null;
  /** @returns the sites that have a line of this name; none: there is no such line. */
  readonly sitesOf: (line: string) => readonly string[];
  /** Addresses and networks from which a line may be set in motion. */
  readonly consoles: readonly string[];
  readonly records: Records;
  readonly clock: Clock;
}

const COMMANDERS = roles('supervisor', 'administrator');
const NOBODY = roles();
const KEY_PATTERN = '^[A-Za-z0-9._~-]{8,128}$';

const DESCRIPTION = [
  'To be recorded: `scale.verify` {scale, outcome, on, due} and `clock.confirm` {}; they answer when the line has recorded',
  'it, 504 `no-reply` after 10 s.',
  'To be done: `line.start`, `line.stop`, `line.hold`, `line.unhold`, `line.reset` {}, `line.mode` {mode}, `setpoint.write`',
  '{setpoint, value}, `programme.download` {programme}, `diverter.set` {outlet, to}, `scale.tare` and `scale.zero` {scale}.',
  'Who has the line in hand: `control.take` {}, `control.answer` {grant, to: `asking.actor`}, `control.release` {}. These answer within a second:',
  '200 with `outcome`, or 202 with `outcome: checking`; then `GET /commands/{id}` and the live picture tell. 409 when the',
  'line refuses: `code` is the first of `reasons`. 409 `edge-silent`: it was not heard for 6 s, and nothing was sent.',
  '`line.start` and `line.unhold` are 403 `not-from-a-phone`, or `not-from-here` from anywhere but a declared control place.',
  `Plain words mean the same: ${Object.entries(COMMAND_ALIASES)
    .map(([word, name]) => `\`${word}\` ${name}`)
    .join(', ')}.`,
  '`line.stop` and `line.hold` leave though nothing can be written down now, for whoever was signed in when that was last',
  'possible: then `noted: false`, and they are noted later.',
  'The same `Idempotency-Key` is the same request: it is done once, and answered as it stands.',
].join(' ');

export function addCommandRoutes(app: TypedApp, options: CommandRouteOptions): void {
  app.post(
    '/lines/:line/commands',
    {
      config: { access: options.senders === null ? NOBODY : COMMANDERS, letsInWithoutRecords: true },
      schema: {
        operationId: 'sendCommand',
        summary: 'Ask a line to do something, or to record something',
        description: DESCRIPTION,
        tags: ['lines'],
        params: Type.Object({ line: Type.String({ pattern: ID_PATTERN }) }),
        headers: Type.Object({
          'idempotency-key': Type.String({ pattern: KEY_PATTERN }),
        }),
        body: CommandBody,
        response: { 200: CommandAnswer, 202: CommandAnswer, '4xx': Problem, '5xx': Problem },
      },
    },
    async (request, reply) => {
      const { session, params, body } = request;
      const { senders } = options;
      if (session === null) throw new RequestProblem('not-signed-in');
      if (senders === null) throw new RequestProblem('forbidden');
      const sites = options
        .sitesOf(params.line)
        .filter((one) => body.site === undefined || one === body.site);
      const [site] = sites;
      if (site === undefined) throw new RequestProblem('unknown-line');
      if (sites.length > 1) throw ambiguousLine(sites);
      const { args = {} } = body;
      const command = commandNamed(body.command);
      const fault = commandFault(command, args);
      if (fault !== null) throw invalidRequest(fault.path, fault.message);
      const elsewhere = placeRefusal(command, originOf(request), options.consoles);
      if (elsewhere !== null) throw new RequestProblem(elsewhere);
      if (!isStopOrHold(command)) await checkProven(request);
      const idempotencyKey = request.headers['idempotency-key'];
      const { login, actorRef } = session;
      const who = actorRef === null ? { login } : { login, actorRef };
      const order = { ...who, site, line: params.line, idempotencyKey, command, args };
      reply.header('cache-control', 'no-store');
      return isControlCommand(command)
        ? controlled(reply, senders.control, order)
        : recorded(senders.records, order);
    },
  );
  addAuditRoutes(app, options);
}

/** Nobody is let in by what was known of them but to stop or hold a line. */
async function checkProven({ session, proven }: FastifyRequest): Promise<void> {
  if (proven === null) return;
  const found = await proven;
  if (found === null) throw new RequestProblem('not-signed-in');
  if (found.role !== session?.role) throw new RequestProblem('forbidden');
}

function originOf({ socket, ip, headers }: FastifyRequest) {
  return { remoteAddress: socket.remoteAddress ?? '', address: ip, headers };
}

async function recorded(sender: Pick<CommandSender, 'send'>, order: CommandOrder): Promise<CommandAnswer> {
  const outcome = await sender.send(order);
  switch (outcome.kind) {
    case 'busy':
    case 'key-reused':
    case 'edge-silent':
      throw new RequestProblem(outcome.kind);
    case 'no-reply':
      throw new RequestProblem('no-reply', {
        detail: 'It is noted all the same if the answer comes later.',
      });
    case 'replied': {
      const { code, detail, seq } = outcome.reply;
      if (code === 'done' || code === 'already-done') return { id: outcome.id, code, detail, seq };
      throw refusedWith(code, detail);
    }
  }
}

async function controlled(
  reply: FastifyReply,
  sender: Pick<ControlSender, 'ask'>,
  order: CommandOrder,
): Promise<CommandAnswer | FastifyReply> {
  const asked = await sender.ask(order);
  if (asked.kind !== 'told') throw new RequestProblem(asked.kind);
  const { id, outcome, code, detail, reasons, seq } = asked.row;
  const noted = asked.noted ? {} : { noted: false };
  if (outcome === 'refused') {
    if (code !== null && code !== 'refused' && reasons.length === 0) throw refusedWith(code, detail);
    const problem = refusalProblem({ id, reasons, detail });
    return reply.code(409).type('application/problem+json; charset=utf-8').send(problem);
  }
  if (outcome !== 'checking') return { id, code: outcome, detail, seq, outcome, reasons, ...noted };
  reply.code(202);
  return { id, code: code ?? 'sent', detail, seq, outcome, reasons, ...noted };
}

/** What an edge answers instead of doing it. */
function refusedWith(code: string, detail: string | null): RequestProblem {
  const known = Object.hasOwn(PROBLEMS, code) ? (code as ProblemCode) : 'no-reply';
  return new RequestProblem(known, detail === null ? {} : { detail });
}

function addAuditRoutes(app: TypedApp, { senders, records, clock, sitesOf }: CommandRouteOptions): void {
  app.get(
    '/commands',
    {
      config: { access: COMMANDERS },
      schema: {
        operationId: 'listCommands',
        summary: 'What was asked of a line and what came of it, newest first',
        description:
          'Under opaque references, never names. Acts about material and approved programmes are not here: they stand in the journal. What Trame ' +
          'asked by itself (`by`) is. `key`: only what this account asked under that `Idempotency-Key`, if anything.',
        tags: ['lines'],
        querystring: Type.Object(
          {
            ...PAGE_QUERY,
            line: Type.String({ pattern: ID_PATTERN }),
            site: Type.Optional(Type.String({ pattern: ID_PATTERN })),
            key: Type.Optional(Type.String({ pattern: KEY_PATTERN })),
          },
          { additionalProperties: false },
        ),
        response: { 200: CommandsAnswer, '4xx': Problem, '5xx': Problem },
      },
    },
    async ({ query, session }, reply): Promise<CommandsAnswer> => {
      const { line, site = null, key, limit = LIMIT_DEFAULT } = query;
      if (sitesOf(line).length === 0) throw new RequestProblem('unknown-line');
      if (key !== undefined) {
        const unnoted = session === null ? undefined : senders?.control.unnotedUnder(session.login, key);
        const actorRef = session?.actorRef ?? null;
        const row = unnoted ?? (await commandByKey(records, { actorRef, key }, clock.nowMs()));
        const isMeant = row !== undefined && row.line === line && (site === null || row.site === site);
        reply.header('cache-control', 'no-store');
        return { rows: isMeant ? [row] : [], next: null };
      }
      const asked = { line, site, after: placeOf(query.cursor), limit: limit + 1 };
      const rows = await commandsOf(records, asked, clock.nowMs());
      reply.header('cache-control', 'no-store');
      return pageOf(rows, limit, ({ at, id }) => ({ at, id }));
    },
  );

  app.get(
    '/commands/:id',
    {
      config: { access: COMMANDERS },
      schema: {
        operationId: 'readCommand',
        summary: 'What came of one request to a line',
        description: 'What the line’s ledger tells wins over what the line answered.',
        tags: ['lines'],
        params: Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{8,64}$' }) }),
        response: { 200: CommandRow, '4xx': Problem, '5xx': Problem },
      },
    },
    async ({ params }, reply): Promise<CommandRow> => {
      const unnoted = senders?.control.unnoted(params.id);
      const row = unnoted ?? (await commandById(records, params.id, clock.nowMs()));
      if (row === undefined) throw new RequestProblem('not-found');
      reply.header('cache-control', 'no-store');
      return row;
    },
  );
}
