/** A real Mosquitto for a test, with a configuration and a data folder of its own. */
import { writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { begun } from './begun.ts';
import { freePort } from './free-port.ts';
import { spawnProcess, type SpawnedProcess } from './process.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { until } from './until.ts';

export interface Mosquitto extends AsyncDisposable {
  readonly port: number;
  /** `mqtt://127.0.0.1:<port>` */
  readonly url: string;
  /** As a power cut does: SIGKILL. */
  readonly kill: () => Promise<void>;
  /** Starts it again on the same port. */
  readonly start: () => Promise<void>;
  readonly log: () => string;
}

export interface MosquittoOptions {
  /** Lines after the listener; by default anonymous and without persistence. */
  readonly config?: readonly string[];
}

/** Starts a broker on a free loopback port and waits until it listens. */
export async function startMosquitto(options: MosquittoOptions = {}): Promise<Mosquitto> {
  const port = await freePort();
  const folder = temporaryFolder('mosquitto');
  const file = join(folder.path, 'mosquitto.conf');
  const config = options.config ?? ['allow_anonymous true', 'persistence false'];
  writeFileSync(file, [`listener ${port} 127.0.0.1`, ...config, ''].join('\n'));
  let broker: SpawnedProcess | null = null;
  const start = async () => {
    broker = spawnProcess('mosquitto', ['-c', file]);
    await waitForPort(port, broker);
  };
  const kill = async () => {
    broker?.signal('SIGKILL');
    await broker?.exited;
  };
  const started: Mosquitto = {
    port,
    url: `mqtt://127.0.0.1:${port}`,
    kill,
    start,
    log: () => broker?.stderr() ?? '',
    [Symbol.asyncDispose]: async () => {
      await broker?.stop();
      await folder[Symbol.asyncDispose]();
    },
  };
  return begun(started, start);
}

/** Waits until something listens on the loopback port, and fails at once when the program ends instead. */
export async function waitForPort(port: number, program: SpawnedProcess, timeoutMs = 10_000): Promise<void> {
  const outcome = await Promise.race([
    until(`a listener on port ${port}`, () => isListening(port), timeoutMs),
    program.exited.then((exit) => exit),
  ]);
  if (outcome !== true) {
    throw new Error(`it ended (${outcome.code ?? outcome.signal}): ${program.stderr()}${program.stdout()}`);
  }
}

/** @returns whether something listens on this loopback port. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
