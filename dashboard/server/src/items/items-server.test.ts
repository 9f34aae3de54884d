/** Pieces through a whole server, over a real broker, from a line that stands in for an edge: who may ask, and what is answered. */
import type {
  ItemExplainData,
  ItemListData,
  ItemRow,
  ProgrammeDryRunData,
} from '@trame/protocol/classification/item-requests';
import { decodeCommand, type CommandRequest } from '@trame/protocol/command';
import { AUTOMATIC_LINE_PROGRAMME } from '@trame/protocol/sort-programmes/examples/automatic-line';
import { programmeHash } from '@trame/protocol/sort-programmes/programme-hash';
import { encodeHeartbeat, HEARTBEAT_INTERVAL_MS } from '@trame/protocol/heartbeat';
import { exampleHeartbeat } from '@trame/protocol/test-heartbeat';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { messageOf, TEST_NOW_MS, TestLedger } from '../ledger/test-ledger.ts';
import { repeat } from '../ports/repeat.ts';
import { woolProgramme } from '../sort-programmes/test-programmes.ts';
import { systemClock } from '../system/system-clock.ts';
import { eventually } from '../testing/eventually.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';

type Reply = { code: string; detail: string | null; refusal?: string; data?: unknown; seq?: number };

const ledger = new TestLedger();
const ID = 'nir:69070000:7';
const ITEM: ItemRow = {
  id: ID,
  readAt: TEST_NOW_MS,
  reading: 'pure',
  fibre: 'wool',
  refusal: null,
  probability: 0.97,
  composition: [{ fibre: 'wool', percent: 100 }],
  errorPoints: 3,
  decided: 'effilochage',
  rule: 'laine',
  wrote: 'in-time',
  outlet: 'effilochage',
  overrides: 0,
  overriddenTo: null,
};
const FACTS = {
  reading: 'pure',
  composition: { wool: 100 },
  errorPoints: 3,
  colour: null,
  moisturePercent: null,
  disruptors: null,
  grade: null,
  weightG: null,
  category: null,
  family: null,
} as const;
const EXPLAINED: ItemExplainData = {
  item: ITEM,
  verdict: {
    fibre: 'wool',
    refusal: null,
    probability: 0.97,
    composition: [{ fibre: 'wool', percent: 100 }],
    errorPoints: 3,
    background: null,
    gates: [{ gate: 'distance', passed: true, measured: 0.2, limit: 0.4 }],
    model: { id: 'site', sha256: 'cd'.repeat(32) },
  },
  facts: FACTS,
  programme: { id: 'laine', version: 1, hash: 'ab'.repeat(32) },
  rules: [
    { id: 'laine', label: 'Laine', outlet: 'effilochage', failed: null },
    {
      id: 'reste',
      label: 'Reste',
      outlet: 'essuyage',
      failed: { why: 'under', input: 'fibre.cotton', measured: 0, limit: 80 },
    },
  ],
  spectrum: { gridNm: [940, 944], absorbance: [0.5, null], shape: null },
  noSpectrum: null,
  overrides: [],
};
const REPORT: ProgrammeDryRunData = {
  report: {
    pieces: 100,
    grams: 0,
    changed: { pieces: 37, grams: 0 },
    changedPercent: { pieces: 37, grams: null },
    flows: [
      {
        from: 'csr',
        to: 'essuyage',
        pieces: 37,
        grams: 0,
        examples: [{ facts: FACTS, grams: 0, rule: 'reste' }],
      },
    ],
    rules: [{ rule: 'laine', pieces: 63, grams: 0 }],
  },
  isWhole: true,
  assumedWeights: 100,
};

/** Two versions saved at the site: the line follows the later one. */
const OLD = woolProgramme();
const NEW = woolProgramme(85, { version: 2 });

let server: TestServer;
let edge: MqttClient;
let beating: Promise<void> = Promise.resolve();
const ended = new AbortController();
const asked: CommandRequest[] = [];
/** What the line answers to each command. */
let answers: (request: CommandRequest) => Reply | null;

const done = (data: unknown): Reply => ({ code: 'done', detail: null, data });

function usual({ command, args }: CommandRequest): Reply {
  switch (command) {
    case 'item.list':
      return done({
        items: [ITEM],
        next: args['before'] === null ? 'more' : null,
      } satisfies ItemListData);
    case 'item.explain':
      return done(EXPLAINED);
    case 'programme.dryRun':
      return done(REPORT);
    default:
      return { code: 'done', detail: null, seq: 9 };
  }
}

function answer({ id }: CommandRequest, said: Reply): void {
  const reply = { v: 1, id, seq: null, epoch: null, ...said };
  edge.publish('trame/v1/caux/tri-1/reply', JSON.stringify(reply));
}

