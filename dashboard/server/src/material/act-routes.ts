/** The HTTP addresses of all acts about material. */
import { canonicalJson } from '@trame/protocol/canonical-json';
import { Problem } from '@trame/protocol/dashboard-api';
import { ActAnswer } from '@trame/protocol/material/act-parts';
import { ID_PATTERN } from '@trame/protocol/topics';
import { createHash } from 'node:crypto';
import { Type } from 'typebox';
import { roles } from '../access/guard.ts';
import { invalidRequest, RequestProblem } from '../http/problem.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { toldFindings } from '../sort-programmes/told-findings.ts';
import type { Act } from './act.ts';
import { ACTS } from './act-table.ts';
import type { ActOutcome } from './act-order.ts';
import { strictValidator } from './act-validation.ts';
import type { MaterialDesk } from './material-desk.ts';

/** Body of one act: a delivery with every container of a truck, its points and documents. */
const ACT_BYTES_MAX = 256 * 1024;

const KEY = Type.Object({ 'idempotency-key': Type.String({ pattern: '^[A-Za-z0-9._~-]{8,128}$' }) });
const Id = Type.String({ pattern: ID_PATTERN });

const DESCRIPTION =
  'Answers once it is recorded in the ledger and shown by every list. The same `Idempotency-Key` with the same body ' +
  'gets the same answer, `replayed`; with another body 409 `key-reused`. 503 and 504: it may be recorded already, and ' +
  'the same key asks again without doing it twice. A refusal says why by its `code`, with figures in `params`.';

/** @param desk null: nothing is recorded from here, by nobody. */
export function addActRoutes(app: TypedApp, desk: Pick<MaterialDesk, 'act'> | null): void {
  for (const act of ACTS) addAct(app, desk, act);
}

function addAct(app: TypedApp, desk: Pick<MaterialDesk, 'act'> | null, act: Act): void {
  const name = /:(?<name>\w+)/u.exec(act.path)?.groups?.['name'];
  app.post(
    act.path,
    {
      config: { access: desk === null ? roles() : roles(...act.roles) },
      bodyLimit: ACT_BYTES_MAX,
      validatorCompiler: strictValidator,
      schema: {
        operationId: act.operationId,
        summary: act.summary,
        description: DESCRIPTION,
        tags: [act.tag],
        headers: KEY,
        params: Type.Object(name === undefined ? {} : { [name]: Id }),
        body: act.body,
        response: { [act.status]: ActAnswer, '4xx': Problem, '5xx': Problem },
      },
    },
    async (request, reply) => {
      const { session, method, params, headers } = request;
      if (session === null) throw new RequestProblem('not-signed-in');
      if (desk === null) throw new RequestProblem('forbidden');
      const body = request.body as { readonly occurredAt?: number };
      const target = name === undefined ? '' : ((params as Readonly<Record<string, string>>)[name] ?? '');
      const outcome = await desk.act({
        key: headers['idempotency-key'],
        bodyHash: hashOf(`${method} ${act.path} ${target}`, body),
        login: session.login,
        occurredAt: body.occurredAt ?? null,
        decide: (context) => act.decide(context, body, target),
      });
      const answer = answered(outcome);
      return reply.code(act.status).header('cache-control', 'no-store').send(answer);
    },
  );
}

/** @throws RequestProblem for what has no canonical form, or no place in the records. */
function hashOf(address: string, body: unknown): string {
  let text: string;
  try {
    text = canonicalJson(body);
  } catch {
    throw invalidRequest('/body', 'holds half a character');
  }
  if (text.includes(String.raw`\u0000`)) throw invalidRequest('/body', 'holds a character without a form');
  return createHash('sha256').update(`${address}\n${text}`).digest('hex');
}

function answered(outcome: ActOutcome): ActAnswer {
  switch (outcome.kind) {
    case 'done':
      return outcome.answer;
    case 'refused': {
      const { code, detail, params, findings } = outcome;
      const told = findings === undefined ? {} : { findings: toldFindings(findings) };
      throw new RequestProblem(code, { detail, params, ...told });
    }
    case 'problem':
      throw new RequestProblem(outcome.code, outcome.detail === undefined ? {} : { detail: outcome.detail });
  }
}
