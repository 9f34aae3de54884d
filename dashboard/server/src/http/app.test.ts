/** What the server answers whoever asks for anything. */
import { Problem, type HistoryAnswer } from '@trame/protocol/dashboard-api';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Value } from 'typebox/value';
import { DATA_TYPE } from '@trame/protocol/sparkplug/data-type';
import { systemClock } from '../system/system-clock.ts';
import { eventually } from '../testing/eventually.ts';
import { declared } from '../testing/payloads.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';
import { TestEdge } from '../testing/test-edge.ts';
import { isLoopback } from './loopback.ts';

let server: TestServer;
let cookie: string;
let edge: TestEdge;

beforeAll(async () => {
  server = await startTestServer();
  cookie = await server.signIn('supervisor');
  const gross = declared({ name: 'gross/net', alias: 1, type: DATA_TYPE.double, value: 5, unit: 'kg' });
  edge = await TestEdge.connect({ url: server.mqttUrl, devices: [{ id: 'scale', metrics: [gross] }] });
  await eventually(async () => ((await server.get('/api/v1/lines/tri-1', cookie)).ok ? true : null));
});
afterAll(async () => {
  await edge[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

async function problem(path: string, init: RequestInit = {}): Promise<Problem> {
  const response = await fetch(`${server.url}${path}`, { headers: { cookie }, ...init });
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  const body: unknown = await response.json();
  if (!Value.Check(Problem, body)) throw new Error(`not a problem document: ${JSON.stringify(body)}`);
  expect(body.status).toBe(response.status);
  return body;
}

describe('errors', () => {
  it.each([
    ['/api/v1/nothing', 404, 'not-found'],
    ['/api/nothing', 404, 'not-found'],
    ['/assets/nothing.js', 404, 'not-found'],
    ['/api/v1/lines/none', 404, 'unknown-line'],
    ['/api/v1/lines/__proto__', 404, 'unknown-line'],
    ['/api/v1/lines/constructor', 404, 'unknown-line'],
    ['/api/v1/lines?limit=0', 400, 'invalid-request'],
    ['/api/v1/lines?limit=501', 400, 'invalid-request'],
    ['/api/v1/lines?limit=x', 400, 'invalid-request'],
    ['/%zz', 400, 'invalid-request'],
    ['/api/v1/history', 400, 'invalid-request'],
    ['/api/v1/history?tag=tri-1/scale', 400, 'invalid-request'],
    ['/api/v1/history?tag=none/scale/gross', 404, 'unknown-line'],
    ["/api/v1/history?tag=tri-1/scale/a%0Ab' OR 1=1", 400, 'invalid-request'],
    ['/api/v1/history?tag=tri-1/scale/gross&from=yesterday', 400, 'invalid-request'],
    ['/api/v1/history?tag=tri-1/scale/gross&from=2026-01-01T00:00:00', 400, 'invalid-request'],
    ['/api/v1/history?tag=tri-1/scale/gross&from=2&to=1', 400, 'invalid-request'],
    ['/api/v1/history?tag=tri-1/scale/gross&every=0.5s', 400, 'invalid-request'],
    ['/api/v1/history?tag=tri-1/scale/gross&from=99999999999999999999', 400, 'invalid-request'],
  ])('%s is %i %s', async (path, status, code) => {
    expect(await problem(path)).toMatchObject({ status, code });
  });

  it('name the field of the query', async () => {
    const body = await problem('/api/v1/history?tag=tri-1/scale/gross&every=fast&x=1');
    expect(body.errors?.map(({ path }) => path)).toEqual(['/query/x']);
    const every = await problem('/api/v1/history?tag=tri-1/scale/gross&every=fast');
    expect(every.errors?.map(({ path }) => path)).toEqual(['/query/every']);
  });

  it('answer methods and bodies that are not taken', async () => {
    expect(await problem('/api/v1/lines', { method: 'POST' })).toMatchObject({ status: 404 });
    const text = { method: 'POST', body: 'x', headers: { 'content-type': 'text/plain' } };
    expect(await problem('/api/v1/session', text)).toMatchObject({ status: 415 });
  });

  it('answer bytes that are not HTTP', async () => {
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(server.running.httpPort, '127.0.0.1', () => socket.write('GARBAGE\r\n\r\n'));
      let text = '';
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('close', () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400/u);
    expect(answer).toContain('application/problem+json');
    expect((await server.get('/healthz')).status).toBe(200);
  });
});

describe('the history of a tag', () => {
  it('comes with its bucket, by the tag whose name holds a slash', async () => {
    const toMs = systemClock.nowMs() + 60_000;
    const path = `/api/v1/history?tag=tri-1/scale/gross/net&from=${toMs - 3_600_000}&to=${new Date(toMs).toISOString()}`;
    const answer = await eventually(async () => {
      const found = await server.json<HistoryAnswer>(`${path}&every=10s`, cookie);
      return found.points.length > 0 ? found : null;
    });
    expect(answer).toMatchObject({
      tag: 'tri-1/scale/gross/net',
      from: toMs - 3_600_000,
      to: toMs,
      everyMs: 10_000,
      truncated: false,
      points: [{ value: 5, min: 5, max: 5, quality: 192 }],
    });
    expect((await server.json<HistoryAnswer>(path, cookie)).everyMs).toBe(10_000);
  });
});

describe('lists', () => {
  it('come page by page', async () => {
    await using second = await TestEdge.connect({ url: server.mqttUrl, line: 'tri-2', devices: [] });
    await eventually(async () => ((await server.get('/api/v1/lines/tri-2', cookie)).ok ? true : null));
    const one = await server.json<{ rows: { id: string }[]; next: string }>('/api/v1/lines?limit=1', cookie);
    expect([one.rows.map(({ id }) => id), one.next]).toEqual([['tri-1'], 'tri-1']);
    const two = await server.json<{ rows: { id: string }[]; next: null }>(
      `/api/v1/lines?limit=1&cursor=${one.next}`,
      cookie,
    );
    expect([two.rows.map(({ id }) => id), two.next]).toEqual([['tri-2'], null]);
    expect(second.rebirthsAsked).toBe(0);
    const trainee = await server.json<{ rows: unknown[] }>('/api/v1/lines', await server.signIn('trainee'));
    expect(trainee.rows).toEqual([]);
  });
});

describe('the page', () => {
  it('says how to get it while it is not built', async () => {
    const body = await problem('/', { headers: { accept: 'text/html' } });
    expect(body).toMatchObject({ status: 503, code: 'page-not-built' });
    expect(body.detail).toContain('npm start');
  });

  it('is served for each of its views, its hashed files kept by browsers for good', async () => {
    const web = `${server.directory}/web`;
    mkdirSync(`${web}/assets`, { recursive: true });
    writeFileSync(`${web}/index.html`, '<!doctype html><title>Trame</title>');
    writeFileSync(`${web}/assets/index-AbCd1234.js`, 'export {};');
    for (const path of ['/', '/lignes/tri-1?periode=8h']) {
      const response = await server.get(path);
      expect([path, response.status, response.headers.get('cache-control')]).toEqual([path, 200, 'no-cache']);
      expect(await response.text()).toContain('Trame');
      expect(response.headers.get('content-security-policy')).toContain("script-src 'self'");
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    }
    const asset = await server.get('/assets/index-AbCd1234.js');
    expect(asset.headers.get('cache-control')).toContain('immutable');
    expect(asset.headers.get('content-type')).toContain('javascript');
  });

  it('never leaves its folder', async () => {
    writeFileSync(`${server.directory}/secret.txt`, 'secret');
    for (const path of [
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
      '/assets/..%2f..%2fsecret.txt',
    ]) {
      expect(await (await server.get(path)).text()).not.toContain('secret');
    }
  });
});

describe('the documentation', () => {
  it('describes every route with its errors', async () => {
    const document = (await (await server.get('/api/openapi.json')).json()) as {
      openapi: string;
      paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
    };
    expect(document.openapi).toBe('3.1.0');
    const machine = [
      '/api/v1/health',
      '/api/v1/history',
      '/api/v1/lines',
      '/api/v1/lines/{line}',
      '/api/v1/lines/{line}/commands',
      '/api/v1/lines/{line}/ledger/epoch',
      '/api/v1/live',
      '/api/v1/session',
      '/api/v1/tonnage',
      '/api/v1/weighings',
      '/healthz',
      '/metrics',
    ];
    const material = [
      'lots',
      'containers',
      'bales',
      'shipments',
      'stock',
      'partners',
      'reference',
      'documents',
    ];
    const named = [...machine, ...material.map((name) => `/api/v1/${name}`)];
    expect(Object.keys(document.paths)).toEqual(expect.arrayContaining(named));
    expect(document.paths['/api/v1/tonnage']?.['get']?.responses).toHaveProperty('4XX');
  });

  it('says of every operation its name, who may call it and how it fails', async () => {
    interface Operation {
      operationId?: string;
      security?: Record<string, string[]>[];
      responses: Record<string, { content?: Record<string, { schema?: object }> }>;
    }
    const { paths } = (await (await server.get('/api/openapi.json')).json()) as {
      paths: Record<string, Record<string, Operation>>;
    };
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, ...operation })),
    );
    const ids = operations.map(({ operationId }) => operationId);
    expect(ids.every((id) => /^[a-z]+[A-Za-z]+$/u.test(id ?? ''))).toBe(true);
    expect(new Set(ids).size).toBe(operations.length);
    for (const { name, security, responses } of operations) {
      const open = ['get /healthz', 'post /api/v1/session'].includes(name);
      const own = name === 'get /metrics' ? [{ session: [] }, {}] : [{ session: [] }];
      expect([name, security]).toEqual([name, open ? [] : own]);
      for (const code of ['4XX', '5XX']) {
        const content = responses[code]?.content ?? {};
        expect([name, code, Object.keys(content)]).toEqual([name, code, ['application/problem+json']]);
        expect(content['application/problem+json']?.schema).toHaveProperty('properties.code');
      }
    }
    const answers = (path: string) => Object.keys(paths[path]?.['get']?.responses['200']?.content ?? {});
    expect(answers('/api/v1/live')).toEqual(['text/event-stream']);
    expect(answers('/metrics')).toEqual(['text/plain']);
    expect(answers('/api/v1/lines')).toEqual(['application/json']);
  });

  it('is a page that needs nothing from elsewhere', async () => {
    const page = await server.get('/api/docs');
    expect(page.status).toBe(200);
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toContain('upgrade-insecure-requests');
    expect(policy).not.toMatch(/https:/u);
    const html = await page.text();
    const files = [...html.matchAll(/(?:src|href)="(?<file>[^"]+)"/gu)].map(
      ({ groups }) => groups?.['file'] ?? '',
    );
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) {
      expect([file, (await fetch(new URL(file, `${server.url}/api/docs/`))).status]).toEqual([file, 200]);
    }
  });
});

describe('operation', () => {
  it('gives figures for Prometheus', async () => {
    const text = await (await server.get('/metrics')).text();
    expect(text).toContain('trame_broker_link_up 1');
    expect(text).toMatch(/trame_ingest_messages_total\{type="NBIRTH"\} [12]/u);
  });

  it('knows what is this machine', () => {
    expect(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1', 'localhost'].map(isLoopback)).not.toContain(
      false,
    );
    expect(
      ['0.0.0.0', '::', '10.0.0.1', '::ffff:10.0.0.1', '127.evil.example', ''].map(isLoopback),
    ).not.toContain(true);
  });
});
