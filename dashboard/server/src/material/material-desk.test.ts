/** Acts through a whole server: asked by HTTP, recorded by a line over the broker, answered once. */
import type { Problem } from '@trame/protocol/dashboard-api';
import type { ActAnswer } from '@trame/protocol/material/act-bodies';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';
import { TestLine } from '../testing/test-line.ts';

let server: TestServer;
let line: TestLine;
let supervisor: string;
let keys = 0;

const newKey = () => `key-${String((keys += 1)).padStart(8, '0')}`;

interface Answered {
  readonly status: number;
  readonly body: ActAnswer & Problem;
}

async function act(
  path: string,
  body: object,
  { key = newKey(), cookie = supervisor } = {},
): Promise<Answered> {
  const response = await fetch(`${server.url}/api/v1${path}`, {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as ActAnswer & Problem };
}

const partner = (name: string) => ({ partner: name, role: 'collector', name: `Collecte ${name}` });
const recorded = () => line.ledger.events.filter(({ type }) => type === 'partner.declared');

beforeAll(async () => {
  server = await startTestServer();
  line = await TestLine.connect({ url: server.mqttUrl });
  supervisor = await server.signIn('supervisor');
  await eventually(async () => ((await server.get('/api/v1/reference', supervisor)).ok ? true : null));
});
afterAll(async () => {
  await line[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});
beforeEach(() => {
  line.before = () => undefined;
  line.isThere = true;
  line.isHeard = true;
  line.sends = true;
  line.refuses = null;
});

describe('an act', () => {
  it('is recorded by the line, and answered with its event once it is shown', async () => {
    const { status, body } = await act('/partners', partner('emmaus'));
    expect(status).toBe(201);
    const [event] = recorded();
    expect(body).toEqual({ id: 'emmaus', number: null, events: [event?.id], warnings: [], replayed: false });
    expect(event?.payload).toMatchObject({ partner: 'emmaus', role: 'collector' });
    expect(event?.actorRef).toMatch(/^[0-9a-f]{32}$/u);
  });

  it('asked again under its key is the same act; with another body it is refused', async () => {
    const key = newKey();
    const before = recorded().length;
    const first = await act('/partners', partner('relais'), { key });
    const again = await act('/partners', partner('relais'), { key });
    expect(again).toEqual({ status: 201, body: { ...first.body, replayed: true } });
    const other = await act('/partners', partner('autre'), { key });
    expect(other).toMatchObject({ status: 409, body: { code: 'key-reused' } });
    expect(recorded()).toHaveLength(before + 1);
  });
});
