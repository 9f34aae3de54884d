/** Every error that leaves the server is an RFC 9457 problem document with a stable code. */
import type { Problem } from '@trame/protocol/dashboard-api';
import type { ToldFinding } from '@trame/protocol/sort-programmes/programme-finding';
import type { FastifyReply } from 'fastify';
import { ACT_PROBLEMS } from '../material/act-problems.ts';

export const PROBLEMS = {
  ...ACT_PROBLEMS,
  'not-signed-in': { status: 401, title: 'Sign in first' },
  'invalid-credentials': { status: 401, title: 'Login or secret is wrong' },
  forbidden: { status: 403, title: 'Your role may not do this' },
  'cross-site': { status: 403, title: 'The request comes from another site' },
  'not-found': { status: 404, title: 'There is nothing here' },
  'unknown-line': { status: 404, title: 'There is no such line' },
  'ambiguous-line': { status: 409, title: 'Two sites have a line of that name: say which' },
  'epoch-not-refused': { status: 409, title: 'Nothing of this epoch was refused on that line' },
  'key-reused': { status: 409, title: 'This Idempotency-Key was used for another request' },
  'unknown-key': { status: 409, title: 'The line does not trust this server' },
  'bad-signature': { status: 409, title: 'The line cannot verify the signature of this server' },
  'wrong-line': { status: 409, title: 'The request reached another line' },
  'unknown-command': { status: 409, title: 'The line does not know this command' },
  'invalid-args': { status: 409, title: 'The line does not take these arguments' },
  'not-sorting': {
    status: 409,
    title: 'This line does not sort by spectra: nothing is known of single pieces',
  },
  'unknown-item': { status: 404, title: 'The line does not keep that piece, or no longer' },
  'same-outlet': { status: 409, title: 'That piece goes there already' },
  'too-many-overrides': { status: 409, title: 'That piece was changed too often' },
  'items-away': { status: 503, title: 'The line cannot read what it keeps of pieces now' },
  'answer-too-large': { status: 409, title: 'The answer of the line does not fit: ask for less' },
  'bad-answer': { status: 502, title: 'The line answered what cannot be read' },
  expired: { status: 409, title: 'The request came too late' },
  'not-stored': { status: 409, title: 'The line could not record it: ask again' },
  refused: { status: 409, title: 'The line refuses' },
  'edge-silent': { status: 409, title: 'The line was not heard for some seconds: nothing was sent' },
  'not-from-a-phone': { status: 403, title: 'A line is not set in motion from a phone' },
  'not-from-here': { status: 403, title: 'A line is set in motion from a declared control place only' },
  stale: { status: 409, title: 'The line has recorded something since: ask again' },
  'not-recorded': { status: 503, title: 'The line could not record it now: ask again' },
  'no-book-keeper': { status: 503, title: 'Nobody said which line keeps the book of this site' },
  'method-not-allowed': { status: 405, title: 'This address does not take that method' },
  'invalid-request': { status: 400, title: 'The request is not valid' },
  'malformed-body': { status: 400, title: 'The body cannot be read' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'not-acceptable': { status: 406, title: 'It can be had as SVG, PDF or ZPL' },
  'unsupported-media-type': { status: 415, title: 'The body must be JSON' },
  'foreign-media': { status: 415, title: 'Files of this kind are not kept' },
  'documents-full': { status: 503, title: 'There is no room for documents on the disk' },
  'too-many-attempts': { status: 429, title: 'Too many wrong secrets: wait before the next attempt' },
  'internal-error': { status: 500, title: 'The server failed; the failure is in its log' },
  'records-unavailable': { status: 503, title: 'The records do not answer now' },
  'history-unavailable': { status: 503, title: 'The history does not answer now' },
  'too-many-listeners': { status: 503, title: 'Too many pages follow the live picture' },
  busy: { status: 503, title: 'The server is busy: try again' },
  'no-reply': { status: 504, title: 'The line does not answer' },
  'page-not-built': { status: 503, title: 'The page has not been built' },
} as const;
export type ProblemCode = keyof typeof PROBLEMS;

export interface ProblemDetails {
  readonly detail?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
  /** Figures and names that words for people need. */
  readonly params?: Readonly<Record<string, string | number>>;
  /** Of a sort programme. */
  readonly findings?: readonly ToldFinding[];
}

/** An expected failure of a request; it becomes a problem document. */
export class RequestProblem extends Error {
  override readonly name = 'RequestProblem';
  readonly code: ProblemCode;
  readonly details: ProblemDetails;

  constructor(code: ProblemCode, details: ProblemDetails = {}) {
    super(details.detail ?? PROBLEMS[code].title);
    this.code = code;
    this.details = details;
  }
}

/** @returns a problem about one query parameter or body field; `path` is a JSON pointer. */
export function invalidRequest(path: string, message: string): RequestProblem {
  return new RequestProblem('invalid-request', { errors: [{ path, message }] });
}

/** @returns a problem of a request that names a line, but not of which site. */
export function ambiguousLine(sites: readonly string[]): RequestProblem {
  return new RequestProblem('ambiguous-line', { detail: `Give site: one of ${sites.join(', ')}` });
}

export function problemBody(code: ProblemCode, details: ProblemDetails = {}): Problem {
  const { status, title } = PROBLEMS[code];
  return {
    type: `urn:trame:problem:${code}`,
    title,
    status,
    code,
    ...(details.detail === undefined ? {} : { detail: details.detail }),
    ...(details.params === undefined ? {} : { params: { ...details.params } }),
    ...(details.findings === undefined ? {} : { findings: [...details.findings] }),
    ...(details.errors === undefined ? {} : { errors: [...details.errors] }),
  };
}

export function sendProblem(
  reply: FastifyReply,
  code: ProblemCode,
  details: ProblemDetails = {},
): FastifyReply {
  const body = problemBody(code, details);
  return reply
    .code(body.status)
    .type('application/problem+json; charset=utf-8')
    .header('cache-control', 'no-store')
    .serializer(JSON.stringify)
    .send(body);
}
