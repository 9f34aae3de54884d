/** What `npm start` was asked for: arguments and environment, checked before anything starts. */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface StartOptions {
  /** Absolute. */
  readonly dataDir: string;
  readonly ports: StartPorts;
}

export interface StartPorts {
  readonly http: number;
  readonly mqtt: number;
  /** The PLC; the NIR station takes the next one. */
  readonly opcua: number;
  /** The first of `MODBUS_PORT_COUNT` ports. */
  readonly modbus: number;
  readonly printer: number;
  readonly sim: number;
  readonly edgeHttp: number;
}

export interface NamedPort {
  readonly port: number;
  readonly use: string;
  readonly variable: string;
}

export type ParsedStart =
  | { readonly kind: 'run'; readonly options: StartOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly line: string };

/** Infeed scale, bale scale on TCP and on RTU over TCP, press, energy meter. */
export const MODBUS_PORT_COUNT = 5;

export const START_HELP = `Usage: npm start [-- --profile automatic]

Runs a simulated sorting line, its edge, a broker and the dashboard on this machine, until Ctrl-C.

  --profile NAME   the kind of line; automatic (PLC, NIR, belts, press) is the only one so far
  --help           this text

Environment (default):
  TRAME_HTTP_PORT (8080)       dashboard
  TRAME_MQTT_PORT (1883)       broker
  TRAME_OPCUA_PORT (4840)      simulated PLC; the simulated NIR station takes the next port
  TRAME_MODBUS_PORT (5020)     simulated Modbus devices, on this port and the next four
  TRAME_PRINTER_PORT (9100)    simulated label printer
  TRAME_SIM_PORT (8090)        control of the simulation
  TRAME_EDGE_HTTP_PORT (8091)  health and metrics of the edge
  TRAME_DATA_DIR (./.trame)    everything that is kept; logs are below it in logs/
  TRAME_SPEED (1)              how many times faster than life the simulated line runs, up to 60
`;

/** @param cwd what a relative TRAME_DATA_DIR starts from. */
export function parseStart(args: readonly string[], env: NodeJS.ProcessEnv, cwd: string): ParsedStart {
  const profile = parseProfile(args);
  if (profile.kind !== 'profile') return profile;
  if (profile.name !== 'automatic') {
    return wrong(`Unknown profile «${profile.name}»: expected automatic.`);
  }
  const speed = Number(env['TRAME_SPEED'] ?? '1');
  if (!(speed >= 0.1 && speed <= 60)) {
    return wrong(`TRAME_SPEED is «${env['TRAME_SPEED'] ?? ''}»: expected a number from 0.1 to 60.`);
  }
  const ports: StartPorts = {
    http: portFrom(env, 'TRAME_HTTP_PORT', 8080),
    mqtt: portFrom(env, 'TRAME_MQTT_PORT', 1883),
    opcua: portFrom(env, 'TRAME_OPCUA_PORT', 4840),
    modbus: portFrom(env, 'TRAME_MODBUS_PORT', 5020),
    printer: portFrom(env, 'TRAME_PRINTER_PORT', 9100),
    sim: portFrom(env, 'TRAME_SIM_PORT', 8090),
    edgeHttp: portFrom(env, 'TRAME_EDGE_HTTP_PORT', 8091),
  };
  const fault = portFault(ports, env);
  if (fault !== null) return wrong(fault);
  return { kind: 'run', options: { dataDir: resolve(cwd, env['TRAME_DATA_DIR'] || '.trame'), ports } };
}

/** Every port that will be listened on, with the variable that moves it. */
export function namedPorts(ports: StartPorts): NamedPort[] {
  const modbusUses = ['infeed scale', 'bale scale', 'bale scale, RTU', 'press', 'energy meter'];
  return [
    { port: ports.http, use: 'dashboard', variable: 'TRAME_HTTP_PORT' },
    { port: ports.mqtt, use: 'broker', variable: 'TRAME_MQTT_PORT' },
    { port: ports.opcua, use: 'simulated PLC', variable: 'TRAME_OPCUA_PORT' },
    { port: ports.opcua + 1, use: 'simulated NIR station', variable: 'TRAME_OPCUA_PORT' },
    ...modbusUses.slice(0, MODBUS_PORT_COUNT).map((use, index) => ({
      port: ports.modbus + index,
      use: `simulated ${use}`,
      variable: 'TRAME_MODBUS_PORT',
    })),
    { port: ports.printer, use: 'simulated label printer', variable: 'TRAME_PRINTER_PORT' },
    { port: ports.sim, use: 'control of the simulation', variable: 'TRAME_SIM_PORT' },
    { port: ports.edgeHttp, use: 'edge health', variable: 'TRAME_EDGE_HTTP_PORT' },
  ];
}

/** Environment that the three programs are started with. */
export function childEnvironment(options: StartOptions): Record<string, string> {
  return {
    TRAME_HTTP_PORT: String(options.ports.http),
    TRAME_MQTT_PORT: String(options.ports.mqtt),
    TRAME_OPCUA_PORT: String(options.ports.opcua),
    TRAME_MODBUS_PORT: String(options.ports.modbus),
    TRAME_PRINTER_PORT: String(options.ports.printer),
    TRAME_SIM_PORT: String(options.ports.sim),
    TRAME_EDGE_HTTP_PORT: String(options.ports.edgeHttp),
    TRAME_DATA_DIR: options.dataDir,
  };
}

export function accountsFile(options: StartOptions): string {
  return join(options.dataDir, 'demo-accounts.json');
}

type ParsedProfile =
  | { readonly kind: 'profile'; readonly name: string }
  | Exclude<ParsedStart, { kind: 'run' }>;

function parseProfile(args: readonly string[]): ParsedProfile {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        profile: { type: 'string', default: 'automatic' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    return values.help ? { kind: 'help' } : { kind: 'profile', name: values.profile };
  } catch (error) {
    // parseArgs throws for what it does not know: that is an answer for the person, not a fault of the program.
    const message = error instanceof Error ? error.message : String(error);
    return wrong(`${message.split('. ')[0] ?? message}. See npm start -- --help.`);
  }
}

function portFrom(env: NodeJS.ProcessEnv, variable: string, otherwise: number): number {
  const text = env[variable];
  if (text === undefined || text === '') return otherwise;
  return /^\d{1,5}$/u.test(text) ? Number(text) : Number.NaN;
}

function portFault(ports: StartPorts, env: NodeJS.ProcessEnv): string | null {
  const taken = new Map<number, NamedPort>();
  for (const named of namedPorts(ports)) {
    if (!(named.port >= 1 && named.port <= 65_535)) {
      return `${named.variable} is «${env[named.variable] ?? ''}»: expected a port, 1 to 65535, with room for the next ones.`;
    }
    const other = taken.get(named.port);
    if (other !== undefined) {
      return `Port ${named.port} is wanted twice (${other.use}, ${named.use}): change ${other.variable} or ${named.variable}.`;
    }
    taken.set(named.port, named);
  }
  return null;
}

function wrong(line: string): { readonly kind: 'wrong'; readonly line: string } {
  return { kind: 'wrong', line };
}
