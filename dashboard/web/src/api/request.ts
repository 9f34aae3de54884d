/** One request to the dashboard's HTTP interface, with every outcome as a value. */
import { isRecord, readJson } from './json.ts';

/** No answer of this interface takes longer on a working link. */
const REQUEST_LIMIT_MS = 15_000;
/** A photo of some megabytes over a weak wireless link. */
const FILE_LIMIT_MS = 120_000;

/** The server is there; the edge that it asked did not answer in time. */
export const NO_REPLY = 'no-reply';
/** So is it here: the edge answered that it cannot read what it keeps of pieces, or what nobody can read. */
const WORDS_OF_A_LINE: ReadonlySet<string> = new Set([NO_REPLY, 'items-away', 'bad-answer']);

export type Answer<T> =
  | { readonly kind: 'ok'; readonly body: T }
  /** The server refused: `code` is the stable code of its problem document. */
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly code: string;
      /** In the words of who refused; left out when there are none. */
      readonly detail?: string;
      /** Figures and names that the words of the code need; left out when the problem document has none. */
      readonly params?: Readonly<Record<string, unknown>>;
      /** Of a line that refuses to be moved, as they came: who shows them reads them. */
      readonly reasons?: unknown;
      /** Of a sort programme that cannot serve, as they came. */
      readonly findings?: unknown;
    }
  /** No answer, or one that cannot be read: the server is away, or it is not the one we know. */
  | { readonly kind: 'away' }
  /** The asker has given up. */
  | { readonly kind: 'dropped' };

export interface Ask<T> {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Path and query, from the origin. */
  readonly path: string;
  readonly body?: object;
  /** In the place of a body of JSON: a file as it is. */
  readonly file?: Blob;
  /** The server does a request with the same key once, however often it is asked. */
  readonly idempotencyKey?: string;
  /** For answers that take longer than most, ms. */
  readonly limitMs?: number;
  /** Reads the body of a success; null when it is not what was asked for. */
  readonly read: (body: unknown) => T | null;
  readonly signal: AbortSignal;
}

export async function request<T>(ask: Ask<T>): Promise<Answer<T>> {
  const headers = new Headers({ accept: 'application/json' });
  const init: RequestInit = {
    method: ask.method,
    credentials: 'same-origin',
    cache: 'no-store',
    headers,
    signal: AbortSignal.any([
      ask.signal,
      AbortSignal.timeout(ask.limitMs ?? (ask.file === undefined ? REQUEST_LIMIT_MS : FILE_LIMIT_MS)),
    ]),
  };
  if (ask.body !== undefined) {
    headers.set('content-type', 'application/json');
    init.body = JSON.stringify(ask.body);
  }
  if (ask.file !== undefined) {
    headers.set('content-type', ask.file.type);
    init.body = ask.file;
  }
  if (ask.idempotencyKey !== undefined) headers.set('idempotency-key', ask.idempotencyKey);
  let response: Response;
  let text: string;
  try {
    response = await fetch(ask.path, init);
    text = await response.text();
  } catch (error) {
    // fetch tells an unreachable server, a broken answer and its own time-out by throwing.
    if (ask.signal.aborted) return { kind: 'dropped' };
    if (error instanceof TypeError || error instanceof DOMException) return { kind: 'away' };
    throw error;
  }
  return response.ok ? success(text, ask.read) : refusal(response.status, text);
}

function success<T>(text: string, read: (body: unknown) => T | null): Answer<T> {
  const body = read(text === '' ? undefined : readJson(text));
  return body === null ? { kind: 'away' } : { kind: 'ok', body };
}

function refusal(status: number, text: string): Answer<never> {
  const problem = readJson(text);
  const code = isRecord(problem) && typeof problem['code'] === 'string' ? problem['code'] : '';
  // A gateway in front of a server that is gone says 502 to 504; a server that starts says 503. That a line did
  // not reply is the server's own word, though.
  if (WORDS_OF_A_LINE.has(code)) return { kind: 'refused', status, code };
  if (status >= 502 && status <= 504) return { kind: 'away' };
  const params = isRecord(problem) ? problem['params'] : undefined;
  const reasons = isRecord(problem) ? problem['reasons'] : undefined;
  const findings = isRecord(problem) ? problem['findings'] : undefined;
  return {
    kind: 'refused',
    status,
    code,
    ...(isRecord(problem) && typeof problem['detail'] === 'string' ? { detail: problem['detail'] } : {}),
    ...(isRecord(params) ? { params } : {}),
    ...(reasons === undefined ? {} : { reasons }),
    ...(findings === undefined ? {} : { findings }),
  };
}
