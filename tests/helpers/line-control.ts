/** A simulated line and its edge, without any server: whoever asks something of it signs for itself, over the broker. */
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readLineRegisters, type LineRegisters } from './line-registers.ts';
import { readScaleRegisters, type ScaleRegisters } from './scale-registers.ts';
import { superviseLine, type LineSupervisor } from './line-supervisor.ts';
import { startMosquitto } from './mosquitto.ts';
import { ROOT, spawnProcess, type SpawnedProcess } from './process.ts';
import { simulationControl, type SimulationControl } from './simulation-control.ts';
import { edgeCommand, exportLedger } from './site-commands.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { freeTramePorts, trameEnvironment } from './trame.ts';
import { until } from './until.ts';
import { withoutSorting } from './without-sorting.ts';

const SITE = 'caux-vallee-de-seine';
const SPEED = 20;
/** Port of the simulated line on Modbus, after that of the first device. */
export const LINE_ON_MODBUS = 5;
const READY_MS = 60_000;

export interface ControlledLine extends AsyncDisposable {
  readonly dataDir: string;
  readonly supervisor: LineSupervisor;
  readonly simulation: SimulationControl;
  /** What somebody does at the panel. */
  readonly panel: (change: object) => Promise<void>;
  /** What the PLC holds, read beside Trame. */
  readonly registers: () => Promise<LineRegisters>;
  /** What the reception scale shows, likewise. */
  readonly scale: () => Promise<ScaleRegisters>;
  readonly edge: () => SpawnedProcess;
  /** Starts it again, after it has ended. */
  readonly startEdge: () => void;
}

/**
 * @param example below deploy/config.example.
 * @param edit changes the configuration before the edge reads it.
 * @param sorts whether pieces are sorted by their spectra, where the example says so; else by the sorter's own table.
 */
export async function startControlledLine(
  example: string,
  edit: (yaml: string) => string = (yaml) => yaml,
  sorts = false,
): Promise<ControlledLine> {
  await using resources = new AsyncDisposableStack();
  const { path: dataDir } = resources.use(temporaryFolder('controlled'));
  const ports = await freeTramePorts();
  const env = { ...trameEnvironment(ports, dataDir), TRAME_SPEED: String(SPEED) };
  const broker = resources.use(await startMosquitto());
  const main = (program: string, ...args: string[]) =>
    spawnProcess(process.execPath, [join(ROOT, `${program}/src/main.ts`), ...args], { env });
  resources.use(main('simulators', 'run', '--no-incidents', '--crew-within', '1'));
  const simulation = simulationControl(ports.sim);
  await until('the simulators', simulation.truth, READY_MS);
  for (const file of globSync('simulators/**/own/certs/*.pem', { cwd: dataDir })) {
    const trusted = await edgeCommand({ dataDir }, 'trust', 'add', join(dataDir, file));
    if (trusted.code !== 0) throw new Error(`trust add: ${trusted.stderr}`);
  }
  mkdirSync(join(dataDir, 'edge'), { recursive: true });
  const keyFile = join(dataDir, 'key.pem');
  const text = readFileSync(join(ROOT, 'deploy/config.example', example), 'utf8')
    .replaceAll(/127\.0\.0\.1:(?<port>\d+)/gu, (_all, shipped: string) => {
      const port = Number(shipped);
      if (port === 1883) return `127.0.0.1:${broker.port}`;
      return `127.0.0.1:${port >= 5000 ? ports.modbus + port - 5020 : ports.opcua + port - 4840}`;
    })
    .replace(', primaryHost: trame', '')
    .replaceAll('simulators/opcua.secret', join(dataDir, 'simulators/opcua.secret'))
    .replaceAll('dashboard/command-key.pub.pem', keyFile);
  const lineFile = join(dataDir, 'edge/line.yaml');
  writeFileSync(lineFile, edit(sorts ? text : withoutSorting(text)));
  const supervisor = resources.use(await superviseLine(broker.url, SITE, 'tri-1', keyFile));
  const spawnEdge = () => main('edge', 'run', '--config', lineFile, '--data', join(dataDir, 'edge'));
  let edge = spawnEdge();
  resources.defer(() => edge[Symbol.asyncDispose]());
  const owned = resources.move();
  return {
    dataDir,
    supervisor,
    simulation,
    panel: (change) => atThePanel(ports.sim, change),
    registers: () => readLineRegisters(ports.modbus + LINE_ON_MODBUS),
    scale: () => readScaleRegisters(ports.modbus),
    edge: () => edge,
    startEdge: () => {
      edge = spawnEdge();
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** What somebody does at the panel of the simulated line. @param port TRAME_SIM_PORT. */
export async function atThePanel(port: number, change: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify(change);
  const answer = await fetch(`http://127.0.0.1:${port}/panel`, { method: 'POST', headers, body });
  if (!answer.ok) throw new Error(await answer.text());
}

/** Somebody at the panel presses the local enable every few seconds while the line stands. */
export async function untilEnabled({ supervisor }: Pick<ControlledLine, 'supervisor'>): Promise<void> {
  await supervisor.sees('the local enable counts', ({ enableLeftMs }) => (enableLeftMs ?? 0) > 3000);
}

interface Ended {
  readonly request: unknown;
  readonly command: unknown;
  readonly outcome: unknown;
}

/** @returns what was asked of the line and how it ended, in the order of the ledger. */
export async function endedCommands(line: Pick<ControlledLine, 'dataDir'>): Promise<readonly Ended[]> {
  const events = await exportLedger(line);
  return events
    .filter(({ type }) => type === 'command.ended')
    .map(({ payload }) => ({
      request: payload?.['request'],
      command: payload?.['command'],
      outcome: payload?.['outcome'],
    }));
}

/** @returns what an edge set out to do, in the order of the ledger. */
export async function requestedCommands(
  line: Pick<ControlledLine, 'dataDir'>,
): Promise<readonly Omit<Ended, 'outcome'>[]> {
  const events = await exportLedger(line);
  return events
    .filter(({ type }) => type === 'command.requested')
    .map(({ payload }) => ({ request: payload?.['request'], command: payload?.['command'] }));
}
