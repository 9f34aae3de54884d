/** `GET /api/v1/lines/{line}/restart`: what only people know after a power cut, and what the book thinks of it. */
import { Problem } from '@trame/protocol/dashboard-api';
import { binAccount } from '@trame/protocol/material/accounts';
import { RestartAnswer, type RestartQuestion } from '@trame/protocol/material/material-answers';
import { ID_PATTERN } from '@trame/protocol/topics';
import { Type } from 'typebox';
import { RequestProblem } from '../http/problem.ts';
import type { TypedApp } from '../http/typed-app.ts';
import type { Reference } from '../material/reference.ts';
import { MATERIAL_READERS, type MaterialReadOptions } from '../material/material-reads.ts';
import type { Records } from '../records/open-records.ts';

export function addRestartRoutes(app: TypedApp, options: MaterialReadOptions): void {
  const { records, reference } = options;
  app.get(
    '/lines/:line/restart',
    {
      config: { access: MATERIAL_READERS },
      schema: {
        operationId: 'readRestart',
        summary: 'The start after an unclean end that nobody has answered yet',
        description: '`restart` is null when there is nothing to be answered.',
        tags: ['lines'],
        params: Type.Object({ line: Type.String({ pattern: ID_PATTERN }) }),
        response: { 200: RestartAnswer, '4xx': Problem, '5xx': Problem },
      },
    },
    async ({ params }, reply): Promise<RestartAnswer> => {
      const known = await reference();
      if (known === null || !known.lines.includes(params.line)) throw new RequestProblem('unknown-line');
      reply.header('cache-control', 'no-store');
      return { restart: await restartOf(records, known, params.line) };
    },
  );
}

/** Whoever answers the latest one has looked: what an older one asked is asked no more. */
async function restartOf(
  records: Records,
  reference: Reference,
  line: string,
): Promise<RestartQuestion | null> {
  const { site } = reference;
  const found = await records
    .selectFrom('restarts')
    .selectAll()
    .where('site', '=', site)
    .where('line', '=', line)
    .where('unclean', '=', 1)
    .where('startedAt', 'is not', null)
    .orderBy('startedAt', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (found === undefined || found.startedAt === null || found.answeredAt !== null) return null;
  return {
    line,
    boot: found.boot,
    startedAt: found.startedAt,
    lastAliveAt: found.lastAliveAt,
    presses: await pressesOf(records, reference, line),
    bins: await binsOf(records, reference, line),
  };
}

async function pressesOf(
  records: Records,
  { site, presses }: Reference,
  line: string,
): Promise<RestartQuestion['presses']> {
  const open = await records
    .selectFrom('outputs')
    .selectAll()
    .where('site', '=', site)
    .where('line', '=', line)
    .where('status', 'in', ['started', 'pressed'])
    .orderBy('startedAt', 'desc')
    .orderBy('number', 'desc')
    .execute();
  return presses
    .filter((press) => press.line === line)
    .map(({ id, label }) => {
      const here = open.filter(({ press }) => press === id);
      const outputs = here.map(({ output, number, outlet }) => ({ id: output, number, outlet }));
      return { press: id, label, outputs };
    });
}

async function binsOf(
  records: Records,
  { site, outlets }: Reference,
  line: string,
): Promise<RestartQuestion['bins']> {
  const held = await records
    .selectFrom('holdings')
    .select((of) => ['account', of.fn.sum<number>('grams').as('grams')])
    .where('site', '=', site)
    .where('account', '>', `bin:${line}/`)
    .where('account', '<', `bin:${line}0`)
    .groupBy('account')
    .execute();
  const grams = new Map(held.map((row) => [row.account, row.grams]));
  return outlets.map(({ id, label }) => ({ outlet: id, label, grams: grams.get(binAccount(line, id)) ?? 0 }));
}
