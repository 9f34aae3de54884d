/** A test server in a process of its own, which a test can kill, freeze and start again. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { TestServerSettings } from './test-server.ts';

export interface ServerProcess extends AsyncDisposable {
  readonly url: string;
  freeze(): void;
  thaw(): void;
  /** SIGKILL: no goodbye. */
  kill(): Promise<void>;
}

export async function startServerProcess(settings: TestServerSettings): Promise<ServerProcess> {
  const script = new URL('test-server.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, JSON.stringify(settings)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const url = await readyUrl(child);
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  return {
    url,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    kill,
    [Symbol.asyncDispose]: kill,
  };
}

async function readyUrl(child: ChildProcess): Promise<string> {
  const { stdout } = child;
  if (stdout === null) throw new Error('the server process has no output');
  let said = '';
  for await (const chunk of stdout.setEncoding('utf8')) {
    said += String(chunk);
    const url = /^ready (?<url>\S+)$/mu.exec(said)?.groups?.['url'];
    if (url !== undefined) {
      // Whatever it says later must not fill the pipe and stop it.
      stdout.resume();
      return url;
    }
  }
  throw new Error(`the server process ended before it was ready: ${said}`);
}
