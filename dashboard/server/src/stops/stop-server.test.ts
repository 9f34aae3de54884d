/** Stops, TRS, shift log and andon through a whole server: who may ask, and what of a question cannot be. */
import type { Andon, ShiftLog, StopRow, TrsAnswer } from '@trame/protocol/stops/stop-answers';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { messageOf, TEST_NOW_MS, TestLedger } from '../ledger/test-ledger.ts';
import { eventually } from '../testing/eventually.ts';
import { movableClock } from '../testing/movable-clock.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';

const MINUTE_MS = 60_000;
let server: TestServer;
let client: MqttClient;

beforeAll(async () => {
  server = await startTestServer(
    {
      site: 'caux',
      calendar: { open: { friday: ['08:00-18:00'] } },
      targets: { nominalKgPerHour: 600, outputsPerDay: 9 },
    },
    movableClock(TEST_NOW_MS + 60 * MINUTE_MS),
  );
  client = await connectAsync(server.mqttUrl);
  const ledger = new TestLedger();
  const at = (minutes: number) => ({ occurredAt: TEST_NOW_MS + minutes * MINUTE_MS });
  ledger.open();
  ledger.add(
    'shift.opened',
    { shift: 'S1', line: 'tri-1', team: 'A', posts: [{ post: 'p', heads: 6 }] },
    at(0),
  );
  for (const [minutes, state] of [
    [0, 'execute'],
    [10, 'held'],
    [20, 'execute'],
    [30, 'suspended'],
    [31, 'execute'],
    [40, 'stopped'],
  ] as const) {
    ledger.add('line.state', { state, emergencyStop: false }, at(minutes));
  }
  ledger.count('creme', 100_000, 100_000, { to: TEST_NOW_MS + 5 * MINUTE_MS });
  await client.publishAsync(ledger.topic, Buffer.from(messageOf(ledger.events)), { qos: 1 });
  const supervisor = await server.signIn('supervisor');
  await eventually(async () => {
    const answer = await server.get('/api/v1/stops?line=tri-1', supervisor);
    // Before its first event is stored nobody knows the line.
    if (answer.status === 404) return null;
    const { rows } = (await answer.json()) as { rows: StopRow[] };
    return rows.length === 3 ? true : null;
  });
});

afterAll(async () => {
  await client.endAsync(true);
  await server[Symbol.asyncDispose]();
});

