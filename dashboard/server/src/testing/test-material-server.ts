/** A whole server and a line beside it that records what it is asked; acts are asked for by HTTP. */
import type { Problem, Role } from '@trame/protocol/dashboard-api';
import type { ActAnswer } from '@trame/protocol/material/act-parts';
import type { ServerConfig } from '../config/server-config.ts';
import type { MaterialSettings } from '../material/material-config.ts';
import type { Clock } from '../ports/clock.ts';
import type { ProgrammeCarrier } from '../ports/programme-carrier.ts';
import { systemClock } from '../system/system-clock.ts';
import { eventually } from './eventually.ts';
import { startTestServer, type TestServer } from './running-server.ts';
import { TestLine, type TestLineOptions } from './test-line.ts';

export interface Answered {
  readonly status: number;
  /** Whichever it is. */
  readonly body: ActAnswer & Problem;
}

export interface ActOptions {
  /** Left out: a new one. */
  readonly key?: string;
  /** Left out: a supervisor. */
  readonly role?: Role;
}

export interface MaterialServer extends AsyncDisposable {
  readonly server: TestServer;
  readonly line: TestLine;
  readonly newKey: () => string;
  act(path: string, body: object, options?: ActOptions): Promise<Answered>;
  get<T>(path: string): Promise<T>;
}

/** Two outlets, one press, a zone. */
export const TEST_MATERIAL: MaterialSettings = {
  outlets: [
    { id: 'wipers', label: 'Essuyage', packagingKg: 1.5, usualKg: { min: 100, max: 300 } },
    { id: 'reuse', label: 'Réemploi', unit: 'sack' },
  ],
  presses: [{ id: 'presse-1', label: 'Presse 1' }],
  zones: [{ id: 'zone-a', label: 'Zone A', ceilingT: 20 }],
};

/** The machine's clocks, but waits pass so many times faster. */
export function fasterClock(times: number): Clock {
  return {
    nowMs: () => systemClock.nowMs(),
    monotonicMs: () => systemClock.monotonicMs() * times,
    sleep: (ms, signal) => systemClock.sleep(ms / times, signal),
  };
}

export async function startMaterialServer(
  changes: Partial<ServerConfig> = {},
  line: Pick<TestLineOptions, 'ledger'> = {},
  clock: Clock = systemClock,
  carrier?: ProgrammeCarrier,
): Promise<MaterialServer> {
  const server = await startTestServer({ material: TEST_MATERIAL, ...changes }, clock, carrier);
  const asked = await TestLine.connect({ url: server.mqttUrl, ...line });
  const cookies = new Map<Role, string>();
  const cookieOf = async (role: Role) => {
    const cookie = cookies.get(role) ?? (await server.signIn(role));
    cookies.set(role, cookie);
    return cookie;
  };
  const supervisor = await cookieOf('supervisor');
  await eventually(async () => ((await server.get('/api/v1/reference', supervisor)).ok ? true : null));
  let keys = 0;
  const newKey = () => `key-${String((keys += 1)).padStart(8, '0')}`;
  return {
    server,
    line: asked,
    newKey,
    act: async (path, body, { key = newKey(), role = 'supervisor' } = {}) => {
      const cookie = await cookieOf(role);
      const response = await fetch(`${server.url}/api/v1${path}`, {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify(body),
      });
      return { status: response.status, body: (await response.json()) as ActAnswer & Problem };
    },
    get: (path) => server.json(`/api/v1${path}`, supervisor),
    [Symbol.asyncDispose]: async () => {
      await asked[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}
