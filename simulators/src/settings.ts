import { parseArgs } from 'node:util';
import { deviceIds, type DeviceId } from './plant/hazards.ts';
import type { DevicePorts } from './devices.ts';
import { profiles, type Profile } from './plant-file.ts';
import { speedRange } from './speed-range.ts';

/** How `trame-sim run` was called. */
export interface RunSettings {
  /** The installation's data directory; the simulation keeps to `simulators/` below it. */
  readonly dataDirectory: string;
  readonly profile: Profile;
  /** Of a hand line. */
  readonly scales: 1 | 2;
  readonly ports: DevicePorts & { readonly control: number };
  readonly seed: number | null;
  readonly speed: number;
  readonly only: ReadonlySet<DeviceId>;
  readonly anonymous: boolean;
  readonly strictTrust: boolean;
  readonly bench: boolean;
  readonly incidents: boolean;
  readonly crewWithinS: number;
}

/** How `trame-sim crew` was called. */
export interface CrewSettings {
  /** Base address of the dashboard. */
  readonly server: string;
  /** File with the accounts that the crew signs in with. */
  readonly accounts: string;
  /** Base address of the simulation's control API. */
  readonly sim: string;
  /** The installation's data directory; the crew remembers in `simulators/crew.json` below it. */
  readonly dataDirectory: string;
}

export type ParsedCommandLine =
  | { readonly kind: 'swatches'; readonly seed: number }
  | { readonly kind: 'crew'; readonly settings: CrewSettings }
  | { readonly kind: 'run'; readonly settings: RunSettings }
  | { readonly kind: 'help' }
  | { readonly kind: 'usage'; readonly error: string };

export const help = `Usage: trame-sim run [options]
       trame-sim crew --server URL --accounts FILE [--sim URL] [--data DIR]
       trame-sim swatches [--seed N]

Runs a simulated sorting line behind the sockets that real machines have, and a control API with the ground
truth. Everything listens on 127.0.0.1.

Options
  --profile NAME    automatic: a PLC and a NIR station on OPC UA, two scales, a press, an energy meter and the PLC
                    once more on Modbus (default); manual: people, tables, and a platform scale on Modbus
  --scales N        of a manual line: 1 (default), or 2 with a second scale for outputs alone
  --seed N          which garments come (0 to 4294967295; the first start decides, default 1)
  --data DIR        data directory (default $TRAME_DATA_DIR, else ./.trame); uses DIR/simulators
  --speed F         physics F times faster, 0.1 to 60 (default $TRAME_SPEED, else 1)
  --only A,B        of an automatic line, only these devices: ${deviceIds.join(', ')}
  --anonymous       OPC UA without user name
  --strict-trust    OPC UA refuses client certificates that are not trusted
  --no-incidents    no jam happens by itself
  --crew-within S   the crew starts the line S seconds after the start at the latest (default 15);
                    otherwise 3 s after the first OPC UA subscription. On a manual line: so late they begin to
                    weigh and sort by themselves, if nobody leads them by then
  --bench           adds the node Bench.Clock to the PLC (monotonic ms, every 137 ms)
  --help            this text

The crew are people who act through the dashboard's API: they receive deliveries, put them on the line, log what
leaves the press with the weight that the scale shows, load and send it. On a manual line they lead the hands.
  --server URL      the dashboard, http://127.0.0.1:8080
  --accounts FILE   [{"login", "secret", "role"}], with an operator and a supervisor
  --sim URL         control API (default http://127.0.0.1:$TRAME_SIM_PORT)
  --data DIR        remembers in DIR/simulators/crew.json

Swatches are what somebody would lay under the simulated NIR station to fit a model to it: labelled spectra as
comma-separated values on standard output, the same for the same seed (default 1).

Environment: TRAME_OPCUA_PORT 4840 (and the next), TRAME_MODBUS_PORT 5020 (and the next five),
TRAME_PRINTER_PORT 9100, TRAME_SIM_PORT 8090, TRAME_DATA_DIR, TRAME_SPEED.

Exit: 0 stopped, 1 could not run, 2 wrong usage.
`;

class UsageError extends Error {}

function integer(name: string, text: string, low: number, high: number): number {
  const value = /^\d+$/u.test(text) ? Number(text) : Number.NaN;
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw new UsageError(`${name}: expected a whole number from ${low} to ${high}, not "${text}"`);
}

function speed(name: string, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= speedRange.low && value <= speedRange.high) return value;
  throw new UsageError(
    `${name}: expected a number from ${speedRange.low} to ${speedRange.high}, not "${text}"`,
  );
}

function devices(text: string | undefined): ReadonlySet<DeviceId> {
  if (text === undefined) return new Set(deviceIds);
  const wanted = text.split(',').map((name) => name.trim());
  for (const name of wanted) {
    if (!(deviceIds as readonly string[]).includes(name)) {
      throw new UsageError(`--only: unknown device "${name}"; known: ${deviceIds.join(', ')}`);
    }
  }
  return new Set(wanted as DeviceId[]);
}

