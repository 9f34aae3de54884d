/** Acts about material over the dashboard's interface, as a kiosk or a page asks for them. */
import { randomUUID } from 'node:crypto';
import type { WeighingsAnswer } from '@trame/protocol/dashboard-api';
import type { ActAnswer } from '@trame/protocol/material/act-parts';
import type { DashboardClient } from './dashboard-client.ts';
import { until } from './until.ts';

/** A problem document as an act gets it. */
export interface ActRefusal {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly params: Readonly<Record<string, string | number>>;
}

export interface MaterialActs {
  /** @param path below `/api/v1`. @throws when it is refused. */
  readonly act: (path: string, body: object, key?: string) => Promise<ActAnswer>;
  /** @throws when it is not refused. */
  readonly refusal: (path: string, body: object, key?: string) => Promise<ActRefusal>;
  /** @throws when the status is not 2xx. */
  readonly read: <Answer>(path: string) => Promise<Answer>;
  /** All rows of a list that fits one page. */
  readonly rows: <Row>(path: string) => Promise<readonly Row[]>;
}

const PAGE = 500;

export function materialActs(client: DashboardClient): MaterialActs {
  const post = async (path: string, body: object, key: string) => {
    const response = await client.request(`/api/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(body),
    });
    const answer: unknown = await response.json();
    return { status: response.status, body: answer };
  };
  const read = async <Answer>(path: string) => (await client.get(`/api/v1${path}`)) as Answer;
  return {
    act: async (path, body, key = randomUUID()) => {
      const answer = await post(path, body, key);
      if (answer.status >= 300)
        throw new Error(`POST ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body as ActAnswer;
    },
    refusal: async (path, body, key = randomUUID()) => {
      const answer = await post(path, body, key);
      if (answer.status < 300) throw new Error(`POST ${path} was done: ${JSON.stringify(answer.body)}`);
      return answer.body as ActRefusal;
    },
    read,
    rows: async <Row>(path: string) => {
      const mark = path.includes('?') ? '&' : '?';
      const { rows, next } = await read<{ readonly rows: readonly Row[]; readonly next: string | null }>(
        `${path}${mark}limit=${PAGE}`,
      );
      if (next !== null) throw new Error(`${path} has more than ${PAGE} rows`);
      return rows;
    },
  };
}

/** How long the edge may take to read a scale and the server to be told of it. */
const RECORDED_MS = 30_000;

export type WeighingRow = WeighingsAnswer['rows'][number];

/** The recorded weighing that a scale stored under a number. */
export function weighingOf(acts: MaterialActs, scale: string, alibi: number): Promise<WeighingRow> {
  return until(
    `weighing ${alibi} of ${scale}`,
    async () => {
      const { rows } = await acts.read<WeighingsAnswer>(`/weighings?scale=${scale}&limit=${PAGE}`);
      return rows.find(({ kind, number }) => kind === 'recorded' && number === alibi);
    },
    RECORDED_MS,
  );
}
