import { actorRefOf } from '../commands/actor-repository.ts';
import { Problem, Session, SignIn } from '@trame/protocol/dashboard-api';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { RequestProblem } from '../http/problem.ts';
import type { TypedApp } from '../http/typed-app.ts';
import type { Clock } from '../ports/clock.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { Log } from '../ports/log.ts';
import type { Records } from '../records/open-records.ts';
import { OPEN, roles, SESSION_COOKIE } from './guard.ts';
import { hashSecret, SALT_BYTES, verifySecret } from './secret-hash.ts';
import { endSession, openSession, SESSION_MS, type OpenSession } from './session-repository.ts';
import { afterFailure, afterSuccess, NO_FAILURES, waitBeforeMs } from './sign-in-throttle.ts';
import { findUser } from './user-repository.ts';

export interface SessionRouteOptions {
  readonly records: Records;
  readonly installation: 'real' | 'demo';
  readonly timeZone: string;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
  /** Told of each sign-out, once the session is over. */
  readonly signedOut: (session: OpenSession) => Promise<void>;
}

/** Each takes 19 MiB and a thread: more at once would starve everything else. */
const SIGN_INS_AT_ONCE_MAX = 4;

const EVERYBODY = roles('operator', 'supervisor', 'region', 'trainee', 'administrator');

export async function addSessionRoutes(app: TypedApp, options: SessionRouteOptions): Promise<void> {
  const { records, clock, entropy, log } = options;
  // An unknown login costs the same time as a known one: the answer must not tell which logins exist.
  const nobody = await hashSecret(Buffer.from(entropy.bytes(16)).toString('hex'), entropy.bytes(SALT_BYTES));
  let throttle = NO_FAILURES;
  let running = 0;

  const checked = async (login: string, secret: string) => {
    if (running >= SIGN_INS_AT_ONCE_MAX) throw new RequestProblem('busy');
    running += 1;
    try {
      const user = await findUser(records, login);
      const right = await verifySecret(secret, user?.secretHash ?? nobody);
      return right ? user : undefined;
    } finally {
      running -= 1;
    }
  };

  app.post(
    '/session',
    {
      config: { access: OPEN },
      schema: {
        operationId: 'signIn',
        summary: 'Sign in: sets the session cookie',
        tags: ['session'],
        body: SignIn,
        response: { 200: Session, '4xx': Problem },
      },
    },
    async (request, reply) => {
      const { login, secret } = request.body;
      const waitMs = waitBeforeMs(throttle, login, request.ip, clock.monotonicMs());
      if (waitMs > 0) {
        reply.header('retry-after', Math.ceil(waitMs / 1000));
        throw new RequestProblem('too-many-attempts', { detail: `Wait ${Math.ceil(waitMs / 1000)} s.` });
      }
      const user = await checked(login, secret);
      if (user === undefined) {
        throttle = afterFailure(throttle, login, request.ip, clock.monotonicMs());
        log.warn({ address: request.ip }, 'sign-in refused');
        throw new RequestProblem('invalid-credentials');
      }
      throttle = afterSuccess(throttle, login, request.ip);
      const { token, expiresAt } = await openSession(records, user.login, clock.nowMs(), entropy);
      setCookie(reply, token, request.protocol === 'https', SESSION_MS / 1000);
      reply.header('cache-control', 'no-store');
      return await sessionBody(options, user.login, user.role, expiresAt);
    },
  );

  app.get(
    '/session',
    {
      config: { access: EVERYBODY },
      schema: {
        operationId: 'readSession',
        summary: 'Who is signed in',
        tags: ['session'],
        response: { 200: Session, '4xx': Problem },
      },
    },
    async (request, reply) => {
      const session = request.session;
      if (session === null) throw new RequestProblem('not-signed-in');
      reply.header('cache-control', 'no-store');
      return sessionBody(options, session.login, session.role, session.expiresAt);
    },
  );

  app.delete(
    '/session',
    {
      config: { access: EVERYBODY },
      schema: {
        operationId: 'signOut',
        summary: 'Sign out',
        tags: ['session'],
        response: { 204: Type.Null(), '4xx': Problem },
      },
    },
    async (request, reply) => {
      setCookie(reply, '', request.protocol === 'https', 0);
      if (request.session !== null) {
        await endSession(records, request.session.tokenHash);
        await options.signedOut(request.session);
      }
      return reply.code(204).send(null);
    },
  );
}

async function sessionBody(
  { installation, timeZone, records, clock, entropy }: SessionRouteOptions,
  login: string,
  role: Session['role'],
  expiresAt: number,
): Promise<Session> {
  const actorRef = await actorRefOf(records, login, clock.nowMs(), entropy);
  return { login, role, expiresAt, installation, timeZone, actorRef };
}

function setCookie(reply: FastifyReply, token: string, secure: boolean, maxAge: number): void {
  reply.setCookie(SESSION_COOKIE, token, { httpOnly: true, sameSite: 'strict', path: '/', secure, maxAge });
}
