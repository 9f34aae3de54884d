/**
 * Who may call what. Every route says it; one that does not keeps the server from starting. The decision
 * falls before the body is read, so that a stranger's body is never parsed.
 */
import '@fastify/cookie';
import type { Role } from '@trame/protocol/dashboard-api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isLoopback } from '../http/loopback.ts';
import { sendProblem } from '../http/problem.ts';
import type { KnownSession } from './known-sessions.ts';
import type { OpenSession } from './session-repository.ts';

export type Access =
  | { readonly kind: 'open' }
  | { readonly kind: 'roles'; readonly roles: readonly Role[] }
  /** Programs on this machine, or these roles from anywhere. */
  | { readonly kind: 'loopback-or-roles'; readonly roles: readonly Role[] };

export const OPEN: Access = { kind: 'open' };

export function roles(...allowed: Role[]): Access {
  return { kind: 'roles', roles: allowed };
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
    /**
     * Some of what is asked there is done though the records do not answer: whoever had a session when they last did is
     * let in by it. What does not have to be done is refused by `request.proven`.
     */
    letsInWithoutRecords?: boolean;
  }
  interface FastifyRequest {
    /** Who asks; null on open routes without a session. */
    session: OpenSession | null;
    /** What the records say of the session, where they are not waited for; it rejects when they do not answer. */
    proven: Promise<OpenSession | null> | null;
  }
}

export const SESSION_COOKIE = 'trame_session';

export interface GuardOptions {
  readonly findSession: (token: string) => Promise<OpenSession | null>;
  /** The same without waiting for records that do not answer; left out: they are waited for everywhere. */
  readonly knownSession?: (token: string) => Promise<KnownSession>;
}

export function addGuard(app: FastifyInstance, options: GuardOptions): void {
  app.decorateRequest('session', null);
  app.decorateRequest('proven', null);
  const undeclared = new Map<object, string>();
  app.addHook('onRoute', (route) => {
    // The configuration object may still be filled by a plugin's own hook: it is looked at when all is loaded.
    undeclared.set(route, `${String(route.method)} ${route.url}`);
  });
  app.addHook('onReady', (done) => {
    const open = [...undeclared].filter(([route]) => accessOf(route) === undefined).map(([, name]) => name);
    done(open.length === 0 ? undefined : new Error(`routes without a stated access: ${open.join(', ')}`));
  });
  app.addHook('onRequest', async (request, reply) => {
    if (request.is404) return undefined;
    if (isCrossSiteWrite(request)) return sendProblem(reply, 'cross-site');
    return admit(request, reply, options);
  });
}

async function admit(
  request: FastifyRequest,
  reply: FastifyReply,
  options: GuardOptions,
): Promise<FastifyReply | undefined> {
  const access = request.routeOptions.config.access;
  if (access === undefined) return sendProblem(reply, 'forbidden');
  const token = request.cookies[SESSION_COOKIE];
  if (token !== undefined) await lookUp(request, token, options);
  if (access.kind === 'open') return undefined;
  if (access.kind === 'loopback-or-roles' && isProgramHere(request)) return undefined;
  if (request.session === null) return sendProblem(reply, 'not-signed-in');
  return access.roles.includes(request.session.role) ? undefined : sendProblem(reply, 'forbidden');
}

async function lookUp(
  request: FastifyRequest,
  token: string,
  { findSession, knownSession }: GuardOptions,
): Promise<void> {
  if (request.routeOptions.config.letsInWithoutRecords !== true || knownSession === undefined) {
    request.session = await findSession(token);
    return;
  }
  const { session, proven } = await knownSession(token);
  // Who asks for what needs no proof does not look at it.
  proven.catch(() => null);
  request.session = session;
  request.proven = proven;
}

/** Set by proxies: what carries one comes from somebody else than this machine, whatever it says. */
export const FORWARDING_HEADERS = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
];

/** By the socket, not by what headers say: a proxy on this machine is not a program that asks for itself. */
function isProgramHere({ socket, headers }: FastifyRequest): boolean {
  if (!isLoopback(socket.remoteAddress ?? '')) return false;
  return FORWARDING_HEADERS.every((name) => headers[name] === undefined);
}

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * A browser says where a request comes from; a program that says nothing carries no cookie of somebody else.
 * Beside the cookie's `SameSite=Strict`, which other ports of the same machine pass.
 */
function isCrossSiteWrite(request: FastifyRequest): boolean {
  if (READS.has(request.method)) return false;
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const { origin } = request.headers;
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== request.headers.host;
}

function accessOf(route: object): Access | undefined {
  const config: unknown = 'config' in route ? route.config : undefined;
  if (typeof config !== 'object' || config === null || !('access' in config)) return undefined;
  return config.access as Access;
}
