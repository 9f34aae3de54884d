/** From an address to a session: every step has a deadline, every failure a reason that a person can act on. */
import { readFile } from 'node:fs/promises';
import type { OPCUAClient, UserIdentityInfo } from 'node-opcua-client';
import type { OpcuaDeviceConfig, OpcuaSecurity } from '../domain/line-config.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { DeadlineExceeded, withDeadline } from './deadline.ts';
import type { OpcuaLibrary, OpcuaSession } from './library.ts';
import type { OpcuaPki, OwnIdentity } from './pki.ts';
import { explainFailure, Refusal } from './explain-failure.ts';
import { reasonOf } from './service-failure.ts';
import { trackTransports, type TrackedTransports } from './tracked-transport.ts';

export interface OpcuaLink {
  readonly session: OpcuaSession;
  /** Resolves with the reason when the connection or the session is gone. */
  readonly lost: Promise<string>;
  /**
   * Frees everything within 3 s.
   *
   * @param listening whether somebody may still be there to be told goodbye, so that the server has its session
   *   back at once; a dead one is not waited for.
   */
  close(listening: boolean): Promise<void>;
}

export type ConnectOutcome =
  | { readonly state: 'connected'; readonly link: OpcuaLink }
  | { readonly state: 'failed'; readonly reason: string; readonly incident: 'connect-failed' | 'timeout' };

export interface ConnectDeps {
  readonly library: OpcuaLibrary;
  readonly pki: OpcuaPki;
  readonly clock: Clock;
  readonly log: Log;
}

/** A host that lives accepts a connection and greets within this; a frozen one accepts and stays silent. */
const GREETING_DEADLINE_MS = 3000;
/** Small PLCs need seconds for the RSA of a secured channel and session. */
const SESSION_DEADLINE_MS = 15_000;
/** The folder of certificates has its own, shorter deadline; this one adds the wait for other devices. */
const IDENTITY_DEADLINE_MS = 60_000;
const GOODBYE_DEADLINE_MS = 1200;
/** A crashed edge must not hold one of the server's few sessions for long. */
const SESSION_TIMEOUT_MS = 30_000;
/**
 * The library's own time-out, longer than each of ours: it throws inside its socket handler when an answer
 * comes after it gave up.
 */
const LIBRARY_TIMEOUT_MS = 60_000;
const PASSWORD_BYTES_MAX = 4096;

/** Opens a session; cleans up after itself when that fails. @throws only when the signal aborts. */
export async function connect(
  device: OpcuaDeviceConfig,
  deps: ConnectDeps,
  signal: AbortSignal,
): Promise<ConnectOutcome> {
  try {
    const prepare = { ms: IDENTITY_DEADLINE_MS, what: 'preparing our certificate', signal };
    const identity = await withDeadline(deps.clock, prepare, deps.pki.identity(deps.library));
    const user = await readUser(device.security, deps.library);
    const secured = device.security.mode !== 'None';
    const certificate = secured ? await serverCertificate(device, deps, identity, signal) : null;
    return {
      state: 'connected',
      link: await openSession({ device, deps, identity, user, certificate, signal }),
    };
  } catch (error) {
    signal.throwIfAborted();
    const incident = error instanceof DeadlineExceeded ? 'timeout' : 'connect-failed';
    return { state: 'failed', reason: explainFailure(device, deps.pki.settings.directory, error), incident };
  }
}

/**
 * Asks without security which endpoints there are, and whether the certificate of ours is one that we trust.
 * What it says unsecured is not believed: the secured channel fails unless the server holds the key of exactly
 * this certificate.
 */
async function serverCertificate(
  device: OpcuaDeviceConfig,
  deps: ConnectDeps,
  identity: OwnIdentity,
  signal: AbortSignal,
): Promise<Buffer> {
  const { mode, policy } = device.security;
  const plain: OpcuaSecurity = { mode: 'None', policy: 'None', user: null, passwordFile: null };
  const { client, transports } = createClient(deps, identity, plain, null);
  try {
    await reach(client, transports, device.url, deps, signal);
    const ask = { ms: SESSION_DEADLINE_MS, what: 'asking for endpoints', signal };
    const endpoints = await withDeadline(deps.clock, ask, client.getEndpoints());
    const { MessageSecurityMode } = deps.library.client;
    const found = endpoints.find(
      (one) =>
        one.securityMode === MessageSecurityMode[mode] &&
        one.securityPolicyUri?.endsWith(`#${policy}`) === true,
    );
    if (found === undefined || found.serverCertificate.length === 0) {
      const offered = endpoints.map(
        (one) => `${MessageSecurityMode[one.securityMode]}/${one.securityPolicyUri?.split('#')[1] ?? '?'}`,
      );
      throw new Refusal(
        `${device.url} offers no endpoint ${mode}/${policy}, but ${[...new Set(offered)].join(', ') || 'none'}`,
      );
    }
    const check = { ms: IDENTITY_DEADLINE_MS, what: 'checking the certificate of the server', signal };
    const verification = deps.pki.verify(deps.library, device.url, found.serverCertificate);
    const verdict = await withDeadline(deps.clock, check, verification);
    if (!verdict.trusted) throw new Refusal(verdict.reason);
    if (verdict.warning !== null) deps.log.warn({ device: device.id, url: device.url }, verdict.warning);
    await hangUp(client, transports, deps.clock, true);
    return found.serverCertificate;
  } catch (error) {
    await hangUp(client, transports, deps.clock, !(error instanceof DeadlineExceeded));
    throw error;
  }
}

