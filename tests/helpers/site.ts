/**
 * A site as it stands in production: each program started alone by its own command, a real Mosquitto between
 * edge and server, and the history of one's choice. Everything has free ports and folders of its own.
 */
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { demoAccount, signIn, type DashboardClient } from './dashboard-client.ts';
import { startInfluxd, type Influxd } from './influxd.ts';
import { startMosquitto, type Mosquitto } from './mosquitto.ts';
import { startPostgres, type Postgres } from './postgres.ts';
import { ROOT, runProcess, spawnProcess, type SpawnedProcess } from './process.ts';
import { simulationControl, type SimulationControl } from './simulation-control.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { freeTramePorts, trameEnvironment, type TramePorts } from './trame.ts';
import { until } from './until.ts';
import { withoutSorting } from './without-sorting.ts';

export interface SiteOptions {
  readonly history: 'embedded' | 'influx';
  /**
   * Line of machines or of hands, with all that its example says of outlets, zones and presses. Left out: the line of
   * machines, and nothing said of them.
   */
  readonly profile?: 'automatic' | 'manual';
  /** SQLite in the server's data directory by default. */
  readonly records?: 'embedded' | 'postgres';
  /** How many times faster the simulated physics run; 1 by default. */
  readonly speed?: number;
  /** Arguments for the simulators beside `run`. */
  readonly simulatorArgs?: readonly string[];
  /** Whether pieces are sorted by their spectra; else by the sorter's own table. */
  readonly sorts?: boolean;
  /** Changes the line's configuration before the edge reads it. */
  readonly editLine?: (yaml: string) => string;
  /** Variables of the edge beside those of all programs. */
  readonly edgeEnv?: Readonly<Record<string, string>>;
  /** Puts a disk of its own under the edge's data folder, an empty one; disposed after the edge has ended. */
  readonly edgeDisk?: (folder: string) => AsyncDisposable;
  /** Lines of the server's configuration beside the usual ones. */
  readonly serverSettings?: readonly string[];
}

export interface Program {
  readonly process: () => SpawnedProcess;
  /** As a power cut does: SIGKILL. */
  readonly kill: () => Promise<void>;
  readonly start: () => void;
}

export interface Site extends AsyncDisposable {
  readonly ports: TramePorts;
  readonly url: string;
  readonly dataDir: string;
  readonly broker: Mosquitto;
  readonly influx: Influxd | null;
  readonly postgres: Postgres | null;
  /** Configuration of the server, and the environment that its commands run in. */
  readonly serverFile: string;
  readonly env: Readonly<Record<string, string>>;
  readonly simulators: Program;
  readonly edge: Program;
  readonly server: Program;
  readonly simulation: SimulationControl;
  readonly signInAs: (role: string) => Promise<DashboardClient>;
}

const READY_MS = 60_000;