beforeAll(async () => {
  server = await startTestServer({ site: 'caux' });
  edge = await connectAsync(server.mqttUrl);
  edge.on('message', (_topic, payload) => {
    const signed = decodeCommand(payload);
    if (signed === null) return;
    asked.push(signed.request);
    const said = answers(signed.request);
    if (said !== null) answer(signed.request, said);
  });
  await edge.subscribeAsync('trame/v1/caux/tri-1/command', { qos: 1 });
  ledger.open();
  for (const programme of [OLD, NEW]) {
    ledger.add('programme.saved', { programme, hash: programmeHash(programme), note: '' });
  }
  await edge.publishAsync(ledger.topic, Buffer.from(messageOf(ledger.events)), { qos: 1 });
  let tick = 0;
  const beat = async () => {
    const said = encodeHeartbeat(exampleHeartbeat({ tick: (tick += 1) }));
    await edge.publishAsync('trame/v1/caux/tri-1/heartbeat', said, { qos: 1 });
  };
  await beat();
  beating = repeat(systemClock, HEARTBEAT_INTERVAL_MS, ended.signal, beat);
  answers = usual;
  const operator = await server.signIn('operator');
  await eventually(async () => ((await server.get(`/api/v1${ITEMS}`, operator)).ok ? true : null));
});

beforeEach(() => {
  answers = usual;
  asked.length = 0;
});

afterAll(async () => {
  ended.abort();
  await beating;
  await edge.endAsync(true);
  await server[Symbol.asyncDispose]();
});

const ITEMS = '/lines/tri-1/items';
const ONE = `${ITEMS}/${encodeURIComponent(ID)}`;
const SAID = { to: 'csr', reason: 'label-says', note: ' 100 % polyester ' };
const TRIED = { programme: woolProgramme(), from: TEST_NOW_MS - 1000, to: TEST_NOW_MS };

