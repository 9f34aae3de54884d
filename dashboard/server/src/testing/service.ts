/** A real service of the machine, started for one test on its own ports and files, ended by its process id. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { eventually } from './eventually.ts';

/** Account of the machine that a service runs as. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

export class Service {
  readonly #command: string;
  readonly #args: readonly string[];
  readonly #answers: () => Promise<boolean>;
  readonly #owner: Owner | null;
  readonly #stopSignal: NodeJS.Signals;
  #process: ChildProcess | null = null;

  constructor(
    command: string,
    args: readonly string[],
    answers: () => Promise<boolean>,
    owner: Owner | null = null,
    stopSignal: NodeJS.Signals = 'SIGTERM',
  ) {
    this.#command = command;
    this.#args = args;
    this.#answers = answers;
    this.#owner = owner;
    this.#stopSignal = stopSignal;
  }

  async start(): Promise<void> {
    const child = spawn(this.#command, this.#args, { stdio: 'ignore', ...this.#owner });
    this.#process = child;
    const failed = once(child, 'exit').then(([code]) => {
      throw new Error(`${this.#command} ended with ${String(code)}: is it installed?`);
    });
    // Once it answers, its end is expected.
    failed.catch(() => undefined);
    await Promise.race([failed, eventually(async () => ((await this.#answers()) ? true : null), 15_000)]);
  }

  /** Ends it without a chance to say farewell. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  stop(): Promise<void> {
    return this.#end(this.#stopSignal);
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
}
