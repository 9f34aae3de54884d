/** `GET /api/v1/health` and what a person decides there, over real HTTP and MQTT. */
import { sealEvent } from '@trame/protocol/hash-chain';
import { HEARTBEAT_INTERVAL_MS, encodeHeartbeat, type Heartbeat } from '@trame/protocol/heartbeat';
import { HealthOverview, type CommandAnswer } from '@trame/protocol/health-api';
import { decodeCommand, type CommandReply } from '@trame/protocol/command';
import type { Problem } from '@trame/protocol/dashboard-api';
import { FIRST_PREV, type LedgerEvent } from '@trame/protocol/ledger-event';
import { decodeAck, encodeEvents, type LedgerAck } from '@trame/protocol/ledger-message';
import { ackTopic, trameTopic } from '@trame/protocol/topics';
import { connectAsync, type MqttClient } from 'mqtt';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Value } from 'typebox/value';
import { exampleHeartbeat } from '@trame/protocol/test-heartbeat';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../cli/run-cli.ts';
import { systemClock } from '../system/system-clock.ts';
import { systemEntropy } from '../system/system-entropy.ts';
import { eventually } from '../testing/eventually.ts';
import { keepingLog } from '../testing/keeping-log.ts';
import { startPostgres, type Postgres } from '../testing/postgres.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';

const SITE = 'caux';
const LINE = 'tri-1';
const EPOCH = 'a'.repeat(32);
const OTHER_EPOCH = 'b'.repeat(32);

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
  await postgres.createDatabase('overview');
});
afterAll(async () => {
  await postgres[Symbol.asyncDispose]();
});

interface Edge {
  readonly client: MqttClient;
  readonly acks: LedgerAck[];
  publish(channel: 'ledger' | 'heartbeat' | 'reply', payload: string): Promise<unknown>;
}

async function edgeOf(server: TestServer): Promise<Edge & AsyncDisposable> {
  const client = await connectAsync(server.mqttUrl);
  const acks: LedgerAck[] = [];
  await client.subscribeAsync([ackTopic(SITE, LINE, 'trame'), trameTopic(SITE, LINE, 'command')]);
  client.on('message', (topic, payload) => {
    const ack = topic === ackTopic(SITE, LINE, 'trame') ? decodeAck(payload) : null;
    if (ack !== null) acks.push(ack);
  });
  return {
    client,
    acks,
    publish: (channel, payload) => client.publishAsync(trameTopic(SITE, LINE, channel), payload, { qos: 1 }),
    [Symbol.asyncDispose]: () => client.endAsync(),
  };
}

function events(epoch: string, count: number): LedgerEvent[] {
  const made: LedgerEvent[] = [];
  const at = systemClock.nowMs() - 60_000;
  for (let seq = 1; seq <= count; seq += 1) {
    const id = Buffer.from(systemEntropy.bytes(16)).toString('hex');
    const clock = { state: 'checked', offsetMs: 0 } as const;
    const times = { occurredAt: at + seq, recordedAt: at + seq };
    const envelope = {
      v: 1,
      site: SITE,
      line: LINE,
      epoch,
      seq,
      id,
      clock,
      ...times,
      actorRef: null,
    } as const;
    const gap = { from: at, to: at + seq, samples: seq, reason: 'spool-full' };
    made.push(sealEvent(made.at(-1)?.hash ?? FIRST_PREV, { ...envelope, type: 'telemetry.gap' }, gap));
  }
  return made;
}

function heartbeat(): Heartbeat {
  return exampleHeartbeat({
    at: systemClock.nowMs(),
    version: '0.1.0',
    ledger: { epoch: EPOCH, head: 2 },
    clock: { state: 'checked', offsetMs: HEARTBEAT_INTERVAL_MS },
  });
}

