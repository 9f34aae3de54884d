import { request } from 'node:http';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ControlApi } from './control-api.ts';
import { FaultBoard } from './scenarios/fault-board.ts';

const json = { 'content-type': 'application/json' };
const speeds: number[] = [];
let faults: FaultBoard;
let api: ControlApi;

beforeEach(async () => {
  speeds.length = 0;
  faults = new FaultBoard({
    now: () => new Date(0),
    onChange: () => Promise.resolve(),
    onError: (error) => {
      throw error;
    },
  });
  api = new ControlApi({
    faults,
    truth: () => {
      throw new Error('nobody asks for the truth here');
    },
    items: null,
    speed: () => 1,
    setSpeed: (factor) => void speeds.push(factor),
    vocabulary: { has: () => true, fields: () => [], nodes: () => [] },
    hand: { view: () => ({}), act: () => ({ status: 200, body: {} }) },
    panel: null,
    printerJobs: () => [{ id: 1, at: '2026-11-22T12:00:00.000Z', bytes: 6, text: '^XA^XZ' }],
    log: pino({ level: 'silent' }),
  });
  await api.listen(0);
});

afterEach(async () => {
  faults.stop();
  await api.close();
});

/** Sends the path as it is written, which `fetch` would put in order first. */
function ask(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string,
): Promise<{ status: number | undefined; error: string | undefined }> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: api.port, method, path, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        const { error } = JSON.parse(text) as { error?: string };
        resolve({ status: response.statusCode, error });
      });
    });
    asked.once('error', reject);
    asked.end(body);
  });
}

describe('a path', () => {
  it.each([
    ['DELETE', '/faults/%'],
    ['DELETE', '/faults/%c3'],
    ['POST', '/scenarios/%ff/start'],
  ])('that encodes no text is wrong: %s %s', async (method, path) => {
    expect(await ask(method, path)).toMatchObject({
      status: 400,
      error: expect.stringMatching(/percent-encoded/u),
    });
  });

  it.each([
    ['GET', '//'],
    ['GET', '//healthz'],
    ['GET', '/faults/f1'],
    ['POST', '/scenarios/belt-jam'],
    ['DELETE', '/faults/f1/start'],
    ['OPTIONS', '*'],
    ['GET', 'http://elsewhere/healthz'],
  ])('that leads nowhere is not found: %s %s', async (method, path) => {
    expect((await ask(method, path)).status).toBe(404);
  });

  it('may carry a query', async () => {
    expect((await ask('GET', '/speed?at=now')).status).toBe(200);
  });

  it('never breaks the server, whatever is in it', async () => {
    const segment = fc.string({ unit: fc.constantFrom('%', 'f', '1', '/', '.', '?', '#', ':', '@', '2') });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('GET', 'POST', 'DELETE'),
        fc.constantFrom('/', '/faults/', '/scenarios/'),
        segment,
        async (method, root, rest) => {
          expect((await ask(method, root + rest)).status).toBeOneOf([400, 404]);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('a request of a browser', () => {
  it.each(['https://elsewhere.example', 'null', 'http://127.0.0.1:1', 'http://localhost'])(
    'for a page of %s is refused and changes nothing',
    async (origin) => {
      const fault = '{"kind":"estop","target":"line"}';
      expect((await ask('POST', '/faults', { ...json, origin }, fault)).status).toBe(403);
      expect((await ask('POST', '/scenarios/belt-jam/start', { origin })).status).toBe(403);
      expect((await ask('POST', '/speed', { ...json, origin }, '{"factor":2}')).status).toBe(403);
      await faults.put({ kind: 'estop', target: 'line' });
      const id = faults.active[0]?.id ?? '';
      expect((await ask('DELETE', `/faults/${id}`, { origin })).status).toBe(403);
      expect(faults.active.map((active) => active.id)).toEqual([id]);
      expect(speeds).toEqual([]);
    },
  );

  it('is refused when its name was made to point here', async () => {
    const host = `elsewhere.example:${api.port}`;
    const headers = { ...json, host, origin: `http://${host}` };
    expect((await ask('POST', '/speed', headers, '{"factor":2}')).status).toBe(403);
  });

  it('for a page of this very address is answered', async () => {
    const origin = `http://127.0.0.1:${api.port}`;
    expect((await ask('POST', '/speed', { ...json, origin }, '{"factor":2}')).status).toBe(200);
    expect(speeds).toEqual([2]);
  });
});

describe('a body', () => {
  it.each([{}, { 'content-type': 'text/plain' }, { 'content-type': 'application/json-patch+json' }])(
    'with %j is refused',
    async (headers: Record<string, string>) => {
      const chunked = { ...headers, 'transfer-encoding': 'chunked' };
      for (const sent of [headers, chunked]) {
        const answer = await ask('POST', '/speed', sent, '{"factor":2}');
        expect(answer).toEqual({ status: 415, error: 'Content-Type: expected application/json' });
      }
      expect(speeds).toEqual([]);
    },
  );

  it('of JSON is read, however its type is written', async () => {
    const headers = { 'content-type': 'Application/JSON; charset=utf-8' };
    expect((await ask('POST', '/speed', headers, '{"factor":2}')).status).toBe(200);
  });

  it('that is missing is not JSON', async () => {
    expect(await ask('POST', '/speed', json)).toMatchObject({
      status: 400,
      error: expect.stringMatching(/not JSON/u),
    });
  });
});
