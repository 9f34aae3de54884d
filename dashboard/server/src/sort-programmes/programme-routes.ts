/** Reads below `/api/v1/sort-programmes`. What people do there are acts: `material/act-rows-programmes.ts`. */
import { Problem } from '@trame/protocol/dashboard-api';
import { page } from '@trame/protocol/material/material-answers';
import { diffProgrammes } from '@trame/protocol/sort-programmes/diff-programmes';
import {
  LineProgrammes,
  ProgrammeAnswer,
  ProgrammeDiff,
  ProgrammeExamples,
  ProgrammeRow,
  ProgrammeVersionRow,
} from '@trame/protocol/sort-programmes/programme-answers';
import type { SortProgramme } from '@trame/protocol/sort-programmes/sort-programme';
import { ID_PATTERN } from '@trame/protocol/topics';
import { Type, type TSchema } from 'typebox';
import type { OpenSession } from '../access/session-repository.ts';
import { LIMIT_DEFAULT, PAGE_QUERY, pageOf, placeOf } from '../http/keyset.ts';
import { RequestProblem } from '../http/problem.ts';
import type { TypedApp } from '../http/typed-app.ts';
import { siteOf } from '../material/material-reads.ts';
import { addCheckRoute } from './check-route.ts';
import { outletNames } from '../material/reference.ts';
import { ProgrammeBook } from './programme-book.ts';
import { lineRows, programmeRows, versionRow } from './programme-lists.ts';
import { PROGRAMME_READERS, type ProgrammeRouteOptions } from './programme-reads.ts';
import type { ProgrammeVersionTable } from './programme-tables.ts';
import { SHIPPED_EXAMPLES } from './shipped-examples.ts';

const Id = Type.String({ pattern: ID_PATTERN });
const Version = Type.Integer({ minimum: 1, maximum: 1_000_000 });

export function addProgrammeRoutes(app: TypedApp, options: ProgrammeRouteOptions): void {
  addList(app, options);
  addLines(app, options);
  addExamples(app);
  addCheckRoute(app, options);
  addOne(app, options);
  addVersions(app, options);
  addDiff(app, options);
}

/** What people read of programmes, for all who may. */
function reading<Schema extends object>(schema: Schema) {
  return { config: { access: PROGRAMME_READERS }, schema: { ...schema, tags: ['sort-programmes'] } };
}

function answers<Answer extends TSchema>(answer: Answer) {
  return { 200: answer, '4xx': Problem, '5xx': Problem };
}

async function bookOf(options: ProgrammeRouteOptions): Promise<ProgrammeBook> {
  return new ProgrammeBook(options.records, await siteOf(options));
}

/** @returns the opaque reference of who asks. */
function askerOf({ actorRefOf }: ProgrammeRouteOptions, session: OpenSession | null): Promise<string> {
  if (session === null) throw new RequestProblem('not-signed-in');
  return actorRefOf(session.login);
}

function addList(app: TypedApp, options: ProgrammeRouteOptions): void {
  app.get(
    '/sort-programmes',
    reading({
      operationId: 'listSortProgrammes',
      summary: 'Sort programmes by their last version, the one saved last first',
      description:
        '`followed`: lines that follow a version of it. `waiting`: versions for which another account has to agree.',
      querystring: Type.Object(PAGE_QUERY, { additionalProperties: false }),
      response: answers(page(ProgrammeRow)),
    }),
    async ({ query, session }, reply) => {
      const { limit = LIMIT_DEFAULT } = query;
      const book = await bookOf(options);
      const heads = await book.lastVersions(placeOf(query.cursor), limit + 1);
      const rows = await programmeRows(book, heads, await askerOf(options, session));
      reply.header('cache-control', 'no-store');
      return pageOf(rows, limit, ({ savedAt, id }) => ({ at: savedAt, id }));
    },
  );
}

function addLines(app: TypedApp, options: ProgrammeRouteOptions): void {
  app.get(
    '/sort-programmes/lines',
    reading({
      operationId: 'listLineProgrammes',
      summary: 'Which sort programme each line follows, and what waits for it',
      description:
        '`follows.by`: `line` when its edge read it back from the sorter; `approval` where no edge ever said so, and what was ' +
        'approved is what people sort by. `hash` null: the line follows something that is not of this site.',
      response: answers(LineProgrammes),
    }),
    async ({ session }, reply) => {
      const reference = await options.reference();
      if (reference === null) throw new RequestProblem('no-book-keeper');
      const book = new ProgrammeBook(options.records, reference.site);
      const rows = await lineRows(book, reference, await askerOf(options, session));
      reply.header('cache-control', 'no-store');
      return { approvals: reference.programmeApprovals, rows, next: null };
    },
  );
}