describe.each(['sqlite', 'postgres'] as const)('the health of the whole, records in %s,', (engine) => {
  let server: TestServer;
  let cookie: string;
  const overview = () => server.json<HealthOverview>('/api/v1/health', cookie);
  const lineOf = async () => (await overview()).lines.find(({ id }) => id === LINE);

  beforeAll(async () => {
    server = await startTestServer({
      records: engine === 'postgres' ? postgres.config('overview') : { kind: 'embedded' },
    });
    cookie = await server.signIn('supervisor');
    await eventually(async () => {
      const text = await (await server.get('/metrics')).text();
      return text.includes('trame_broker_link_up 1') ? true : null;
    });
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
  });

  async function post(path: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${server.url}${path}`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }

  it('is for supervisors and administrators', async () => {
    for (const [role, status] of [
      ['operator', 403],
      ['region', 403],
      ['trainee', 403],
      ['administrator', 200],
    ] as const) {
      expect([role, (await server.get('/api/v1/health', await server.signIn(role))).status]).toEqual([
        role,
        status,
      ]);
    }
    expect((await server.get('/api/v1/health')).status).toBe(401);
  });

  it('says how the server is, and finds a backup that was made beside it', async () => {
    const before = await overview();
    expect(Value.Errors(HealthOverview, before)).toEqual([]);
    expect(before.server).toMatchObject({
      disk: { freeBytes: expect.any(Number) },
      records: { engine },
      history: { engine: 'sqlite', healthy: true, overflowed: 0 },
      version: '0.1.0',
    });
    writeFileSync(join(server.directory, 'pw'), postgres.config('x').password);
    const records =
      engine === 'postgres'
        ? `\nrecords: { url: "${postgres.config('overview').url}", passwordFile: pw }`
        : '';
    writeFileSync(join(server.directory, 'dashboard.yaml'), `installation: demo${records}\n`);
    const said: string[] = [];
    const say = (line: string) => void said.push(line);
    const code = await runCli(
      ['backup', '--to', 'kept'],
      {
        env: { ...process.env, TRAME_DATA_DIR: server.directory },
        cwd: server.directory,
        defaultWebDir: '',
        clock: systemClock,
        entropy: systemEntropy,
        out: say,
        err: say,
      },
      keepingLog(),
      new AbortController().signal,
    );
    expect([code, said]).toEqual([0, [expect.stringMatching(/^Backup: /u)]]);
    const { lastBackup } = (await overview()).server;
    expect(lastBackup?.bytes).toBeGreaterThan(0);
    expect(lastBackup?.at).toBeGreaterThan(before.at - 1);
  });

  it('shows how far a line is stored, what it lost, and how its edge says it is', async () => {
    await using edge = await edgeOf(server);
    const [first, second] = events(EPOCH, 2);
    if (first === undefined || second === undefined) throw new Error('two events');
    await edge.publish('heartbeat', encodeHeartbeat(heartbeat()));
    const early = await eventually(lineOf);
    expect(early).toMatchObject({ chain: 'empty', stored: { epoch: null, upTo: 0, at: null } });
    expect(early.heartbeat?.said.tick).toBe(1);
    for (const message of encodeEvents([first, second])) await edge.publish('ledger', message);
    const line = await eventually(async () => {
      const found = await lineOf();
      return found?.stored.upTo === 2 ? found : null;
    });
    expect(line).toMatchObject({
      site: SITE,
      line: LINE,
      chain: 'intact',
      stored: { epoch: EPOCH, hash: second.hash, at: expect.any(Number) },
      refusals: [],
    });
    expect(line.gaps.map(({ samples }) => samples)).toEqual([2, 1]);
    expect(Value.Errors(HealthOverview, await overview())).toEqual([]);
  });

  it('shows a refused epoch until a person accepts it, once', async () => {
    await using edge = await edgeOf(server);
    const path = `/api/v1/lines/${LINE}/ledger/epoch`;
    expect((await post(path, { epoch: OTHER_EPOCH })).status).toBe(409);
    const [message = ''] = encodeEvents(events(OTHER_EPOCH, 1));
    await edge.publish('ledger', message);
    const refused = await eventually(async () => {
      const found = await lineOf();
      return found?.chain === 'refused' ? found : null;
    });
    expect(refused.refusals).toMatchObject([{ code: 'unknown-epoch', epoch: OTHER_EPOCH, blocking: true }]);
    const operator = await server.signIn('operator');
    expect((await post(path, { epoch: OTHER_EPOCH }, { cookie: operator })).status).toBe(403);
    expect((await post(path, { epoch: 'x' })).status).toBe(400);
    expect((await post(path, { epoch: OTHER_EPOCH })).status).toBe(204);
    await eventually(() => (edge.acks.at(-1)?.epoch === OTHER_EPOCH ? true : null));
    await edge.publish('ledger', message);
    const accepted = await eventually(async () => {
      const found = await lineOf();
      return found?.stored.epoch === OTHER_EPOCH && found.stored.upTo === 1 ? found : null;
    });
    expect(accepted.chain).toBe('intact');
  });

  it('asks a line to record what a person says, and tells the line’s answer', async () => {
    await using edge = await edgeOf(server);
    const asked: string[] = [];
    edge.client.on('message', (topic, payload) => {
      const signed = topic === trameTopic(SITE, LINE, 'command') ? decodeCommand(payload) : null;
      if (signed === null) return;
      asked.push(signed.request.id);
      const refuses = signed.request.command === 'scale.verify';
      const reply: CommandReply = {
        v: 1,
        id: signed.request.id,
        code: refuses ? 'refused' : 'done',
        detail: refuses ? 'there is no such scale' : null,
        seq: refuses ? null : 3,
        epoch: null,
      };
      void edge.publish('reply', JSON.stringify(reply));
    });
    const path = `/api/v1/lines/${LINE}/commands`;
    const key = { 'idempotency-key': `test-${engine}-1` };
    const done = await post(path, { command: 'clock.confirm' }, key);
    expect(done.status).toBe(200);
    const answer = (await done.json()) as CommandAnswer;
    expect(answer).toEqual({ id: asked[0], code: 'done', detail: null, seq: 3 });
    expect(await (await post(path, { command: 'clock.confirm' }, key)).json()).toEqual(answer);
    expect(asked).toHaveLength(1);
    const verify = { scale: 's', outcome: 'accepted', on: '2026-01-01', due: '2027-01-01' };
    const other = { 'idempotency-key': `test-${engine}-2` };
    const refusal = await post(path, { command: 'scale.verify', args: verify }, other);
    expect(refusal.headers.get('content-type')).toContain('application/problem+json');
    expect((await refusal.json()) as Problem).toMatchObject({
      status: 409,
      code: 'refused',
      detail: 'there is no such scale',
    });
    const reused = await post(path, { command: 'scale.verify', args: verify }, key);
    expect((await reused.json()) as Problem).toMatchObject({ status: 409, code: 'key-reused' });
  });

  it.each([
    ['tri-1', { command: 'line.explode' }, {}, 400, '/body/command'],
    ['tri-1', { command: 'clock.confirm', args: { now: true } }, {}, 400, '/body/args/now'],
    ['tri-1', { command: 'clock.confirm', extra: 1 }, {}, 400, '/body/extra'],
    ['tri-1', { command: 'clock.confirm' }, { 'idempotency-key': 'short' }, 400, '/headers/idempotency-key'],
    ['none', { command: 'clock.confirm' }, {}, 404, undefined],
  ])('does not ask %s for %j', async (line, body, headers, status, where) => {
    const key = { 'idempotency-key': 'test-bad-input', ...headers };
    const response = await post(`/api/v1/lines/${line}/commands`, body, key);
    const problem = (await response.json()) as Problem;
    expect([response.status, problem.errors?.[0]?.path]).toEqual([status, where]);
  });

  it('asks which line is meant where two sites have one of that name, and asks that one only', async () => {
    await using edge = await edgeOf(server);
    const line = 'shared';
    const sites = ['site-a', 'site-b'];
    const asked: string[] = [];
    await edge.client.subscribeAsync(sites.map((site) => trameTopic(site, line, 'command')));
    edge.client.on('message', (topic, payload) => {
      const signed = decodeCommand(payload);
      if (signed === null) return;
      asked.push(topic);
      const { id, site } = signed.request;
      const reply = { v: 1, id, code: 'done', detail: null, seq: 3, epoch: null };
      void edge.client.publishAsync(trameTopic(site, line, 'reply'), JSON.stringify(reply));
    });
    for (const site of sites) {
      await edge.client.publishAsync(trameTopic(site, line, 'heartbeat'), encodeHeartbeat(heartbeat()));
    }
    const shown = async () => (await overview()).lines.filter((one) => one.line === line).length;
    await eventually(async () => ((await shown()) === 2 ? true : null));
    const path = `/api/v1/lines/${line}/commands`;
    const key = { 'idempotency-key': `test-${engine}-shared` };
    const unsaid = await post(path, { command: 'clock.confirm' }, key);
    expect((await unsaid.json()) as Problem).toMatchObject({ status: 409, code: 'ambiguous-line' });
    const elsewhere = await post(path, { command: 'clock.confirm', site: 'elsewhere' }, key);
    expect(elsewhere.status).toBe(404);
    expect(asked).toEqual([]);
    expect((await post(path, { command: 'clock.confirm', site: 'site-b' }, key)).status).toBe(200);
    expect(asked).toEqual([trameTopic('site-b', line, 'command')]);
  });

  it('wants a key with every request to a line', async () => {
    const response = await post(`/api/v1/lines/${LINE}/commands`, { command: 'clock.confirm' });
    expect([response.status, ((await response.json()) as Problem).errors?.[0]?.path]).toEqual([
      400,
      '/headers/idempotency-key',
    ]);
  });
});
