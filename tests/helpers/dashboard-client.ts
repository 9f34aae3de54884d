/** The dashboard's HTTP interface, as a signed-in person uses it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface DemoAccount {
  readonly login: string;
  readonly secret: string;
  readonly role: string;
}

export interface DashboardClient {
  /** `name=value` of the session cookie. */
  readonly cookie: string;
  /** Gives the JSON body. @throws when the status is not 2xx. */
  readonly get: (path: string) => Promise<unknown>;
  /** Gives the answer whatever its status. */
  readonly request: (path: string, init?: RequestInit) => Promise<Response>;
}

/** The account that `npm start` made for a role. */
export function demoAccount(dataDir: string, role: string): DemoAccount {
  const accounts: DemoAccount[] = JSON.parse(readFileSync(join(dataDir, 'demo-accounts.json'), 'utf8'));
  const account = accounts.find((candidate) => candidate.role === role);
  if (account === undefined) throw new Error(`no demo account has the role ${role}`);
  return account;
}

/**
 * @param baseUrl `http://127.0.0.1:<port>`; paths start with `/api/v1/…`.
 * @throws when signing in is refused.
 */
export async function signIn(
  baseUrl: string,
  { login, secret }: Pick<DemoAccount, 'login' | 'secret'>,
): Promise<DashboardClient> {
  const answer = await fetch(`${baseUrl}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login, secret }),
  });
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0];
  if (!answer.ok || cookie === undefined) {
    throw new Error(`signing in as ${login}: ${answer.status} ${await answer.text()}`);
  }
  await answer.body?.cancel();
  const request = (path: string, init: RequestInit = {}) =>
    fetch(`${baseUrl}${path}`, {
      ...init,
      headers: { ...Object.fromEntries(new Headers(init.headers)), cookie },
    });
  return {
    cookie,
    request,
    get: async (path) => {
      const response = await request(path);
      if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
      return response.json();
    },
  };
}