function addExamples(app: TypedApp): void {
  app.get(
    '/sort-programmes/examples',
    reading({
      operationId: 'listSortProgrammeExamples',
      summary: 'Programmes to copy and change',
      description: 'Nobody’s advice: what a taker asks for is agreed with the taker.',
      response: answers(ProgrammeExamples),
    }),
    (_request, reply) => {
      reply.header('cache-control', 'no-store');
      return Promise.resolve({ rows: [...SHIPPED_EXAMPLES], next: null });
    },
  );
}

/** @param version left out: the last one. @throws RequestProblem when there is none. */
async function found(
  book: ProgrammeBook,
  programme: string,
  version: number | undefined,
): Promise<ProgrammeVersionTable> {
  const wanted = version ?? (await book.last(programme))?.version;
  const row = wanted === undefined ? undefined : await book.version(programme, wanted);
  if (row === undefined) throw new RequestProblem('unknown-programme');
  return row;
}

function addOne(app: TypedApp, options: ProgrammeRouteOptions): void {
  app.get(
    '/sort-programmes/:id',
    reading({
      operationId: 'readSortProgramme',
      summary: 'One version of a sort programme',
      description: '`version` left out: the last one.',
      params: Type.Object({ id: Id }),
      querystring: Type.Object({ version: Type.Optional(Version) }, { additionalProperties: false }),
      response: answers(ProgrammeAnswer),
    }),
    async ({ params, query, session }, reply) => {
      const book = await bookOf(options);
      const row = await found(book, params.id, query.version);
      const last = await book.last(params.id);
      const asker = await askerOf(options, session);
      reply.header('cache-control', 'no-store');
      return {
        ...versionRow(row, asker),
        lastVersion: last?.version ?? row.version,
        programme: JSON.parse(row.body) as SortProgramme,
      };
    },
  );
}

function addVersions(app: TypedApp, options: ProgrammeRouteOptions): void {
  app.get(
    '/sort-programmes/:id/versions',
    reading({
      operationId: 'listSortProgrammeVersions',
      summary: 'Versions of a sort programme, latest first',
      params: Type.Object({ id: Id }),
      querystring: Type.Object(PAGE_QUERY, { additionalProperties: false }),
      response: answers(page(ProgrammeVersionRow)),
    }),
    async ({ params, query, session }, reply) => {
      const { limit = LIMIT_DEFAULT } = query;
      const book = await bookOf(options);
      const after = placeOf(query.cursor);
      const heads = await book.versions(params.id, after?.at ?? null, limit + 1);
      if (heads.length === 0 && after === null) throw new RequestProblem('unknown-programme');
      const asker = await askerOf(options, session);
      const rows = heads.map((head) => versionRow(head, asker));
      reply.header('cache-control', 'no-store');
      return pageOf(rows, limit, ({ version }) => ({ at: version, id: String(version) }));
    },
  );
}

function addDiff(app: TypedApp, options: ProgrammeRouteOptions): void {
  app.get(
    '/sort-programmes/:id/diff',
    reading({
      operationId: 'diffSortProgramme',
      summary: 'What changed from one version to another',
      description: 'By threshold, rule and ceiling, each with words. The same content: no rows.',
      params: Type.Object({ id: Id }),
      querystring: Type.Object({ from: Version, to: Version }, { additionalProperties: false }),
      response: answers(ProgrammeDiff),
    }),
    async ({ params, query }, reply) => {
      const book = await bookOf(options);
      const read = async (version: number) =>
        JSON.parse((await found(book, params.id, version)).body) as SortProgramme;
      const reference = await options.reference();
      const names = reference === null ? {} : outletNames(reference);
      const changes = diffProgrammes(await read(query.from), await read(query.to), names);
      reply.header('cache-control', 'no-store');
      return { ...query, rows: [...changes], next: null };
    },
  );
}
