/** Configurations of the demonstration: the shipped ones, with the ports and paths of this start put in. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from './root.ts';
import { MODBUS_PORT_COUNT, type StartOptions, type StartPorts } from './start-options.ts';

const EXAMPLES = join(ROOT, 'deploy/config.example');
const MANUAL_LINES = ['line-without-devices.yaml', 'line.yaml', 'line-two-scales.yaml'] as const;

/** The shipped configuration of the line that is asked for. */
export function demoLineFile({ profile, scales }: Pick<StartOptions, 'profile' | 'scales'>): string {
  return profile === 'automatic'
    ? join(EXAMPLES, 'demo/line.yaml')
    : join(EXAMPLES, 'manual', MANUAL_LINES[scales]);
}

/** The shipped configuration of its dashboard. */
export function demoDashboardFile({ profile, scales }: Pick<StartOptions, 'profile' | 'scales'>): string {
  if (profile === 'automatic') return join(EXAMPLES, 'demo/dashboard.yaml');
  return join(EXAMPLES, 'manual', scales === 2 ? 'dashboard-two-scales.yaml' : 'dashboard.yaml');
}

/** Ports that the shipped demo configuration is written for. */
const SHIPPED: StartPorts = {
  http: 8080,
  mqtt: 1883,
  opcua: 4840,
  modbus: 5020,
  printer: 9100,
  sim: 8090,
  edgeHttp: 8091,
};
/** Files of other programs: written relative to the data directory of all. */
const SHIPPED_FILES = ['simulators/opcua.secret', 'dashboard/command-key.pub.pem'];

export interface DemoConfigs {
  readonly edge: string;
  readonly dashboard: string;
}

/** Writes both files below the data directory and tells where they are. */
export function writeDemoConfigs(options: StartOptions): DemoConfigs {
  const edge = join(options.dataDir, 'edge/line.yaml');
  const dashboard = join(options.dataDir, 'dashboard/dashboard.yaml');
  const line = readFileSync(demoLineFile(options), 'utf8');
  replaceFile(edge, renderDemoLine(line, options));
  replaceFile(dashboard, renderDemoDashboard(readFileSync(demoDashboardFile(options), 'utf8'), options));
  return { edge, dashboard };
}

/**
 * The demo dashboard with this start's ports, comments kept.
 * @throws when the text has a loopback address that nothing listens on.
 */
export function renderDemoDashboard(text: string, { ports }: Pick<StartOptions, 'ports'>): string {
  return withPorts(text, ports);
}

/**
 * The demo line with this start's ports, the simulator's password file and the dashboard's key, comments kept.
 * @throws when the text has a loopback address that no simulated device listens on.
 */
export function renderDemoLine(
  text: string,
  { ports, dataDir }: Pick<StartOptions, 'ports' | 'dataDir'>,
): string {
  return SHIPPED_FILES.reduce(
    (line, file) => line.replaceAll(file, () => JSON.stringify(join(dataDir, file))),
    withPorts(text, ports),
  );
}

function withPorts(text: string, ports: StartPorts): string {
  const moved = new Map<number, number>([
    [SHIPPED.mqtt, ports.mqtt],
    [SHIPPED.printer, ports.printer],
    [SHIPPED.opcua, ports.opcua],
    [SHIPPED.opcua + 1, ports.opcua + 1],
  ]);
  for (let index = 0; index < MODBUS_PORT_COUNT; index += 1) {
    moved.set(SHIPPED.modbus + index, ports.modbus + index);
  }
  return text.replaceAll(/(?<=127\.0\.0\.1:)\d+/gu, (shipped) => {
    const port = moved.get(Number(shipped));
    if (port === undefined) throw new Error(`the demo names port ${shipped}, which nothing listens on`);
    return String(port);
  });
}

/** A reader sees the old text or the new one, never half of it. */
function replaceFile(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}
