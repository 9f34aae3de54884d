/** A whole server for a test: free ports, its own directory, and somebody signed in. */
import type { Role } from '@trame/protocol/dashboard-api';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerConfig } from '../config/server-config.ts';
import type { Clock } from '../ports/clock.ts';
import type { ProgrammeCarrier } from '../ports/programme-carrier.ts';
import { DEFAULT_CONSOLES } from '../control/control-place.ts';
import { startServer, type RunningServer } from '../server.ts';
import { systemClock } from '../system/system-clock.ts';
import { systemEntropy } from '../system/system-entropy.ts';
import { eventually } from './eventually.ts';
import { keepingLog } from './keeping-log.ts';
import { tempDir } from './temp-dir.ts';

export function testConfig(directory: string, changes: Partial<ServerConfig> = {}): ServerConfig {
  return {
    site: null,
    role: 'site',
    installation: 'demo',
    host: '127.0.0.1',
    port: 0,
    timeZone: 'Europe/Paris',
    broker: { kind: 'embedded', host: '127.0.0.1', port: 0, accounts: [] },
    hostId: 'trame',
    history: { kind: 'embedded', retentionDays: 30 },
    records: { kind: 'embedded' },
    actorsKeepMonths: 36,
    material: {},
    consoles: DEFAULT_CONSOLES,
    calendar: null,
    stops: {},
    targets: {},
    sortProgrammes: {},
    webDir: join(directory, 'web'),
    dataDir: join(directory, 'dashboard'),
    demoAccountsFile: join(directory, 'demo-accounts.json'),
    ...changes,
  };
}

/** A machine that does much else takes its time. */
const LINK_MS = 15_000;

export interface TestServer extends AsyncDisposable {
  readonly running: RunningServer;
  readonly directory: string;
  readonly url: string;
  readonly mqttUrl: string;
  readonly log: ReturnType<typeof keepingLog>;
  /** Resolves once the server hears its broker: what is published before is told to nobody. */
  linked(): Promise<void>;
  /** @returns the cookie of a new session. */
  signIn(role: Role): Promise<string>;
  get(path: string, cookie?: string): Promise<Response>;
  json<T>(path: string, cookie: string): Promise<T>;
}

/** Its own broker is heard when this resolves; with another one, see {@link TestServer.linked}. */
export async function startTestServer(
  changes: Partial<ServerConfig> = {},
  clock: Clock = systemClock,
  carrier?: ProgrammeCarrier,
): Promise<TestServer> {
  const temporary = tempDir();
  mkdirSync(join(temporary.path, 'web'), { recursive: true });
  const log = keepingLog();
  const config = testConfig(temporary.path, changes);
  const running = await startServer({ config, clock, entropy: systemEntropy, log, carrier });
  const url = `http://127.0.0.1:${running.httpPort}`;
  const get = (path: string, cookie?: string) =>
    fetch(`${url}${path}`, cookie === undefined ? {} : { headers: { cookie } });
  const linked = async () => {
    await eventually(() => log.sentences.includes('connected to the broker') || null, LINK_MS);
  };
  if (config.broker.kind === 'embedded') await linked();
  return {
    running,
    linked,
    directory: temporary.path,
    url,
    mqttUrl: `mqtt://127.0.0.1:${running.mqttPort}`,
    log,
    get,
    signIn: (role) => signIn(url, config.demoAccountsFile, role),
    json: async <T>(path: string, cookie: string) => {
      const response = await get(path, cookie);
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as T;
    },
    [Symbol.asyncDispose]: async () => {
      await running.stop();
      temporary[Symbol.dispose]();
    },
  };
}

async function signIn(url: string, accountsFile: string, role: Role): Promise<string> {
  const accounts = JSON.parse(readFileSync(accountsFile, 'utf8')) as {
    login: string;
    secret: string;
    role: Role;
  }[];
  const account = accounts.find((one) => one.role === role);
  const response = await fetch(`${url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login: account?.login, secret: account?.secret }),
  });
  if (!response.ok) throw new Error(`sign-in: ${response.status}`);
  return response.headers.get('set-cookie')?.split(';')[0] ?? '';
}
