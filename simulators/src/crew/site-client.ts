/** The dashboard's API, as a signed-in person uses it. */
import { readFileSync } from 'node:fs';
import type { Json, Role } from './memory.ts';

const requestTimeoutMs = 20_000;

/** What the server answers to an act that it has recorded. */
export interface ActAnswer {
  readonly id: string;
  readonly events: readonly string[];
}

export type Reply =
  | { readonly kind: 'done'; readonly body: unknown }
  /** It will not be done, however often it is asked. */
  | { readonly kind: 'refused'; readonly status: number; readonly code: string }
  /** Nobody answered, or not now: to be asked again. */
  | { readonly kind: 'away'; readonly reason: string };

interface Account {
  readonly login: string;
  readonly secret: string;
  readonly role: string;
}

function away(reason: string): Reply {
  return { kind: 'away', reason };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

/** The code of a problem document, else its status. */
function codeOf(body: unknown, status: number): string {
  const code = typeof body === 'object' && body !== null && 'code' in body ? body.code : null;
  return typeof code === 'string' ? code : `status-${status}`;
}

function isLater(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500;
}

export class SiteClient {
  #url: string;
  #accountsFile: string;
  #cookies = new Map<Role, string>();

  /** @param accountsFile as `npm start` writes it: `[{login, secret, role}]`. */
  constructor(url: string, accountsFile: string) {
    this.#url = url.replace(/\/$/u, '');
    this.#accountsFile = accountsFile;
  }

  /** Does an act under its key. The same key does the same thing once. */
  async act(role: Role, path: string, key: string, body: Json, stopping: AbortSignal): Promise<Reply> {
    return this.#asked(role, stopping, (cookie, signal) =>
      fetch(`${this.#url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': key, cookie },
        body: JSON.stringify(body),
        signal,
      }),
    );
  }

  async get(role: Role, path: string, stopping: AbortSignal): Promise<Reply> {
    return this.#asked(role, stopping, (cookie, signal) =>
      fetch(`${this.#url}${path}`, { headers: { cookie }, signal }),
    );
  }

  /** Asks with a session, made anew once when it is no longer known. */
  async #asked(
    role: Role,
    stopping: AbortSignal,
    ask: (cookie: string, signal: AbortSignal) => Promise<Response>,
  ): Promise<Reply> {
    try {
      for (let attempt = 0; attempt < 2; attempt += 1) {
        const cookie = this.#cookies.get(role) ?? (await this.#signIn(role, stopping));
        const response = await ask(
          cookie,
          AbortSignal.any([stopping, AbortSignal.timeout(requestTimeoutMs)]),
        );
        const body: unknown = await response.json().catch(() => null);
        if (response.ok) return { kind: 'done', body };
        if (response.status === 401) this.#cookies.delete(role);
        else if (isLater(response.status)) return away(codeOf(body, response.status));
        else return { kind: 'refused', status: response.status, code: codeOf(body, response.status) };
      }
      return away('the session is refused');
    } catch (error) {
      if (stopping.aborted) throw error;
      return away(reasonOf(error));
    }
  }

  async #signIn(role: Role, stopping: AbortSignal): Promise<string> {
    const accounts = JSON.parse(readFileSync(this.#accountsFile, 'utf8')) as Account[];
    const account = accounts.find((candidate) => candidate.role === role);
    if (account === undefined) throw new Error(`${this.#accountsFile} has no account of the role ${role}`);
    const response = await fetch(`${this.#url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ login: account.login, secret: account.secret }),
      signal: AbortSignal.any([stopping, AbortSignal.timeout(requestTimeoutMs)]),
    });
    await response.body?.cancel();
    const cookie = response.headers.getSetCookie()[0]?.split(';')[0];
    if (!response.ok || cookie === undefined) throw new Error(`signing in as ${role}: ${response.status}`);
    this.#cookies.set(role, cookie);
    return cookie;
  }
}