describe('the time of a line', () => {
  it('has stops, page by page, with causes to choose from and a Pareto', async () => {
    const operator = await server.signIn('operator');
    const all = await server.json<{ rows: StopRow[]; next: null }>('/api/v1/stops', operator);
    expect(all.rows.map(({ state, micro }) => [state, micro])).toEqual([
      ['stopped', false],
      ['suspended', true],
      ['held', false],
    ]);
    const paged: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: { rows: StopRow[]; next: string | null } = await server.json(
        `/api/v1/stops?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`,
        operator,
      );
      paged.push(...page.rows.map(({ id }) => id));
      cursor = page.next;
    }
    expect(paged).toEqual(all.rows.map(({ id }) => id));
    const causes = await server.json<{ rows: { id: string }[] }>('/api/v1/stops/causes', operator);
    expect(causes.rows).toHaveLength(8);
    const supervisor = await server.signIn('supervisor');
    const pareto = await server.json<{ rows: { cause: string }[] }>(
      '/api/v1/stops/pareto?line=tri-1',
      supervisor,
    );
    expect(pareto.rows.map(({ cause }) => cause)).toEqual(['a-expliquer', 'matiere']);
  });

  it('has a TRS, a shift log and an andon', async () => {
    const supervisor = await server.signIn('supervisor');
    const trs = await server.json<TrsAnswer>('/api/v1/trs?line=tri-1&by=shift', supervisor);
    expect(trs.rows).toMatchObject([{ key: 'S1', why: null, figures: { inputGrams: 100_000 } }]);
    expect((await server.json<TrsAnswer>('/api/v1/trs?line=tri-1&by=day', supervisor)).rows).toHaveLength(1);
    const log = await server.json<ShiftLog>('/api/v1/shift-log?line=tri-1', supervisor);
    expect(log).toMatchObject({ shift: { id: 'S1' }, unexplained: 2, material: { outputs: 0 } });
    expect(log.stops).toHaveLength(3);
    const andon = await server.json<Andon>('/api/v1/andon?line=tri-1', await server.signIn('operator'));
    expect(andon).toMatchObject({ line: 'tri-1', state: 'stopped', target: null, sortedKg: 100, bins: [] });
    for (const text of [trs, log, andon].map((body) => JSON.stringify(body))) {
      expect(text).not.toMatch(/supervisor|operator|actorRef/u);
    }
  });

  it('is told to those whom it concerns', async () => {
    const allowed: Record<string, readonly string[]> = {
      '/stops': ['operator', 'supervisor', 'administrator'],
      '/stops/causes': ['operator', 'supervisor', 'administrator'],
      '/stops/pareto': ['supervisor', 'administrator'],
      '/trs?line=tri-1': ['supervisor', 'administrator'],
      '/shift-log?line=tri-1': ['supervisor', 'administrator'],
      '/andon?line=tri-1': ['operator', 'supervisor', 'administrator'],
    };
    for (const role of ['operator', 'supervisor', 'administrator', 'region', 'trainee'] as const) {
      const cookie = await server.signIn(role);
      for (const [path, roles] of Object.entries(allowed)) {
        const { status } = await server.get(`/api/v1${path}`, cookie);
        expect([role, path, status]).toEqual([role, path, roles.includes(role) ? 200 : 403]);
      }
    }
    expect((await server.get('/api/v1/andon?line=tri-1')).status).toBe(401);
  });

  it.each([
    ['/trs', 400],
    ['/trs?line=none', 404],
    ['/trs?line=tri-1&by=person', 400],
    ['/trs?line=tri-1&from=2020-01-01&to=2026-01-01', 400],
    ['/trs?line=tri-1&from=2026-11-21&to=2026-11-20', 400],
    ['/stops?line=none', 404],
    ['/stops/pareto?line=none', 404],
    ['/alarms?line=none', 404],
    ['/alarms/journal?line=none', 404],
    ['/alarms/kpi?line=none', 404],
    ['/shift-log?line=none', 404],
    ['/stops?from=hier', 400],
    ['/stops?person=a', 400],
    ['/stops?line=tri-1&from=2026-02-30', 400],
    ['/stops?line=tri-1&from=9999-12-31', 400],
    ['/stops/pareto?line=tri-1&from=9999-12-31', 400],
    ['/stops/pareto?line=tri-1&from=9999-12-30&to=9999-12-31', 400],
    ['/trs?line=tri-1&from=9999-12-31', 400],
    ['/shift-log?line=tri-1&shift=S9', 404],
    ['/andon?line=none', 404],
  ])('%s cannot be asked: %d', async (path, status) => {
    const response = await server.get(`/api/v1${path}`, await server.signIn('supervisor'));
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
  });

  it('has no stop and no figure in years in which nobody had a line', async () => {
    const supervisor = await server.signIn('supervisor');
    for (const period of ['from=1900-01-01&to=1900-02-01', 'from=1990-01-01&to=1990-02-01']) {
      const trs = await server.json<TrsAnswer>(`/api/v1/trs?line=tri-1&${period}`, supervisor);
      expect(trs).toMatchObject({ rows: [], total: { figures: null } });
      const stops = await server.json<{ rows: StopRow[] }>(`/api/v1/stops?line=tri-1&${period}`, supervisor);
      expect(stops.rows).toEqual([]);
    }
  });

  it('is described whole', async () => {
    const { paths } = (await (await server.get('/api/openapi.json')).json()) as {
      paths: Record<string, Record<string, { operationId?: string; description?: string }>>;
    };
    for (const path of [
      '/alarms',
      '/alarms/journal',
      '/alarms/kpi',
      '/stops',
      '/stops/causes',
      '/stops/pareto',
      '/trs',
      '/shift-log',
      '/andon',
    ]) {
      expect(paths[`/api/v1${path}`]?.['get']?.description).toBeTruthy();
    }
    for (const path of ['/stops/{id}/explain', '/shifts/{id}/sign', '/alarms/{id}/out-of-service']) {
      expect(paths[`/api/v1${path}`]?.['post']?.operationId).toBeTruthy();
    }
  });
});
