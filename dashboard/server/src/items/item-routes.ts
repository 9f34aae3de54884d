/** What a line sorted piece by piece, and why: asked of its edge, which keeps pieces for some weeks. Nothing is kept here. */
import { ItemExplainAnswer, ItemListAnswer, ItemsPage } from '@trame/protocol/classification/item-answers';
import { ITEM_ID_PATTERN } from '@trame/protocol/classification/item-names';
import {
  ITEM_EXPLAIN,
  ITEM_LIST,
  ITEMS_PER_REPLY_MAX,
  type ItemExplainData,
  type ItemListData,
} from '@trame/protocol/classification/item-requests';
import { Problem } from '@trame/protocol/dashboard-api';
import { literals } from '@trame/protocol/schema';
import { READINGS } from '@trame/protocol/sort-programmes/programme-inputs';
import { ID_PATTERN } from '@trame/protocol/topics';
import { Type } from 'typebox';
import { roles } from '../access/guard.ts';
import { RequestProblem } from '../http/problem.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { whileAsked } from '../http/while-asked.ts';
import type { Records } from '../records/open-records.ts';
import { addDryRunRoute } from './dry-run-route.ts';
import { addressOf, answerReader, askOfPieces, type ItemQuestionOptions } from './item-questions.ts';
import { addOverrideRoute, type OverrideRouteOptions } from './override-route.ts';
import { replayRules } from './replay-rules.ts';

export interface ItemRouteOptions extends ItemQuestionOptions, OverrideRouteOptions {
  /** @returns the opaque reference of an account. */
  readonly actorRefOf: (login: string) => Promise<string>;
  readonly records: Records;
}

const LIST = answerReader(ItemListAnswer);
const EXPLANATION = answerReader(ItemExplainAnswer);

export const LineParams = Type.Object({ line: Type.String({ pattern: ID_PATTERN }) });
export const ItemParams = Type.Object({
  ...LineParams.properties,
  item: Type.String({ pattern: ITEM_ID_PATTERN }),
});

export function addItemRoutes(app: TypedApp, options: ItemRouteOptions): void {
  const readers = options.questions === null ? roles() : roles('operator', 'supervisor', 'administrator');
  addList(app, options, readers);
  addExplain(app, options, readers);
  addOverrideRoute(app, options);
  addDryRunRoute(app, options);
}

function addList(app: TypedApp, options: ItemRouteOptions, access: ReturnType<typeof roles>): void {
  app.get(
    '/lines/:line/items',
    {
      config: { access },
      schema: {
        operationId: 'listItems',
        summary: 'Pieces that a line sorted by their spectra, newest first',
        description:
          'As its edge keeps them; of older ones only sums are kept, in the ledger. `outlet`: where the line sent ' +
          'them, whatever people said of them since. 409 `not-sorting` ' +
          'of a line that reads no spectra, 409 `edge-silent` when it was not heard for some seconds, 504 `no-reply`, 503 ' +
          '`items-away` when the edge cannot read them now.',
        tags: ['lines'],
        params: LineParams,
        querystring: Type.Object(
          {
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: ITEMS_PER_REPLY_MAX })),
            cursor: Type.Optional(
              Type.String({ minLength: 1, maxLength: 200, description: '`next` of an earlier answer' }),
            ),
            outlet: Type.Optional(Type.String({ pattern: ID_PATTERN })),
            reading: Type.Optional(literals(READINGS)),
          },
          { additionalProperties: false },
        ),
        response: { 200: ItemsPage, '4xx': Problem, '5xx': Problem },
      },
    },
    async ({ params, query }, reply) => {
      const { limit = ITEMS_PER_REPLY_MAX, cursor = null, outlet = null, reading = null } = query;
      const asked = { before: cursor, outlet, reading };
      const { items, next } = await listed(options, params.line, asked, limit, whileAsked(reply));
      reply.header('cache-control', 'no-store');
      return { rows: [...items], next };
    },
  );
}

/** Rows with long compositions may not fit into one reply: then fewer are asked for. */
async function listed(
  options: ItemRouteOptions,
  line: string,
  asked: { readonly before: string | null; readonly outlet: string | null; readonly reading: string | null },
  limit: number,
  signal: AbortSignal,
) {
  try {
    const question = { line, command: ITEM_LIST, args: { ...asked, limit } };
    return (await askOfPieces(options, question, LIST, signal)) satisfies ItemListData;
  } catch (error) {
    const isTooLarge = error instanceof RequestProblem && error.code === 'answer-too-large';
    if (!isTooLarge || limit === 1) throw error;
    return listed(options, line, asked, Math.floor(limit / 2), signal);
  }
}

function addExplain(app: TypedApp, options: ItemRouteOptions, access: ReturnType<typeof roles>): void {
  app.get(
    '/lines/:line/items/:item',
    {
      config: { access },
      schema: {
        operationId: 'explainItem',
        summary: 'Why a piece went where it went',
        description:
          'Its verdict with every gate, each rule of the programme with the first test that failed, its spectrum beside the mean ' +
          'of its class, and what people said of it since. Rules are those of its own programme, whichever the line follows ' +
          'by now; `rules` null: that is neither saved here nor a shipped example. ' +
          '`actorRef` is told of oneself alone.',
        tags: ['lines'],
        params: ItemParams,
        response: { 200: ItemExplainAnswer, '4xx': Problem, '5xx': Problem },
      },
    },
    async ({ params, session }, reply) => {
      if (session === null) throw new RequestProblem('not-signed-in');
      const { line, item } = params;
      const question = { line, command: ITEM_EXPLAIN, args: { item } };
      const explained = await askOfPieces(options, question, EXPLANATION, whileAsked(reply));
      const asker = await options.actorRefOf(session.login);
      const overrides = explained.overrides.map((one) => ({
        ...one,
        actorRef: one.actorRef === asker ? asker : null,
      }));
      const { site } = addressOf(options, line);
      const rules = explained.rules ?? (await replayRules(options.records, site, explained));
      reply.header('cache-control', 'no-store');
      return { ...explained, rules, overrides } satisfies ItemExplainData;
    },
  );
}
