/** From the file, the command line and the environment to one checked configuration. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DEFAULT_CONSOLES } from '../control/control-place.ts';
import type { RecordsConfig } from '../records/records-config.ts';
import { issueText, parseConfig } from './parse-config.ts';
import type { BrokerConfig, ConfigFile, HistoryConfig, ServerConfig } from './server-config.ts';

export interface ConfigSources {
  /** `--config`; without it `dashboard.yaml` is read when it is there. */
  readonly configFile: string | null;
  /** `--data`. */
  readonly dataDir: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Where a built page lies when the configuration names no folder. */
  readonly defaultWebDir: string;
}

export type ConfigLoading =
  | { readonly kind: 'ok'; readonly config: ServerConfig }
  | { readonly kind: 'invalid'; readonly lines: readonly string[] };

const DEFAULT_FILE = 'dashboard.yaml';
const DEFAULT_DATA_DIR = '.trame';
const RETENTION_DAYS = 30;
const ACTORS_KEEP_MONTHS = 36;

export function loadConfig(sources: ConfigSources): ConfigLoading {
  const file = sources.configFile ?? DEFAULT_FILE;
  const path = resolve(sources.cwd, file);
  if (sources.configFile === null && !existsSync(path)) return combine({}, sources);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return { kind: 'invalid', lines: [`${file}: cannot be read: ${reasonOf(error)}`] };
  }
  const read = parseConfig(text);
  if (read.kind === 'invalid')
    return { kind: 'invalid', lines: read.issues.map((issue) => issueText(file, issue)) };
  return combine(read.config, sources);
}

function combine(file: ConfigFile, sources: ConfigSources): ConfigLoading {
  const faults: string[] = [];
  const { env, cwd } = sources;
  const secret = (name: string | undefined): string | null => {
    if (name === undefined) return null;
    try {
      return readFileSync(resolve(cwd, name), 'utf8').replace(/\r?\n$/u, '');
    } catch (error) {
      faults.push(`${name}: cannot be read: ${reasonOf(error)}`);
      return null;
    }
  };
  const root = resolve(cwd, env['TRAME_DATA_DIR'] ?? DEFAULT_DATA_DIR);
  const dataDir = sources.dataDir === null ? join(root, 'dashboard') : resolve(cwd, sources.dataDir);
  // With --data alone there is no common directory to share the demo accounts in.
  const shared = sources.dataDir === null || env['TRAME_DATA_DIR'] !== undefined ? root : dataDir;
  const config: ServerConfig = {
    site: file.site ?? null,
    role: file.role ?? 'site',
    installation: file.installation ?? 'real',
    host: file.host ?? '127.0.0.1',
    port: portFrom(env, 'TRAME_HTTP_PORT', file.port ?? 8080, faults),
    timeZone: file.timeZone ?? 'Europe/Paris',
    broker: brokerConfig(file, portFrom(env, 'TRAME_MQTT_PORT', file.mqttPort ?? 1883, faults), secret),
    hostId: file.hostId ?? 'trame',
    history: historyConfig(file, secret),
    records: recordsConfig(file, secret),
    actorsKeepMonths: file.actors?.keepMonths ?? ACTORS_KEEP_MONTHS,
    material: file.material ?? {},
    consoles: file.control?.consoles ?? DEFAULT_CONSOLES,
    calendar: file.calendar ?? null,
    stops: file.stops ?? {},
    targets: file.targets ?? {},
    sortProgrammes: file.sortProgrammes ?? {},
    webDir: file.webDir === undefined ? sources.defaultWebDir : resolve(cwd, file.webDir),
    dataDir,
    demoAccountsFile: join(shared, 'demo-accounts.json'),
  };
  return faults.length > 0 ? { kind: 'invalid', lines: faults } : { kind: 'ok', config };
}

function brokerConfig(
  file: ConfigFile,
  port: number,
  secret: (name: string | undefined) => string | null,
): BrokerConfig {
  if (file.broker === undefined || file.broker === 'embedded') {
    return {
      kind: 'embedded',
      host: file.mqttHost ?? '127.0.0.1',
      port,
      accounts: (file.mqttAccounts ?? []).map(({ username, passwordFile }) => ({
        username,
        password: secret(passwordFile) ?? '',
      })),
    };
  }
  const { url, username, passwordFile, caFile, version } = file.broker;
  return {
    kind: 'external',
    url,
    username: username ?? null,
    password: secret(passwordFile),
    ca: secret(caFile),
    version: version === 5 || version === '5' ? 5 : 4,
  };
}

function historyConfig(file: ConfigFile, secret: (name: string | undefined) => string | null): HistoryConfig {
  if (file.history !== 'influx' || file.influx === undefined) {
    return { kind: 'embedded', retentionDays: RETENTION_DAYS };
  }
  const { url, database, username, passwordFile, retentionDays } = file.influx;
  return {
    kind: 'influx',
    retentionDays: retentionDays ?? RETENTION_DAYS,
    influx: {
      url,
      database: database ?? 'trame',
      username: username ?? null,
      password: secret(passwordFile),
    },
  };
}

function recordsConfig(file: ConfigFile, secret: (name: string | undefined) => string | null): RecordsConfig {
  if (file.records === undefined || file.records === 'embedded') return { kind: 'embedded' };
  const { url, passwordFile, caFile } = file.records;
  return { kind: 'postgres', url, password: secret(passwordFile) ?? '', ca: secret(caFile) };
}

function portFrom(env: ConfigSources['env'], name: string, otherwise: number, faults: string[]): number {
  const text = env[name];
  if (text === undefined || text === '') return otherwise;
  const port = Number(text);
  if (/^\d{1,5}$/u.test(text) && port <= 65_535) return port;
  faults.push(`${name}: «${text}» is not a port, expected a number from 0 to 65535`);
  return otherwise;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
