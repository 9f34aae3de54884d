/** What `npm start` was asked for: arguments and environment, checked before anything starts. */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** The kind of line: `automatic` has a PLC, a NIR station and belts; `manual` people, tables and a scale. */
export const PROFILES = ['automatic', 'manual'] as const;
export type Profile = (typeof PROFILES)[number];

export interface StartOptions {
  readonly profile: Profile;
  /** Of a manual line: how many of its scales are linked. */
  readonly scales: 0 | 1 | 2;
  /** People who act through the API. */
  readonly crew: boolean;
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

const MODBUS_USES = {
  automatic: ['infeed scale', 'bale scale', 'bale scale, RTU', 'press', 'energy meter', 'PLC of the line'],
  manual: ['platform scale', 'bale scale', 'bale scale, RTU'],
} as const satisfies Record<Profile, readonly string[]>;
/** Consecutive ports that Modbus devices may take. */
export const MODBUS_PORT_COUNT = 6;

export const START_HELP = `Usage: npm start [-- --profile automatic|manual] [--scales 0|1|2] [--no-crew]

Runs a simulated sorting line, its edge, a broker and the dashboard on this machine, until Ctrl-C.

  --profile NAME   the kind of line: automatic (PLC, NIR, belts, press; the default) or manual (people, tables, one
                   scale). A data directory keeps to the profile that it was made with.
  --scales N       of a manual line: 1 linked scale (the default), 2 with one for outputs alone, or 0: nothing is
                   linked and weights are typed
  --no-crew        nobody acts through the dashboard: no delivery is received and no bale logged by itself
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
  TRAME_CREW (on)              off: as --no-crew
  TRAME_SPEED (1)              how many times faster than life the simulated line runs, up to 60
`;

/** @param cwd what a relative TRAME_DATA_DIR starts from. */
export function parseStart(args: readonly string[], env: NodeJS.ProcessEnv, cwd: string): ParsedStart {
  const read = readWords(args);
  if (read.kind !== 'words') return read;
  const kind = kindOf(read.words, env);
  if (kind.kind === 'wrong') return kind;
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
  const fault = portFault(kind.profile, ports, env);
  if (fault !== null) return wrong(fault);
  const { profile, scales, crew } = kind;
  const dataDir = resolve(cwd, env['TRAME_DATA_DIR'] || '.trame');
  return { kind: 'run', options: { profile, scales, crew, dataDir, ports } };
}

/** Every port that will be listened on, with the variable that moves it. */
export function namedPorts(profile: Profile, ports: StartPorts): NamedPort[] {
  return [
    { port: ports.http, use: 'dashboard', variable: 'TRAME_HTTP_PORT' },
    { port: ports.mqtt, use: 'broker', variable: 'TRAME_MQTT_PORT' },
    ...(profile === 'automatic'
      ? [
          { port: ports.opcua, use: 'simulated PLC', variable: 'TRAME_OPCUA_PORT' },
          { port: ports.opcua + 1, use: 'simulated NIR station', variable: 'TRAME_OPCUA_PORT' },
        ]
      : []),
    ...MODBUS_USES[profile].map((use, index) => ({
      port: ports.modbus + index,
      use: `simulated ${use}`,
      variable: 'TRAME_MODBUS_PORT',
    })),
    { port: ports.printer, use: 'simulated label printer', variable: 'TRAME_PRINTER_PORT' },
    { port: ports.sim, use: 'control of the simulation', variable: 'TRAME_SIM_PORT' },
    { port: ports.edgeHttp, use: 'edge health', variable: 'TRAME_EDGE_HTTP_PORT' },
  ];
}

/** Environment that every program is started with. */
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

interface Words {
  readonly profile: string;
  readonly scales?: string;
  readonly noCrew: boolean;
}

function readWords(
  args: readonly string[],
): { readonly kind: 'words'; readonly words: Words } | Exclude<ParsedStart, { kind: 'run' }> {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        profile: { type: 'string', default: 'automatic' },
        scales: { type: 'string' },
        'no-crew': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return { kind: 'help' };
    const { profile, scales } = values;
    return {
      kind: 'words',
      words: { profile, noCrew: values['no-crew'], ...(scales === undefined ? {} : { scales }) },
    };
  } catch (error) {
    // parseArgs throws for what it does not know: that is an answer for the person, not a fault of the program.
    const message = error instanceof Error ? error.message : String(error);
    return wrong(`${message.split('. ')[0] ?? message}. See npm start -- --help.`);
  }
}

type Kind = { readonly kind: 'kind' } & Pick<StartOptions, 'profile' | 'scales' | 'crew'>;

function kindOf(
  { profile: name, scales: text, noCrew }: Words,
  env: NodeJS.ProcessEnv,
): Kind | Extract<ParsedStart, { kind: 'wrong' }> {
  const profile = PROFILES.find((known) => known === name);
  if (profile === undefined) {
    return wrong(`Unknown profile «${name}»: expected ${PROFILES.join(' or ')}.`);
  }
  if (text !== undefined && profile !== 'manual') return wrong('--scales is for the profile manual alone.');
  const scales = ([0, 1, 2] as const).find((count) => String(count) === (text ?? '1'));
  if (scales === undefined) return wrong(`--scales is «${text ?? ''}»: expected 0, 1 or 2.`);
  const wish = env['TRAME_CREW'] || 'on';
  if (wish !== 'on' && wish !== 'off') return wrong(`TRAME_CREW is «${wish}»: expected on or off.`);
  return { kind: 'kind', profile, scales, crew: wish === 'on' && !noCrew };
}

function portFrom(env: NodeJS.ProcessEnv, variable: string, otherwise: number): number {
  const text = env[variable];
  if (text === undefined || text === '') return otherwise;
  return /^\d{1,5}$/u.test(text) ? Number(text) : Number.NaN;
}

function portFault(profile: Profile, ports: StartPorts, env: NodeJS.ProcessEnv): string | null {
  const taken = new Map<number, NamedPort>();
  for (const named of namedPorts(profile, ports)) {
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