interface SessionRequest {
  readonly device: OpcuaDeviceConfig;
  readonly deps: ConnectDeps;
  readonly identity: OwnIdentity;
  readonly user: UserIdentityInfo;
  readonly certificate: Buffer | null;
  readonly signal: AbortSignal;
}

async function openSession(request: SessionRequest): Promise<OpcuaLink> {
  const { device, deps, signal } = request;
  const { client, transports } = createClient(deps, request.identity, device.security, request.certificate);
  const lost = Promise.withResolvers<string>();
  client.once('connection_lost', () => lost.resolve(`the connection to ${device.url} broke`));
  client.once('close', () => lost.resolve(`${device.url} closed the connection`));
  try {
    await reach(client, transports, device.url, deps, signal);
    const ask = { ms: SESSION_DEADLINE_MS, what: 'opening a session', signal };
    // Every session of the library has the plain services; its public type leaves them out.
    const session = (await withDeadline(deps.clock, ask, client.createSession(request.user))) as OpcuaSession;
    session.once('session_closed', () => lost.resolve(`${device.url} closed the session`));
    const close = async (listening: boolean): Promise<void> => {
      if (listening) await briefly(deps.clock, session.close(true));
      await hangUp(client, transports, deps.clock, listening);
    };
    return { session, lost: lost.promise, close };
  } catch (error) {
    await hangUp(client, transports, deps.clock, !(error instanceof DeadlineExceeded));
    throw error;
  }
}

/** Connects the channel: quick to see that nobody is there, patient with slow cryptography once somebody is. */
async function reach(
  client: OPCUAClient,
  transports: TrackedTransports,
  url: string,
  { clock }: ConnectDeps,
  signal: AbortSignal,
): Promise<void> {
  const channel = client.connect(url);
  const greeting = { ms: GREETING_DEADLINE_MS, what: `connecting to ${url}`, signal };
  await withDeadline(clock, greeting, Promise.race([transports.greeted, channel]));
  await withDeadline(clock, { ms: SESSION_DEADLINE_MS, what: 'opening the secure channel', signal }, channel);
}

function createClient(
  { library, pki }: ConnectDeps,
  identity: OwnIdentity,
  security: OpcuaSecurity,
  certificate: Buffer | null,
): { client: OPCUAClient; transports: TrackedTransports } {
  const { MessageSecurityMode, SecurityPolicy, OPCUAClient } = library.client;
  const transports = trackTransports(library);
  const client = OPCUAClient.create({
    applicationName: 'Trame edge',
    applicationUri: pki.settings.applicationUri,
    clientName: 'trame-edge',
    securityMode: MessageSecurityMode[security.mode],
    securityPolicy: SecurityPolicy[security.policy],
    ...(certificate === null ? {} : { serverCertificate: certificate }),
    certificateKeyPairProvider: identity.keyPair,
    // The server's certificate was checked against our folder already; this store accepts nothing by itself.
    clientCertificateManager: new library.common.InMemoryCertificateStore({ autoAcceptUnknown: false }),
    // Every attempt is one attempt: waiting, repairing and giving up are our loop's business. All four values
    // are needed, because the library fills a missing maxRetry with 10.
    connectionStrategy: { maxRetry: 0, initialDelay: 100, maxDelay: 100, randomisationFactor: 0 },
    // A PLC is often reached by an address that it does not know of itself.
    endpointMustExist: false,
    // Publish requests keep the session alive, and the subscriptions' own watch tells when they stop.
    keepSessionAlive: false,
    requestedSessionTimeout: SESSION_TIMEOUT_MS,
    defaultTransactionTimeout: LIBRARY_TIMEOUT_MS,
    transportTimeout: LIBRARY_TIMEOUT_MS,
    transportFactory: transports.factory,
  });
  return { client, transports };
}

async function hangUp(
  client: OPCUAClient,
  transports: TrackedTransports,
  clock: Clock,
  listening: boolean,
): Promise<void> {
  if (!listening) transports.destroy();
  await briefly(clock, client.disconnect());
  transports.destroy();
}

/** For goodbyes: what fails or takes too long no longer matters, the socket is cut next. */
async function briefly(clock: Clock, promise: Promise<unknown>): Promise<void> {
  const ask = { ms: GOODBYE_DEADLINE_MS, what: 'saying goodbye', signal: new AbortController().signal };
  await withDeadline(clock, ask, promise).catch(() => null);
}

async function readUser(
  { user, passwordFile }: OpcuaSecurity,
  library: OpcuaLibrary,
): Promise<UserIdentityInfo> {
  const { UserTokenType } = library.client;
  if (user === null) return { type: UserTokenType.Anonymous };
  if (passwordFile === null) return { type: UserTokenType.UserName, userName: user, password: '' };
  const bytes = await readFile(passwordFile).catch((error: unknown) => {
    throw new Refusal(`the password file of user ${user} cannot be read: ${reasonOf(error)}`);
  });
  if (bytes.length > PASSWORD_BYTES_MAX) {
    throw new Refusal(`the password file ${passwordFile} is longer than ${PASSWORD_BYTES_MAX} bytes`);
  }
  return {
    type: UserTokenType.UserName,
    userName: user,
    password: bytes.toString('utf8').replace(/\r?\n$/u, ''),
  };
}
