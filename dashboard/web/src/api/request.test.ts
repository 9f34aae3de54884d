import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { getFreePort, listen } from './test-server.ts';
import { request, type Answer } from './request.ts';

let server: Server;
let origin: string;
const owner = new AbortController();

function anything(body: unknown): unknown {
  return body === undefined ? null : body;
}

function ask(path: string, signal: AbortSignal = owner.signal): Promise<Answer<unknown>> {
  return request({ method: 'POST', path: `${origin}${path}`, body: { a: 1 }, read: anything, signal });
}

beforeEach(async () => {
  server = createServer((incoming, outgoing) => {
    const url = incoming.url ?? '';
    if (url === '/broken') {
      outgoing.writeHead(200, { 'content-length': '100' });
      outgoing.write('{');
      outgoing.socket?.destroy();
      return;
    }
    if (url === '/never') return;
    const [, first = '', code = 'some-code'] = url.split('/');
    const status = Number(first) || 200;
    outgoing.writeHead(status, { 'content-type': 'application/json' });
    if (url === '/html') outgoing.end('<html>');
    else outgoing.end(status === 204 ? '' : JSON.stringify({ code, method: incoming.method }));
  });
  origin = await listen(server);
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

describe('request', () => {
  it('gives the body of a success', async () => {
    expect(await ask('/')).toEqual({ kind: 'ok', body: { code: 'some-code', method: 'POST' } });
  });

  it('gives status and code of a refusal', async () => {
    expect(await ask('/401')).toEqual({ kind: 'refused', status: 401, code: 'some-code' });
    expect(await ask('/500')).toEqual({ kind: 'refused', status: 500, code: 'some-code' });
  });

  it('is away behind a gateway that has lost its server, at a broken answer, and at one that is not ours', async () => {
    expect(await ask('/503')).toEqual({ kind: 'away' });
    expect(await ask('/broken')).toEqual({ kind: 'away' });
    expect(await ask('/html')).toEqual({ kind: 'away' });
  });

  it('tells what a line said, or did not, from a server that is away', async () => {
    for (const [status, code] of [
      [504, 'no-reply'],
      [503, 'items-away'],
      [502, 'bad-answer'],
    ] as const) {
      expect(await ask(`/${status}/${code}`)).toEqual({ kind: 'refused', status, code });
    }
  });

  it('is away when nobody listens', async () => {
    origin = `http://127.0.0.1:${await getFreePort()}`;
    expect(await ask('/')).toEqual({ kind: 'away' });
  });

  it('is dropped when the asker has gone', async () => {
    const gone = new AbortController();
    const answer = ask('/never', gone.signal);
    setTimeout(() => gone.abort(), 50);
    expect(await answer).toEqual({ kind: 'dropped' });
  });
});