export async function startSite(options: SiteOptions): Promise<Site> {
  await using resources = new AsyncDisposableStack();
  const folder = resources.use(temporaryFolder('site'));
  const dataDir = folder.path;
  const ports = await freeTramePorts();
  const env = { ...trameEnvironment(ports, dataDir), TRAME_SPEED: String(options.speed ?? 1) };
  const broker = resources.use(await startMosquitto());
  const influx = options.history === 'influx' ? resources.use(await startInfluxd()) : null;
  const postgres = options.records === 'postgres' ? resources.use(await startPostgres()) : null;

  const lineFile = join(dataDir, 'edge/line.yaml');
  const serverFile = join(dataDir, 'dashboard.yaml');
  mkdirSync(join(dataDir, 'edge'), { recursive: true });
  if (options.edgeDisk !== undefined) resources.use(options.edgeDisk(join(dataDir, 'edge')));
  const { profile } = options;
  const example = lineConfig(profile ?? 'automatic', ports, broker.port, dataDir);
  const lineText = options.sorts === true ? example : withoutSorting(example);
  writeFileSync(lineFile, options.editLine === undefined ? lineText : options.editLine(lineText));
  const settings = [
    ...(profile === undefined ? [] : materialConfig(profile, ports)),
    ...(options.serverSettings ?? []),
  ];
  writeFileSync(serverFile, [...serverConfig(broker.url, influx, postgres), ...settings, ''].join('\n'));

  const run = (args: readonly string[], more: SiteOptions['edgeEnv'] = {}) =>
    spawnProcess(process.execPath, args.map(fromRoot), { env: { ...env, ...more } });
  const node = (...args: string[]) => run(args);
  const simulators = program(resources, () =>
    node(
      'simulators/src/main.ts',
      'run',
      '--profile',
      profile ?? 'automatic',
      ...(options.simulatorArgs ?? []),
    ),
  );
  const server = program(resources, () =>
    node('dashboard/server/src/main.ts', 'run', '--config', serverFile),
  );
  const simulation = simulationControl(ports.sim);
  await until('the simulators', simulation.truth, READY_MS);
  await trustSimulators(dataDir);
  const edge = program(resources, () =>
    run(['edge/src/main.ts', 'run', '--config', lineFile, '--data', join(dataDir, 'edge')], options.edgeEnv),
  );
  const url = `http://127.0.0.1:${ports.http}`;
  await until('live data in the server', () => isLive(url), READY_MS);

  const owned = resources.move();
  return {
    ports,
    url,
    dataDir,
    broker,
    influx,
    postgres,
    serverFile,
    env,
    simulators,
    edge,
    server,
    simulation,
    signInAs: (role) => signIn(url, demoAccount(dataDir, role)),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function isLive(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/healthz`);
  const health: unknown = await answer.json();
  return typeof health === 'object' && health !== null && 'live' in health && health.live === true;
}

function program(resources: AsyncDisposableStack, spawn: () => SpawnedProcess): Program {
  let running = spawn();
  resources.defer(() => running[Symbol.asyncDispose]());
  return {
    process: () => running,
    kill: async () => {
      running.signal('SIGKILL');
      await running.exited;
    },
    start: () => {
      running = spawn();
    },
  };
}

function fromRoot(argument: string): string {
  return argument.endsWith('/src/main.ts') ? join(ROOT, argument) : argument;
}

const EXAMPLES = { automatic: 'demo', manual: 'manual' } as const;
type Profile = keyof typeof EXAMPLES;

function exampleText(profile: Profile, file: string): string {
  return readFileSync(join(ROOT, 'deploy/config.example', EXAMPLES[profile], file), 'utf8');
}

/** The demo line, moved to this site's ports. */
function lineConfig(profile: Profile, ports: TramePorts, brokerPort: number, dataDir: string): string {
  return exampleText(profile, 'line.yaml')
    .replaceAll(/127\.0\.0\.1:(?<port>\d+)/gu, (_all, port: string) => {
      const shipped = Number(port);
      const here =
        shipped === 1883
          ? brokerPort
          : shipped >= 5000
            ? ports.modbus + shipped - 5020
            : ports.opcua + shipped - 4840;
      return `127.0.0.1:${here}`;
    })
    .replaceAll('simulators/opcua.secret', join(dataDir, 'simulators/opcua.secret'))
    .replaceAll('dashboard/command-key.pub.pem', join(dataDir, 'dashboard/command-key.pub.pem'));
}

/** What the demo dashboard says of material, with this site's printer. */
function materialConfig(profile: Profile, ports: TramePorts): string[] {
  const text = exampleText(profile, 'dashboard.yaml');
  return [
    text.slice(text.indexOf('\nmaterial:') + 1).replaceAll('127.0.0.1:9100', `127.0.0.1:${ports.printer}`),
  ];
}

function serverConfig(brokerUrl: string, influx: Influxd | null, postgres: Postgres | null): string[] {
  return [
    'installation: demo',
    `broker: { url: ${brokerUrl} }`,
    ...(influx === null
      ? ['history: embedded']
      : ['history: influx', `influx: { url: ${influx.url}, database: trame }`]),
    ...(postgres === null
      ? []
      : [`records: { url: ${postgres.url}, passwordFile: ${JSON.stringify(postgres.passwordFile)} }`]),
  ];
}

async function trustSimulators(dataDir: string): Promise<void> {
  for (const file of globSync('simulators/**/own/certs/*.pem', { cwd: dataDir })) {
    const main = join(ROOT, 'edge/src/main.ts');
    const args = [main, 'trust', 'add', join(dataDir, file), '--data', join(dataDir, 'edge')];
    const outcome = await runProcess(process.execPath, args);
    if (outcome.code !== 0) throw new Error(`trust add: ${outcome.stderr}${outcome.stdout}`);
  }
}
