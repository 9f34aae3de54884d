/**
 * A stand-in for the dashboard server that serves the built page and says what a test wants it to say: moments that a real
 * line shows for a second or never (an old picture, somebody who asks for the line, a server that does not answer).
 */
import type { Session } from '@trame/protocol/dashboard-api';
import type { LiveState } from '@trame/protocol/live-state';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';

export interface Scripted {
  readonly status: number;
  readonly body: unknown;
}

export interface Asked {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly key: string | null;
  readonly body: unknown;
}

export interface ScriptedDashboard extends AsyncDisposable {
  readonly url: string;
  /** What was asked that changes something, in order. */
  readonly asked: readonly Asked[];
  show(state: LiveState): void;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.wav': 'audio/wav',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
};
const HEARTBEAT_MS = 1_000;

/**
 * @param options.folder the built page.
 * @param options.answer to everything but the session and the live stream; undefined: not found.
 */
export async function scriptedDashboard(options: {
  readonly folder: string;
  readonly session: Session;
  readonly state: LiveState;
  readonly answer: (asked: Asked) => Scripted | undefined;
}): Promise<ScriptedDashboard> {
  const { session } = options;
  let { state } = options;
  let rev = 1;
  const asked: Asked[] = [];
  const streams = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    void respond(request, response);
  });

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '/';
    if (path.startsWith('/api/v1/live')) {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      streams.add(response);
      response.on('close', () => streams.delete(response));
      say(response, 'snapshot', { epoch: 'scripted', rev, state });
      say(response, 'heartbeat', { serverTime: Date.now() });
      return;
    }
    if (path.startsWith('/api/') || path === '/healthz') {
      const said = await readBody(request);
      const one = { method: request.method ?? 'GET', path, key: keyOf(request), body: said };
      if (one.method !== 'GET') asked.push(one);
      const answer = standard(one) ?? options.answer(one);
      const { status, body } = answer ?? { status: 404, body: { code: 'not-found' } };
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      return;
    }
    serveFile(options.folder, path.split('?')[0] ?? '/', response);
  }

  function standard({ method, path }: Asked): Scripted | undefined {
    if (path === '/healthz') return { status: 200, body: {} };
    if (path === '/api/v1/session' && method === 'GET') return { status: 200, body: session };
    return undefined;
  }

  const timer = setInterval(() => {
    for (const stream of streams) say(stream, 'heartbeat', { serverTime: Date.now() });
  }, HEARTBEAT_MS);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    show: (next) => {
      state = next;
      rev += 1;
      for (const stream of streams) say(stream, 'snapshot', { epoch: 'scripted', rev, state });
    },
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      for (const stream of streams) stream.end();
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

function say(stream: ServerResponse, name: string, data: object): void {
  stream.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
}

function keyOf({ headers }: IncomingMessage): string | null {
  const key = headers['idempotency-key'];
  return typeof key === 'string' ? key : null;
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString('utf8');
  return text === '' ? null : (JSON.parse(text) as unknown);
}

function serveFile(folder: string, path: string, response: ServerResponse): void {
  const name = path.startsWith('/assets/') || path === '/trame.svg' ? path.slice(1) : 'index.html';
  const type = TYPES[extname(name)] ?? 'application/octet-stream';
  response.writeHead(200, { 'content-type': type }).end(readFileSync(join(folder, name)));
}