let keys = 0;
async function post(path: string, cookie: string | null, body: object, key = `items-key-${(keys += 1)}`) {
  const response = await fetch(`${server.url}/api/v1${path}`, {
    method: 'POST',
    headers: {
      ...(cookie === null ? {} : { cookie }),
      'content-type': 'application/json',
      'idempotency-key': key,
    },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function get(path: string, cookie: string) {
  const response = await server.get(`/api/v1${path}`, cookie);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const commandsOf = () => asked.map(({ command }) => command);

describe('pieces of a line', () => {
  it('are listed page by page, by outlet and reading, and nothing of it is noted', async () => {
    const operator = await server.signIn('operator');
    expect(await get(ITEMS, operator)).toEqual({ status: 200, body: { rows: [ITEM], next: 'more' } });
    const second = await get(`${ITEMS}?cursor=more&limit=5&outlet=csr&reading=pure`, operator);
    expect(second.body['next']).toBeNull();
    expect(asked.map(({ args, actorRef, heartbeat }) => [args, actorRef, heartbeat])).toEqual([
      [{ before: null, limit: 50, outlet: null, reading: null }, null, undefined],
      [{ before: 'more', limit: 5, outlet: 'csr', reading: 'pure' }, null, undefined],
    ]);
    const supervisor = await server.signIn('supervisor');
    const noted = await server.json<{ rows: { command: string }[] }>(
      '/api/v1/commands?line=tri-1',
      supervisor,
    );
    expect(noted.rows.filter(({ command }) => command.startsWith('item.'))).toEqual([]);
    for (const query of ['limit=0', 'limit=51', 'reading=red', 'cursor=', 'what=1']) {
      expect([query, (await get(`${ITEMS}?${query}`, operator)).status]).toEqual([query, 400]);
    }
  });

  it('are asked for by fewer when so many do not fit into one reply', async () => {
    answers = (request) =>
      Number(request.args['limit']) > 12
        ? { code: 'refused', detail: 'ask for less', refusal: 'too-large' }
        : usual(request);
    const operator = await server.signIn('operator');
    expect((await get(ITEMS, operator)).body['rows']).toEqual([ITEM]);
    expect(asked.map(({ args }) => args['limit'])).toEqual([50, 25, 12]);
    answers = () => ({ code: 'refused', detail: 'ask for less', refusal: 'too-large' });
    expect(await get(`${ITEMS}?limit=1`, operator)).toMatchObject({
      status: 409,
      body: { code: 'answer-too-large' },
    });
  });

  it('are explained; who said otherwise is told of oneself alone', async () => {
    const operator = await server.signIn('operator');
    const { actorRef } = await server.json<{ actorRef: string }>('/api/v1/session', operator);
    const override = { at: TEST_NOW_MS, from: 'csr', to: 'manuel', reason: 'soiled', note: '' } as const;
    const overrides = [
      { ...override, actorRef },
      { ...override, actorRef: 'cafe0123cafe0123' },
    ];
    answers = () => ({ code: 'done', detail: null, data: { ...EXPLAINED, overrides } });
    const { status, body } = await get(ONE, operator);
    expect(status).toBe(200);
    expect(body).toEqual({ ...EXPLAINED, overrides: [overrides[0], { ...override, actorRef: null }] });
    expect(asked.map(({ command, args }) => [command, args])).toEqual([['item.explain', { item: ID }]]);
    expect((await get(`${ITEMS}/nonsense`, operator)).status).toBe(400);
  });

  it('are explained by the rules of then after the line was told to follow another', async () => {
    const operator = await server.signIn('operator');
    const { id, version } = OLD;
    const said = { ...EXPLAINED, programme: { id, version, hash: programmeHash(OLD) }, rules: null };
    answers = () => done(said);
    const { body } = await get(ONE, operator);
    expect(body['rules']).toEqual(EXPLAINED.rules?.map((rule) => ({ ...rule, failed: null })));
    const poorer = { ...said, facts: { ...FACTS, composition: { wool: 82 }, errorPoints: 0 } };
    answers = () => done({ ...poorer, programme: { id, version: 2, hash: programmeHash(NEW) } });
    expect((await get(ONE, operator)).body['rules']).toMatchObject([
      { id: 'laine', failed: { why: 'under', input: 'fibre.wool', measured: 82, limit: 85 } },
      { id: 'reste', failed: null },
    ]);
    const { id: name, version: of } = AUTOMATIC_LINE_PROGRAMME;
    const example = { id: name, version: of, hash: programmeHash(AUTOMATIC_LINE_PROGRAMME) };
    answers = () => done({ ...said, programme: example });
    const { rules } = (await get(ONE, operator)).body as unknown as ItemExplainData;
    expect(rules?.map((rule) => rule.id)).toEqual(AUTOMATIC_LINE_PROGRAMME.rules.map((rule) => rule.id));
    const away = { ...said.programme, version: 3 };
    const other = { ...said.programme, hash: 'ab'.repeat(32) };
    for (const programme of [away, other, null]) {
      answers = () => done({ ...said, programme });
      expect((await get(ONE, operator)).body['rules']).toBeNull();
    }
  });

  it('are changed by who stands at the line: recorded by the edge, noted, once for a key', async () => {
    const operator = await server.signIn('operator');
    const { status, body } = await post(`${ONE}/override`, operator, SAID, 'override-key-1');
    expect([status, body['code'], body['seq']]).toEqual([200, 'done', 9]);
    const again = await post(`${ONE}/override`, operator, SAID, 'override-key-1');
    expect([again.status, again.body['id']]).toEqual([200, body['id']]);
    const other = await post(`${ONE}/override`, operator, { ...SAID, to: 'manuel' }, 'override-key-1');
    expect(other).toMatchObject({ status: 409, body: { code: 'key-reused' } });
    expect(asked).toHaveLength(1);
    const [request] = asked;
    const args = { item: ID, to: 'csr', reason: 'label-says', note: '100 % polyester' };
    expect(request).toMatchObject({ command: 'item.override', args });
    expect(request?.heartbeat).toBeUndefined();
    const { actorRef } = await server.json<{ actorRef: string }>('/api/v1/session', operator);
    expect(request?.actorRef).toBe(actorRef);
    const supervisor = await server.signIn('supervisor');
    const { rows } = await server.json<{ rows: { command: string; outcome: string }[] }>(
      '/api/v1/commands?line=tri-1',
      supervisor,
    );
    expect(rows).toMatchObject([{ command: 'item.override', outcome: 'done' }]);
    for (const bad of [{}, { ...SAID, reason: 'because' }, { ...SAID, to: 'a b' }, { ...SAID, by: 'me' }]) {
      expect((await post(`${ONE}/override`, operator, bad)).status).toBe(400);
    }
  });

  it('are tried by another programme, one at a time, for as long as it takes', async () => {
    const supervisor = await server.signIn('supervisor');
    expect(await post('/lines/tri-1/dry-run', supervisor, TRIED)).toEqual({ status: 200, body: REPORT });
    expect(asked.map(({ command, args }) => [command, args])).toEqual([['programme.dryRun', TRIED]]);
    const late: CommandRequest[] = [];
    answers = (request) => {
      late.push(request);
      return null;
    };
    const first = post('/lines/tri-1/dry-run', supervisor, TRIED);
    await eventually(() => (asked.length > 1 ? true : null));
    expect(await post('/lines/tri-1/dry-run', supervisor, TRIED)).toMatchObject({
      status: 503,
      body: { code: 'busy' },
    });
    for (const request of late) answer(request, usual(request));
    expect((await first).status).toBe(200);
    const backwards = await post('/lines/tri-1/dry-run', supervisor, { ...TRIED, to: TRIED.from - 1 });
    expect(backwards).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
  });
});

describe('what is not answered', () => {
  it.each([
    [{ code: 'refused', detail: 'ne trie pas', refusal: 'not-sorting' }, 409, 'not-sorting'],
    [{ code: 'unknown-command', detail: 'older' }, 409, 'not-sorting'],
    [{ code: 'refused', detail: 'gone', refusal: 'unknown-item' }, 404, 'unknown-item'],
    [{ code: 'refused', detail: 'disk', refusal: 'items-away' }, 503, 'items-away'],
    [{ code: 'not-stored', detail: '16 wait' }, 409, 'not-stored'],
    [{ code: 'refused', detail: 'something' }, 409, 'refused'],
    [{ code: 'done', detail: null, data: { item: 'half' } }, 502, 'bad-answer'],
    [{ code: 'done', detail: null }, 502, 'bad-answer'],
  ])('as the edge says %j, is %i %s', async (said, status, code) => {
    answers = () => said;
    const operator = await server.signIn('operator');
    const explained = await get(ONE, operator);
    expect([explained.status, explained.body['code']]).toEqual([status, code]);
  });

  it.each([
    ['unknown-outlet', 404],
    ['same-outlet', 409],
    ['too-many-overrides', 409],
    ['not-sorting', 409],
  ])('of an override that the edge refuses as %s', async (refusal, status) => {
    answers = () => ({ code: 'refused', detail: 'non', refusal });
    const supervisor = await server.signIn('supervisor');
    const { status: got, body } = await post(`${ONE}/override`, supervisor, SAID);
    expect([got, body['code'], body['detail']]).toEqual([status, refusal, 'non']);
  });

  it('of a programme that cannot be used', async () => {
    answers = () => ({ code: 'refused', detail: 'sans règle', refusal: 'bad-programme' });
    const supervisor = await server.signIn('supervisor');
    const { status, body } = await post('/lines/tri-1/dry-run', supervisor, TRIED);
    expect([status, body['code'], body['detail']]).toEqual([409, 'programme-faulty', 'sans règle']);
  });

  it('of a line that nobody knows', async () => {
    const supervisor = await server.signIn('supervisor');
    for (const path of ['/lines/nowhere/items', `/lines/nowhere/items/${encodeURIComponent(ID)}`]) {
      expect(await get(path, supervisor)).toMatchObject({ status: 404, body: { code: 'unknown-line' } });
    }
    const tried = await post('/lines/nowhere/dry-run', supervisor, TRIED);
    const said = await post(`/lines/nowhere/items/${encodeURIComponent(ID)}/override`, supervisor, SAID);
    expect([tried.body['code'], said.body['code']]).toEqual(['unknown-line', 'unknown-line']);
    expect(commandsOf()).toEqual([]);
  });

  it('to who may not ask, before anything is read', async () => {
    const readers = ['operator', 'supervisor', 'administrator'];
    const triers = ['supervisor', 'administrator'];
    for (const role of ['operator', 'supervisor', 'administrator', 'trainee', 'region'] as const) {
      const cookie = await server.signIn(role);
      const statuses = [
        (await get(ITEMS, cookie)).status,
        (await get(ONE, cookie)).status,
        (await post(`${ONE}/override`, cookie, {})).status,
        (await post('/lines/tri-1/dry-run', cookie, {})).status,
      ];
      const reads = readers.includes(role) ? 200 : 403;
      const writes = readers.includes(role) ? 400 : 403;
      const tries = triers.includes(role) ? 400 : 403;
      expect([role, statuses]).toEqual([role, [reads, reads, writes, tries]]);
    }
    expect((await server.get(`/api/v1${ITEMS}`)).status).toBe(401);
    expect((await post(`${ONE}/override`, null, SAID)).status).toBe(401);
    expect((await post('/lines/tri-1/dry-run', null, TRIED)).status).toBe(401);
  });

  it('to nobody in a region: it has nothing to ask with', async () => {
    await using region = await startTestServer({ role: 'region' });
    const supervisor = await region.signIn('supervisor');
    expect((await region.get(`/api/v1${ITEMS}`, supervisor)).status).toBe(403);
    expect((await region.get(`/api/v1${ONE}`, supervisor)).status).toBe(403);
  });

  it('is described', async () => {
    const described = await (await server.get('/api/openapi.json')).json();
    const paths = Object.keys((described as { paths: object }).paths);
    for (const path of ['items', 'items/{item}', 'items/{item}/override', 'dry-run']) {
      expect(paths).toContain(`/api/v1/lines/{line}/${path}`);
    }
  });
});
