/** The composition root: opens what the server stands on, starts it, and stops it in reverse. */
import type { AddressInfo } from 'node:net';
import { makeFirstAccounts, type FirstAccounts } from './access/first-accounts.ts';
import { countUsers } from './access/user-repository.ts';
import { refuseHalfRestored } from './backup/restore-mark.ts';
import type { ServerConfig } from './config/server-config.ts';
import { openHistory } from './history/open-history.ts';
import { isLoopback } from './http/loopback.ts';
import type { TypedApp } from './http/typed-app.ts';
import { rebuildWhenDue } from './ledger/rebuild-projections.ts';
import type { Clock } from './ports/clock.ts';
import type { Entropy } from './ports/entropy.ts';
import type { Log } from './ports/log.ts';
import type { ProgrammeCarrier } from './ports/programme-carrier.ts';
import { keepInstallation } from './records/installation-repository.ts';
import { openRecords, type Records } from './records/open-records.ts';
import { within } from './ports/repeat.ts';
import { claimRecords, FAREWELL_MS } from './records/records-claim.ts';
import { brokerAddress, ownBrokerAccount, startBroker } from './server-broker.ts';
import { assemble } from './server-parts.ts';
import { StartError } from './start-error.ts';
import { claimDataDir } from './system/data-dir.ts';
import { localDayIn } from './tonnage/local-day.ts';

export interface ServerOptions {
  readonly config: ServerConfig;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
  /** Tells lines which sort programme was approved; left out: the server itself does. */
  readonly carrier?: ProgrammeCarrier | undefined;
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
  refuseHalfRestored(config.dataDir);
  const claim = await claimRecords(config.records, clock, log);
  cleanup.defer(() => claim.release());
  const records = await openRecords(config, {
    onFault: (reason) => log.warn({ reason }, 'a connection to the records broke'),
    claim,
  });
  cleanup.defer(() => within(clock, FAREWELL_MS, records.destroy()));
  await checkInstallation(records, config, clock);
  await rebuildWhenDue(records, localDayIn(config.timeZone), log);
  const firstAccounts = await makeFirstAccounts({ ...config, records, clock, entropy });
  await checkListening(records, config);
  const history = openHistory({ config: config.history, dataDir: config.dataDir, clock, entropy, log });
  cleanup.defer(() => history.close());
  const own = ownBrokerAccount(config, entropy);
  const excess = { count: (): void => undefined };
  const broker = await startBroker(config, own, log, () => excess.count());
  cleanup.defer(() => broker?.close());
  const parts = await assemble({
    ...options,
    records,
    claim,
    history,
    broker: brokerAddress(config, broker, own),
  });
  cleanup.defer(() => parts.stop());
  excess.count = () => parts.path.metrics.rejected.inc({ reason: 'packet-too-large' });
  const { app } = parts;
  cleanup.defer(() => app.close());
  await listen(app, config);
  parts.path.link.start();
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
