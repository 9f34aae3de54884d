/** `/healthz` and `/metrics`, for this machine alone. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { healthAnswer, type EdgeHealth } from './health.ts';
import type { EdgeMetrics } from './metrics.ts';

export interface HttpOptions {
  /** 0: any free port. */
  readonly port: number;
  readonly health: () => EdgeHealth;
  readonly metrics: EdgeMetrics;
  /** Told when an answer could not be made. */
  readonly onError: (error: unknown) => void;
}

export type HttpStart =
  | { readonly kind: 'listening'; readonly server: HttpServer }
  | { readonly kind: 'failed'; readonly message: string };

export interface HttpServer {
  readonly port: number;
  /** Ends open connections and lets go of the port. */
  close(): Promise<void>;
}

/** Loopback only: whoever may see these pages sits on this machine or is let in by somebody who checks. */
const HOST = '127.0.0.1';
/** More at once than any monitor opens. */
const CONNECTIONS_MAX = 64;
/** A request has no body worth waiting for, ms. */
const REQUEST_TIMEOUT_MS = 5000;

export async function startHttpServer(options: HttpOptions): Promise<HttpStart> {
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    answer(request, response, options).catch((error: unknown) => {
      options.onError(error);
      if (response.headersSent) response.destroy();
      else reply(response, 500, 'text/plain', 'this answer could not be made\n');
    });
  });
  server.maxConnections = CONNECTIONS_MAX;
  server.listen(options.port, HOST);
  try {
    await once(server, 'listening');
  } catch (error) {
    return { kind: 'failed', message: listenFailure(options.port, error) };
  }
  const { port } = server.address() as AddressInfo;
  return { kind: 'listening', server: { port, close: () => close(server) } };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { health, metrics }: HttpOptions,
): Promise<void> {
  const path = (request.url ?? '').split('?', 1)[0];
  if (path !== '/healthz' && path !== '/metrics') {
    reply(response, 404, 'text/plain', 'here are /healthz and /metrics\n');
  } else if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD');
    reply(response, 405, 'text/plain', 'GET only\n');
  } else if (path === '/healthz') {
    const { httpStatus, body } = healthAnswer(health());
    reply(response, httpStatus, 'application/json', `${JSON.stringify(body)}\n`);
  } else {
    reply(response, 200, metrics.contentType, await metrics.text());
  }
}

function reply(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    'content-type': type,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

function listenFailure(port: number, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'EADDRINUSE') {
    return `Port ${port} (edge health and metrics) is in use: stop the other program or set TRAME_EDGE_HTTP_PORT`;
  }
  return `Port ${port} (edge health and metrics) cannot be opened: ${error instanceof Error ? error.message : String(error)}`;
}
