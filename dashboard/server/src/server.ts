/** The composition root: the only file that sees every part of the server. */
import type { Health } from '@trame/protocol/dashboard-api';
import type { LineDescription } from '@trame/protocol/line-description';
import type { AddressInfo } from 'node:net';
import { makeFirstAccounts, type FirstAccounts } from './access/first-accounts.ts';
import { findSession, sessionByHash } from './access/session-repository.ts';
import { countUsers } from './access/user-repository.ts';
import { buildApp } from './app.ts';
import { startEmbeddedBroker, type EmbeddedBroker } from './broker/embedded-broker.ts';
import type { ServerConfig } from './config/server-config.ts';
import { openHistory } from './history/open-history.ts';
import type { HistoryStore } from './history/history-store.ts';
import { isLoopback } from './http/loopback.ts';
import { createMetrics, type ServerMetrics } from './http/metrics.ts';
import type { TypedApp } from './http/typed-app.ts';
import { HostLink } from './ingest/host-link.ts';
import { Ingester } from './ingest/ingester.ts';
import { EMPTY_DESCRIPTION, parseDescription } from './ingest/line-description.ts';
import { LiveHub } from './live/live-hub.ts';
import { LivePicture } from './live/picture.ts';
import type { Clock } from './ports/clock.ts';
import type { Entropy } from './ports/entropy.ts';
import type { Log } from './ports/log.ts';
import { keepInstallation } from './records/installation-repository.ts';
import { knownLines, rememberLine } from './records/line-repository.ts';
import { openRecords, type Records } from './records/open-records.ts';
import { StartError } from './start-error.ts';
import { claimDataDir } from './system/data-dir.ts';
import { Compositions } from './tonnage/compositions.ts';
import { localDayIn } from './tonnage/local-day.ts';
import { outletTotals } from './tonnage/outlet-total.ts';
import { TonnageCounter } from './tonnage/tonnage-counter.ts';
import { VERSION } from './version.ts';

export interface ServerOptions {
  readonly config: ServerConfig;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
}

export interface RunningServer {
  readonly httpPort: number;
  /** Port of the embedded broker; null with another one. */
  readonly mqttPort: number | null;
  /** Accounts made by this start. */
  readonly firstAccounts: FirstAccounts;
  /** Says farewell to the broker, ends open streams, stores what is buffered; within 5 s. */
  stop(): Promise<void>;
}

interface Resources {
  readonly records: Records;
  readonly history: HistoryStore;
  readonly broker: EmbeddedBroker | null;
}

/**
 * Starts everything, in the order in which each part is needed, and stops in the reverse order; a start that
 * fails half-way stops what it started.
 * @throws StartError with one clear line for whoever starts it.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, clock, entropy, log } = options;
  await using cleanup = new AsyncDisposableStack();
  const dataDir = claimDataDir(config.dataDir);
  cleanup.defer(() => dataDir.release());
  const records = await openRecords(config.dataDir);
  cleanup.defer(() => records.destroy());
  await checkInstallation(records, config, clock);
  const firstAccounts = await makeFirstAccounts({ records, ...config, clock, entropy });
  await checkListening(records, config);
  const history = openHistory({ config: config.history, dataDir: config.dataDir, clock, entropy, log });
  cleanup.defer(() => history.close());
  const own = ownBrokerAccount(config, entropy);
  const broker = await startBroker(config, own);
  cleanup.defer(() => broker?.close());
  const parts = await assemble(options, { records, history, broker }, own);
  cleanup.defer(() => parts.stop());
  const { app } = parts;
  cleanup.defer(() => app.close());
  await listen(app, config);
  parts.link.start();
  const httpPort = (app.server.address() as AddressInfo).port;
  log.info({ httpPort, mqttPort: broker?.port ?? null }, 'dashboard server started');
  const running = cleanup.move();
  let stopped: Promise<void> | null = null;
  return {
    httpPort,
    mqttPort: broker?.port ?? null,
    firstAccounts,
    stop: () => (stopped ??= running.disposeAsync()),
  };
}

async function checkInstallation(records: Records, config: ServerConfig, clock: Clock): Promise<void> {
  const kept = await keepInstallation(records, config.installation, clock.nowMs());
  if (kept === config.installation) return;
  throw new StartError(
    `This data directory belongs to a ${kept} installation and stays one for life: ` +
      `set «installation: ${kept}», or use another data directory`,
  );
}

/** The demonstration's secrets lie in a file that any program of the machine may find. */
async function checkListening(records: Records, config: ServerConfig): Promise<void> {
  if (isLoopback(config.host) || (await countUsers(records, 'demo')) === 0) return;
  throw new StartError(
    `There are demo accounts, so the server listens on this machine only: set «host: 127.0.0.1», ` +
      `or remove them with «trame-dashboard user remove»`,
  );
}

interface BrokerAccount {
  readonly username: string;
  readonly password: string;
}

/** With accounts on the embedded broker the server needs one of its own; it lives as long as this run. */
function ownBrokerAccount(config: ServerConfig, entropy: Entropy): BrokerAccount | null {
  if (config.broker.kind !== 'embedded' || config.broker.accounts.length === 0) return null;
  const hex = (count: number) => Buffer.from(entropy.bytes(count)).toString('hex');
  return { username: `trame-server-${hex(4)}`, password: hex(24) };
}

