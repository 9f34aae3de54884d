/** The whole of `npm start` for a test: free ports, a data directory of its own, any speed. */
import { join } from 'node:path';
import { demoAccount, signIn, type DashboardClient } from './dashboard-client.ts';
import { freePortBlock } from './free-port.ts';
import { ROOT, spawnProcess, type Exit, type SpawnedProcess } from './process.ts';
import { simulationControl, type SimulationControl } from './simulation-control.ts';
import { temporaryFolder, type TemporaryFolder } from './temporary-folder.ts';

export interface TramePorts {
  readonly http: number;
  readonly mqtt: number;
  readonly opcua: number;
  readonly modbus: number;
  readonly printer: number;
  readonly sim: number;
  readonly edgeHttp: number;
}

export interface Trame extends AsyncDisposable {
  readonly ports: TramePorts;
  /** `http://127.0.0.1:<port>` of the dashboard. */
  readonly url: string;
  readonly dataDir: string;
  /** The launcher, leader of the process group that everything runs in. */
  readonly launcher: SpawnedProcess;
  readonly simulation: SimulationControl;
  /** Signs in with the demo account of a role. */
  readonly signInAs: (role: string) => Promise<DashboardClient>;
  /** As Ctrl-C in a terminal; resolves when the launcher has ended. */
  readonly interrupt: () => Promise<Exit>;
}

export interface TrameOptions {
  /** How many times faster the simulated physics run; 1 by default. */
  readonly speed?: number;
  /** A data directory to go on with; by default a fresh one, removed at the end. */
  readonly dataDir?: string;
  readonly ports?: TramePorts;
}

/** First start of a checkout: the page is built. */
const READY_MS = 150_000;
const STOP_MS = 25_000;

/** Thirteen consecutive ports: two for OPC UA, six for Modbus. */
export async function freeTramePorts(): Promise<TramePorts> {
  const first = await freePortBlock(13);
  return {
    http: first,
    mqtt: first + 1,
    sim: first + 2,
    edgeHttp: first + 3,
    opcua: first + 4,
    modbus: first + 6,
    printer: first + 12,
  };
}

/** Environment variables of these ports and this data directory. */
export function trameEnvironment(ports: TramePorts, dataDir: string): Record<string, string> {
  return {
    TRAME_HTTP_PORT: String(ports.http),
    TRAME_MQTT_PORT: String(ports.mqtt),
    TRAME_OPCUA_PORT: String(ports.opcua),
    TRAME_MODBUS_PORT: String(ports.modbus),
    TRAME_PRINTER_PORT: String(ports.printer),
    TRAME_SIM_PORT: String(ports.sim),
    TRAME_EDGE_HTTP_PORT: String(ports.edgeHttp),
    TRAME_DATA_DIR: dataDir,
  };
}

/** Runs the command of `npm start`, in a process group of its own, without waiting. */
export function launchTrame(
  ports: TramePorts,
  dataDir: string,
  { args = [], env = {} }: { readonly args?: readonly string[]; readonly env?: Record<string, string> } = {},
): SpawnedProcess {
  return spawnProcess(process.execPath, [join(ROOT, 'deploy/run/bootstrap.mjs'), 'start', ...args], {
    env: { ...trameEnvironment(ports, dataDir), ...env },
  });
}

/** Starts everything and waits for the line that says it is ready. */
export async function startTrame(options: TrameOptions = {}): Promise<Trame> {
  const ports = options.ports ?? (await freeTramePorts());
  const folder: TemporaryFolder | null = options.dataDir === undefined ? temporaryFolder('data') : null;
  const dataDir = options.dataDir ?? folder?.path ?? '';
  const launcher = launchTrame(ports, dataDir, { env: { TRAME_SPEED: String(options.speed ?? 1) } });
  const url = `http://127.0.0.1:${ports.http}`;
  const dispose = async () => {
    await launcher.stop(STOP_MS);
    await launcher[Symbol.asyncDispose]();
    await folder?.[Symbol.asyncDispose]();
  };
  try {
    await launcher.waitForLine(/^Trame ready: /u, READY_MS);
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    ports,
    url,
    dataDir,
    launcher,
    simulation: simulationControl(ports.sim),
    signInAs: (role) => signIn(url, demoAccount(dataDir, role)),
    interrupt: () => {
      launcher.signalGroup('SIGINT');
      return launcher.exited;
    },
    [Symbol.asyncDispose]: dispose,
  };
}
