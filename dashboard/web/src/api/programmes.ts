/** What the pages about sort programmes ask the server. */
import type { ProgrammeDryRunData } from '@trame/protocol/classification/item-requests';
import type { ActAnswer } from '@trame/protocol/material/act-parts';
import type {
  LineProgrammes,
  ProgrammeAnswer,
  ProgrammeRow,
  ProgrammeVersionRow,
} from '@trame/protocol/sort-programmes/programme-answers';
import type { ToldFinding } from '@trame/protocol/sort-programmes/programme-finding';
import type { SortProgramme } from '@trame/protocol/sort-programmes/sort-programme';
import { address, type Query } from '../material/address.ts';
import type { Page } from '../material/material-reads.ts';
import {
  isDiff,
  isDryRun,
  isExamples,
  isFindings,
  isLineProgrammes,
  isProgrammeAnswer,
  isProgrammePage,
  isSaved,
  isVersionPage,
  readFindings,
  type Diff,
} from './read-programmes.ts';
import { request, type Answer } from './request.ts';
import type { Guard } from './shape.ts';

const PATH = '/api/v1/sort-programmes';
/** An edge looks at ten thousands of pieces between those that it sorts: the server waits a minute for it. */
const DRY_RUN_LIMIT_MS = 65_000;

function ask<T>(guard: Guard<T>, path: string, query: Query, signal: AbortSignal): Promise<Answer<T>> {
  return request({ method: 'GET', path: address(path, query), read: reader(guard), signal });
}

function reader<T>(guard: Guard<T>): (body: unknown) => T | null {
  return (body) => (guard(body) ? body : null);
}

const one = (id: string): string => `${PATH}/${encodeURIComponent(id)}`;

/** By their last version, the one saved last first. */
export const listProgrammes = (query: Query, signal: AbortSignal): Promise<Answer<Page<ProgrammeRow>>> =>
  ask(isProgrammePage, PATH, query, signal);

export const getLineProgrammes = (signal: AbortSignal): Promise<Answer<LineProgrammes>> =>
  ask(isLineProgrammes, `${PATH}/lines`, {}, signal);

export const getExamples = (
  signal: AbortSignal,
): Promise<Answer<{ readonly rows: readonly SortProgramme[] }>> =>
  ask(isExamples, `${PATH}/examples`, {}, signal);

/** @param version null: the last. */
export const getProgramme = (
  id: string,
  version: number | null,
  signal: AbortSignal,
): Promise<Answer<ProgrammeAnswer>> => ask(isProgrammeAnswer, one(id), { version }, signal);

/** Latest first. */
export const listVersions = (
  id: string,
  query: Query,
  signal: AbortSignal,
): Promise<Answer<Page<ProgrammeVersionRow>>> => ask(isVersionPage, `${one(id)}/versions`, query, signal);

export const getDiff = (id: string, from: number, to: number, signal: AbortSignal): Promise<Answer<Diff>> =>
  ask(isDiff, `${one(id)}/diff`, { from, to }, signal);

export type ProgrammeDiffAnswer = Answer<Diff>;

/** @param line whose outlets it may lead to; null: all of the site. */
export function checkProgramme(
  programme: object,
  line: string | null,
  signal: AbortSignal,
): Promise<Answer<{ readonly rows: readonly ToldFinding[] }>> {
  const body = line === null ? { programme } : { programme, line };
  return request({ method: 'POST', path: `${PATH}/check`, body, read: reader(isFindings), signal });
}

export type DryRunOutcome = Answer<ProgrammeDryRunData>;

/** What the programme would have done with pieces of `[from, to)`, UTC ms; nothing is sorted by it. */
export function dryRun(
  line: string,
  programme: object,
  { from, to }: { readonly from: number; readonly to: number },
  signal: AbortSignal,
): Promise<Answer<ProgrammeDryRunData>> {
  const path = `/api/v1/lines/${encodeURIComponent(line)}/dry-run`;
  return request({
    method: 'POST',
    path,
    body: { programme, from, to },
    read: reader(isDryRun),
    limitMs: DRY_RUN_LIMIT_MS,
    signal,
  });
}

export type SaveOutcome =
  | { readonly kind: 'saved'; readonly answer: ActAnswer }
  /** `programme-faulty` and the rest; `findings` of the first only. */
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly code: string;
      readonly findings: readonly ToldFinding[];
      /** `programme-exists` and `programme-moved-on`: the last version there is; null where nobody said it. */
      readonly version: number | null;
    }
  | { readonly kind: 'away' }
  | { readonly kind: 'dropped' };

/** `SaveProgrammeBody`, of a programme that may be faulty. */
export interface SaveProgrammeAsked {
  readonly programme: object;
  /** Null: it is a new one. */
  readonly basedOn: { readonly version: number } | null;
  readonly note?: string;
}

/** The same `key` asked again is the same act. */
export async function saveProgramme(
  body: SaveProgrammeAsked,
  key: string,
  signal: AbortSignal,
): Promise<SaveOutcome> {
  const answer = await request({
    method: 'POST',
    path: PATH,
    body,
    idempotencyKey: key,
    read: reader(isSaved),
    signal,
  });
  if (answer.kind === 'ok') return { kind: 'saved', answer: answer.body };
  if (answer.kind !== 'refused') return answer;
  const { status, code, findings, params } = answer;
  const version = params?.['version'];
  return {
    kind: 'refused',
    status,
    code,
    findings: readFindings(findings),
    version: typeof version === 'number' ? version : null,
  };
}
