/** A real Mosquitto for tests: its own folder and free port, killed and started again at will. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../ports/test-free-port.ts';

export interface HeardMessage {
  readonly topic: string;
  readonly retained: boolean;
  readonly qos: number;
  readonly payload: Uint8Array;
}

export async function until<T>(
  what: string,
  probe: () => T | null | undefined | false,
  timeoutMs = 10_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = probe();
    if (found !== null && found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await delay(10);
  }
}

export class TestBroker {
  readonly port: number;
  readonly #dir: string;
  readonly #children = new Set<ChildProcess>();
  #process: ChildProcess | null = null;

  private constructor(port: number, settings: readonly string[]) {
    this.port = port;
    this.#dir = mkdtempSync(join(tmpdir(), 'trame-mosquitto-'));
    const lines = [`listener ${port} 127.0.0.1`, 'persistence false', 'user root', ...settings];
    writeFileSync(join(this.#dir, 'mosquitto.conf'), `${lines.join('\n')}\n`);
  }

  /** @param settings lines of its configuration, after the listener. */
  static async start(settings: readonly string[] = ['allow_anonymous true']): Promise<TestBroker> {
    const broker = new TestBroker(await freePort(), settings);
    await broker.restart();
    return broker;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  async restart(): Promise<void> {
    const child = spawn('/usr/sbin/mosquitto', ['-c', join(this.#dir, 'mosquitto.conf')], {
      stdio: 'ignore',
    });
    this.#process = child;
    for (let attempt = 0; attempt < 200; attempt += 1) {
      if (await canConnect(this.port)) return;
      await delay(25);
    }
    throw new Error('mosquitto did not start');
  }

  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (child !== null) await stopChild(child);
  }

  /** Starts the independent client `mosquitto_sub`. @returns the growing list of what it hears. */
  async listen(topic: string): Promise<readonly HeardMessage[]> {
    const heard: HeardMessage[] = [];
    const child = spawn('/usr/bin/mosquitto_sub', [
      '-h',
      '127.0.0.1',
      '-p',
      String(this.port),
      '-q',
      '1',
      '-t',
      topic,
      '-t',
      'test/ready',
      '-F',
      '%t %r %q %x',
    ]);
    this.#children.add(child);
    const ready = new AbortController();
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const [topicHeard = '', retained, qos, hex = ''] = line.split(' ');
        if (topicHeard === 'test/ready') ready.abort();
        else {
          heard.push({
            topic: topicHeard,
            retained: retained === '1',
            qos: Number(qos),
            payload: Buffer.from(hex, 'hex'),
          });
        }
      }
    });
    for (let attempt = 0; attempt < 100 && !ready.signal.aborted; attempt += 1) {
      await this.publish('test/ready', 'x');
      await delay(30);
    }
    if (!ready.signal.aborted) throw new Error('mosquitto_sub did not subscribe');
    return heard;
  }

  /** Publishes with the independent client `mosquitto_pub`. */
  async publish(topic: string, payload: string | Uint8Array, options: readonly string[] = []): Promise<void> {
    const child = spawn('/usr/bin/mosquitto_pub', [
      '-h',
      '127.0.0.1',
      '-p',
      String(this.port),
      '-t',
      topic,
      '-s',
      ...options,
    ]);
    child.stdin.end(payload);
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`mosquitto_pub ended with ${code}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#children].map(stopChild));
    await this.kill();
    rmSync(this.#dir, { recursive: true, force: true });
  }
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

async function canConnect(port: number): Promise<boolean> {
  const socket = createConnection(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
