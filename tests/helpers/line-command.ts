/** Requests that a person sends to a line, or a decision about its ledger, over the dashboard's interface. */
import type { DashboardClient } from './dashboard-client.ts';
import { LINE } from './standstill.ts';

export interface Answer {
  readonly status: number;
  /** Of a `CommandAnswer` or a problem. */
  readonly body: {
    readonly id?: string;
    readonly code?: string;
    readonly detail?: string | null;
    readonly seq?: number | null;
  };
}

/** @param key `Idempotency-Key`: who sends the same request again sends the same key. */
export function sendCommand(
  client: DashboardClient,
  key: string,
  command: string,
  args: Readonly<Record<string, unknown>> = {},
): Promise<Answer> {
  return post(client, `/api/v1/lines/${LINE}/commands`, { command, args }, { 'idempotency-key': key });
}

export function acceptEpoch(client: DashboardClient, epoch: string): Promise<Answer> {
  return post(client, `/api/v1/lines/${LINE}/ledger/epoch`, { epoch });
}

async function post(
  client: DashboardClient,
  path: string,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const response = await client.request(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Answer['body']) };
}
