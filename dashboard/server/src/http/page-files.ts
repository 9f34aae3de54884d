/** The page: built files, and the page itself for every address that is one of its views. */
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { OPEN } from '../access/guard.ts';
import { sendProblem } from './problem.ts';

/** Built files carry a hash of their content in their names, so a browser may keep them for good. */
const HASHED = /\/assets\/[^/]+-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$/u;
const YEAR_MS = 365 * 24 * 3_600_000;

export async function addPageFiles(app: FastifyInstance, webDir: string): Promise<void> {
  await app.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, access: OPEN };
    });
    await scope.register(fastifyStatic, {
      root: webDir,
      // A build may come after the start: the folder need not be there yet, and is looked at per request.
      wildcard: true,
      index: ['index.html'],
      preCompressed: true,
      maxAge: 0,
      setHeaders: (reply, path) => {
        const cache = HASHED.test(path) ? `public, max-age=${YEAR_MS / 1000}, immutable` : 'no-cache';
        reply.header('cache-control', cache);
      },
    });
  });
  app.setNotFoundHandler((request, reply) => notFound(request, reply, webDir));
}

function notFound(request: FastifyRequest, reply: FastifyReply, webDir: string): FastifyReply {
  const path = request.url.split('?')[0] ?? '/';
  if (path.startsWith('/api/') || path.startsWith('/assets/') || !['GET', 'HEAD'].includes(request.method)) {
    return sendProblem(reply, 'not-found');
  }
  if (!acceptsPage(request)) return sendProblem(reply, 'not-found');
  if (!existsSync(join(webDir, 'index.html'))) {
    return sendProblem(reply, 'page-not-built', {
      detail: `There is no built page in ${webDir}: run «npm start», which builds it, or set webDir.`,
    });
  }
  return reply.header('cache-control', 'no-cache').sendFile('index.html', webDir);
}

function acceptsPage(request: FastifyRequest): boolean {
  const accept = request.headers.accept ?? '*/*';
  return accept.includes('text/html') || accept.includes('*/*');
}
