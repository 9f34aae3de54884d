/** `npm start`: the simulated line, its edge, the broker and the dashboard, until Ctrl-C. */
import { join } from 'node:path';
import { buildWebIfNeeded } from './build-web.ts';
import { openDataDir } from './data-dir.ts';
import { writeDemoConfigs } from './demo-config.ts';
import { keepProfile } from './data-dir-profile.ts';
import { keepRunning, type Keeper, type KeeperDeps } from './keep-running.ts';
import { portsInUse } from './ports-in-use.ts';
import {
  accountsFile,
  childEnvironment,
  namedPorts,
  parseStart,
  START_HELP,
  type StartOptions,
} from './start-options.ts';
import { trustSimulators } from './trust-simulators.ts';
import { saysFollowed, saysLive, waitForHealth } from './wait-for-health.ts';

/** Data flows after a few seconds; past this something is wrong. */
const READY_DEADLINE_MS = 180_000;
/** Three programs one after the other stay within the 20 s that a Ctrl-C may take. */
const STOP_DEADLINE_MS = 6_000;
/** The crew holds nothing that must be kept. */
const CREW_STOP_DEADLINE_MS = 1_500;

/** Exit codes: 0 stopped on request, 1 could not start or keep running, 2 wrong usage. */
export async function start(args: readonly string[]): Promise<number> {
  const parsed = parseStart(args, process.env, process.cwd());
  if (parsed.kind === 'help') {
    process.stdout.write(START_HELP);
    return 0;
  }
  if (parsed.kind === 'wrong') return refuse(parsed.line, 2);
  const { options } = parsed;
  const dataDir = openDataDir(options.dataDir);
  if (dataDir.kind === 'refused') return refuse(dataDir.line, 1);
  const otherProfile = keepProfile(options);
  if (otherProfile !== null) {
    dataDir.release();
    return refuse(otherProfile, 1);
  }
  const busy = await portsInUse(namedPorts(options.profile, options.ports));
  if (busy[0] !== undefined) {
    const others = busy.length === 1 ? '' : ` (${busy.length - 1} more of its ports are in use too)`;
    return refuse(`${busy[0]}${others}`, 1);
  }
  try {
    return await runDemo(options);
  } finally {
    dataDir.release();
  }
}

function refuse(line: string, code: number): number {
  process.stderr.write(`${line}\n`);
  return code;
}

/** Why everything stops; null is a request of the person. */
class Stop extends Error {
  readonly fault: string | null;
  constructor(fault: string | null) {
    super(fault ?? 'stop was asked for');
    this.fault = fault;
  }
}

async function runDemo(options: StartOptions): Promise<number> {
  const stop = new AbortController();
  const keepers: Keeper[] = [];
  let ready = false;
  const ask = () => stop.abort(new Stop(null));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask);
  // The bootstrap was killed outright: nothing may be left behind.
  process.on('disconnect', ask);
  // A terminal that was closed must not keep the programs from being stopped: they are stopped by its SIGHUP.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ask);
  process.channel?.unref();

  const deps: KeeperDeps = {
    output: {
      logDir: join(options.dataDir, 'logs'),
      // While everything stops, that each loses the others is no news.
      say: (line) => {
        if (!stop.signal.aborted) say(line);
      },
    },
    stopping: stop.signal,
    isReady: () => ready,
    giveUp: (line) => stop.abort(new Stop(line)),
    onChange: () => tellBootstrap(keepers.flatMap((keeper) => keeper.pid() ?? [])),
    nowMs: () => performance.now(),
  };
  const run = (name: string, ...argv: string[]) => {
    keepers.push(keepRunning({ name, argv, env: childEnvironment(options) }, deps));
    deps.onChange();
  };

  let fault: string | null = null;
  try {
    await startAll(options, run, stop.signal);
    ready = true;
    announce(options);
    await aborted(stop.signal);
  } catch (error) {
    fault = faultOf(error, stop.signal);
  }
  if (!stop.signal.aborted) stop.abort(new Stop(fault));
  if (stop.signal.reason instanceof Stop) fault = stop.signal.reason.fault ?? fault;
  if (fault !== null) process.stderr.write(`${fault}\n`);
  // Reversed: the edge says goodbye while the broker still listens, and the devices are the last to go.
  for (const keeper of keepers.toReversed()) {
    const deadlineMs = keeper.name === 'crew' ? CREW_STOP_DEADLINE_MS : STOP_DEADLINE_MS;
    if (!(await keeper.stop(deadlineMs))) say(`${keeper.name} did not stop in time and was killed.`);
  }
  return fault === null ? 0 : 1;
}