function startBroker(config: ServerConfig, own: BrokerAccount | null): Promise<EmbeddedBroker | null> {
  if (config.broker.kind !== 'embedded') return Promise.resolve(null);
  const { host, port, accounts } = config.broker;
  return startEmbeddedBroker({ host, port, accounts: own === null ? accounts : [...accounts, own] });
}

interface Parts {
  readonly app: TypedApp;
  readonly link: HostLink;
  stop(): Promise<void>;
}

async function assemble(
  options: ServerOptions,
  { records, history, broker }: Resources,
  own: BrokerAccount | null,
): Promise<Parts> {
  const { config, clock, entropy, log } = options;
  const ended = new AbortController();
  const picture = new LivePicture();
  const hub = new LiveHub({ picture, clock, epoch: Buffer.from(entropy.bytes(8)).toString('hex') });
  const compositions = new Compositions();
  const dayOf = localDayIn(config.timeZone);
  const metrics = createMetrics({
    picture,
    history: () => history.stats(),
    listeners: () => hub.clientCount,
    linkUp: () => link.isUp,
  });
  const counter = new TonnageCounter({ records, clock, log, dayOf, onReset: () => metrics.resets.inc() });
  const ingester = new Ingester(
    {
      picture,
      pictureChanged: () => hub.changed(),
      history: (samples) => history.append(samples),
      readings: (site, line, device, readings) => counter.add(outletTotals(site, line, device, readings)),
      described: (site, line, description) => {
        compositions.describe(line, description);
        remember({ records, site, line, description, clock, log });
      },
      askRebirth: (site, line) => {
        metrics.rebirths.inc();
        link.askRebirth(site, line);
      },
      rejected: (reason, count) => metrics.rejected.inc({ reason }, count),
      received: (type) => metrics.received.inc({ type }),
    },
    clock,
    log,
  );
  for (const { site, line, description } of await knownLines(records)) {
    const read = parseDescription(description);
    const known = read.kind === 'described' ? read.description : EMPTY_DESCRIPTION;
    compositions.describe(line, known);
    picture.addLine(site, line, clock.nowMs(), known);
    ingester.expect(site, line);
  }
  const link: HostLink = new HostLink({
    ...brokerAddress(config, broker, own),
    hostId: config.hostId,
    clock,
    entropy,
    log,
    onMessage: (topic, payload, retained) => ingester.message(topic, payload, retained),
    onUp: () => ingester.linkUp(),
    onLost: () => ingester.linkLost(),
  });
  const app = await buildApp({
    guard: { findSession: (token) => findSession(records, token, clock.nowMs()) },
    session: { records, ...config, clock, entropy, log },
    live: {
      hub,
      clock,
      sessionStands: async (hash) => (await sessionByHash(records, hash, clock.nowMs())) !== null,
    },
    history: { history, picture, clock },
    tonnage: { records, clock, dayOf, compositionOf: (line, outlet) => compositions.of(line, outlet) },
    health: { health: () => healthOf(picture, history, link), metrics: () => metricsText(metrics) },
    picture,
    webDir: config.webDir,
    version: VERSION,
    log,
  });
  const running = Promise.all([ingester.run(ended.signal), counter.run(ended.signal), hub.run()]);
  return {
    app,
    link,
    stop: async () => {
      await link.stop();
      hub.close();
      ended.abort();
      await running;
    },
  };
}

function brokerAddress(config: ServerConfig, broker: EmbeddedBroker | null, own: BrokerAccount | null) {
  if (config.broker.kind === 'external') return config.broker;
  return {
    url: `mqtt://${hostOfUrl(config.broker.host)}:${broker?.port ?? config.broker.port}`,
    username: own?.username ?? null,
    password: own?.password ?? null,
    ca: null,
    version: 4 as const,
  };
}

/** An address that means «everywhere» is reached on this machine. */
function hostOfUrl(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

function remember(what: {
  records: Records;
  site: string;
  line: string;
  description: LineDescription;
  clock: Clock;
  log: Log;
}): void {
  const { records, site, line, description, clock, log } = what;
  rememberLine(records, site, line, description, clock.nowMs()).catch((error: unknown) => {
    log.error(
      { line, reason: error instanceof Error ? error.message : String(error) },
      'line not remembered',
    );
  });
}

function healthOf(picture: LivePicture, history: HistoryStore, link: HostLink): Health {
  const lines = Object.values(picture.state.lines);
  const { stored, healthy } = history.stats();
  const shown = lines.some(({ devices }) => Object.keys(devices).length > 0);
  const live = shown && stored > 0;
  if (!link.isUp || !healthy) return { status: live ? 'degraded' : 'starting', live };
  if (!live) return { status: 'starting', live };
  return { status: lines.every(({ state }) => state === 'online') ? 'ok' : 'degraded', live };
}

async function metricsText(metrics: ServerMetrics): Promise<{ type: string; text: string }> {
  return { type: metrics.registry.contentType, text: await metrics.registry.metrics() };
}

async function listen(app: TypedApp, { host, port }: ServerConfig): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(
      code === 'EADDRINUSE'
        ? `Port ${port} (dashboard) is in use: stop the other program or set TRAME_HTTP_PORT`
        : `The dashboard cannot listen on ${host}:${port}: ${reason}`,
      { cause: error },
    );
  }
}