function profileOf(text: string): Profile {
  const profile = profiles.find((known) => known === text);
  if (profile !== undefined) return profile;
  throw new UsageError(`--profile: expected ${profiles.join(' or ')}, not "${text}"`);
}

function scalesOf(text: string): 1 | 2 {
  if (text === '1') return 1;
  if (text === '2') return 2;
  throw new UsageError(`--scales: expected 1 or 2, not "${text}"`);
}

/** Ports from the environment. Port 0 asks for a free one, for every device of that protocol. */
function ports(environment: NodeJS.ProcessEnv): RunSettings['ports'] {
  const port = (name: string, fallback: number, count: number): ((offset: number) => number) => {
    const first = integer(name, environment[name] ?? String(fallback), 0, 65_536 - count);
    return (offset) => (first === 0 ? 0 : first + offset);
  };
  const opcUa = port('TRAME_OPCUA_PORT', 4_840, 2);
  const modbus = port('TRAME_MODBUS_PORT', 5_020, 6);
  return {
    plc: opcUa(0),
    nir: opcUa(1),
    'infeed-scale': modbus(0),
    'bale-scale': modbus(1),
    'bale-scale-rtu': modbus(2),
    press: modbus(3),
    'energy-meter': modbus(4),
    line: modbus(5),
    'label-printer': port('TRAME_PRINTER_PORT', 9_100, 1)(0),
    control: port('TRAME_SIM_PORT', 8_090, 1)(0),
  };
}

function readOptions(commandArguments: readonly string[]) {
  try {
    return parseArgs({
      args: [...commandArguments],
      allowPositionals: true,
      options: {
        profile: { type: 'string', default: 'automatic' },
        scales: { type: 'string', default: '1' },
        server: { type: 'string' },
        accounts: { type: 'string' },
        sim: { type: 'string' },
        seed: { type: 'string' },
        data: { type: 'string' },
        speed: { type: 'string' },
        only: { type: 'string' },
        anonymous: { type: 'boolean', default: false },
        'strict-trust': { type: 'boolean', default: false },
        'no-incidents': { type: 'boolean', default: false },
        'crew-within': { type: 'string', default: '15' },
        bench: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** An address of plain HTTP, without path. */
function address(name: string, text: string | undefined): string {
  const url = URL.parse(text ?? '');
  if (url !== null && /^https?:$/u.test(url.protocol) && url.pathname === '/') return url.origin;
  throw new UsageError(`${name}: expected an address such as http://127.0.0.1:8080, not "${text ?? ''}"`);
}

type Values = ReturnType<typeof readOptions>['values'];

function crewSettings(values: Values, environment: NodeJS.ProcessEnv): CrewSettings {
  const server = address('--server', values.server);
  if (values.accounts === undefined) throw new UsageError('--accounts: expected a file');
  const port = (): number => integer('TRAME_SIM_PORT', environment['TRAME_SIM_PORT'] ?? '8090', 1, 65_535);
  return {
    server,
    accounts: values.accounts,
    sim: address('--sim', values.sim ?? `http://127.0.0.1:${port()}`),
    dataDirectory: values.data ?? environment['TRAME_DATA_DIR'] ?? '.trame',
  };
}

function settingsOf(commandArguments: readonly string[], environment: NodeJS.ProcessEnv): ParsedCommandLine {
  const { values, positionals } = readOptions(commandArguments);
  if (values.help) return { kind: 'help' };
  const command = positionals.join(' ');
  if (command === 'crew') return { kind: 'crew', settings: crewSettings(values, environment) };
  const seed = values.seed === undefined ? null : integer('--seed', values.seed, 0, 0xffff_ffff);
  if (command === 'swatches') return { kind: 'swatches', seed: seed ?? 1 };
  if (command !== 'run') {
    throw new UsageError(`expected the command "run", "crew" or "swatches", not "${command}"`);
  }
  const speedText = values.speed ?? environment['TRAME_SPEED'] ?? '1';
  return {
    kind: 'run',
    settings: {
      dataDirectory: values.data ?? environment['TRAME_DATA_DIR'] ?? '.trame',
      profile: profileOf(values.profile),
      scales: scalesOf(values.scales),
      ports: ports(environment),
      seed,
      speed: speed(values.speed === undefined ? 'TRAME_SPEED' : '--speed', speedText),
      only: devices(values.only),
      anonymous: values.anonymous,
      strictTrust: values['strict-trust'],
      bench: values.bench,
      incidents: !values['no-incidents'],
      crewWithinS: integer('--crew-within', values['crew-within'], 0, 3_600),
    },
  };
}

/** Reads the command line and the environment. Wrong usage is told in one line, never thrown. */
export function parseCommandLine(
  commandArguments: readonly string[],
  environment: NodeJS.ProcessEnv,
): ParsedCommandLine {
  try {
    return settingsOf(commandArguments, environment);
  } catch (error) {
    if (error instanceof UsageError) return { kind: 'usage', error: error.message };
    throw error;
  }
}