/** So that it can stop them should this process be killed outright. */
function tellBootstrap(children: readonly number[]): void {
  // It may be gone itself: then there is nobody to tell, and `disconnect` stops everything.
  if (process.connected) process.send?.({ children }, undefined, undefined, () => undefined);
}

type Run = (name: string, ...argv: string[]) => void;

async function startAll(options: StartOptions, run: Run, stopping: AbortSignal): Promise<void> {
  const deadline = AbortSignal.timeout(READY_DEADLINE_MS);
  const signal = AbortSignal.any([stopping, deadline]);
  const kind = options.profile === 'manual' ? 'line of hands' : 'line';
  say(`Starting a simulated ${kind}; data and logs are in ${options.dataDir}.`);
  const configs = writeDemoConfigs(options);
  run('simulators', 'simulators/src/main.ts', 'run', ...simulatorArguments(options));
  const built = await buildWebIfNeeded(() => say('Building the dashboard page…'), signal);
  signal.throwIfAborted();
  if (built.kind === 'failed') {
    throw new Stop(`The dashboard page could not be built:\n${built.output.trimEnd()}`);
  }
  run('dashboard', 'dashboard/server/src/main.ts', 'run', '--config', configs.dashboard);
  await waitForHealth(options.ports.sim, () => true, signal);
  if (options.profile === 'automatic') {
    const distrust = await trustSimulators(options, signal);
    if (distrust !== null) throw new Stop(distrust);
  }
  await waitForHealth(options.ports.http, () => true, signal);
  run('edge', 'edge/src/main.ts', 'run', '--config', configs.edge, '--data', join(options.dataDir, 'edge'));
  // Without any device no value ever comes: the line lives when its server follows its ledger.
  const hasDevices = options.profile === 'automatic' || options.scales > 0;
  if (hasDevices) await waitForHealth(options.ports.http, saysLive, signal);
  else await waitForHealth(options.ports.edgeHttp, saysFollowed, signal);
  if (options.crew) run('crew', 'simulators/src/main.ts', 'crew', ...crewArguments(options));
}

function simulatorArguments({ profile, scales }: StartOptions): string[] {
  if (profile === 'automatic') return [];
  return ['--profile', profile, '--scales', scales === 2 ? '2' : '1'];
}

function crewArguments(options: StartOptions): string[] {
  return [
    '--server',
    `http://127.0.0.1:${options.ports.http}`,
    '--accounts',
    accountsFile(options),
    '--sim',
    `http://127.0.0.1:${options.ports.sim}`,
  ];
}

function announce(options: StartOptions): void {
  process.stdout.write(`Trame ready: http://127.0.0.1:${options.ports.http}\n`);
  process.stdout.write(`Demo accounts: ${accountsFile(options)}\n`);
}

function faultOf(error: unknown, stopping: AbortSignal): string | null {
  if (stopping.aborted) return null;
  if (error instanceof Stop) return error.fault;
  if (error instanceof Error && error.name === 'TimeoutError') {
    return `No live data after ${READY_DEADLINE_MS / 1000} s: the logs tell why.`;
  }
  return error instanceof Error ? error.message : String(error);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
