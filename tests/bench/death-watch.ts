/**
 * Ends the programs that a benchmark started when the benchmark itself is ended, whichever way: they lead process
 * groups of their own, so nobody else would.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Reads process groups, one a line, until its input ends, which the death of whoever writes does. */
const WATCH =
  'while read group; do groups="$groups $group"; done; for group in $groups; do kill -KILL -$group; done';

export class DeathWatch implements Disposable {
  readonly #shell: ChildProcess;
  readonly #known = new Set<number>();

  constructor() {
    this.#shell = spawn('sh', ['-c', WATCH], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    // A benchmark that is done does not wait for it.
    this.#shell.unref();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => process.exit(1));
  }

  /** To be called after something was started: watches over whatever children this process has now. */
  note(): void {
    for (const pid of children()) {
      if (pid === this.#shell.pid || this.#known.has(pid)) continue;
      this.#known.add(pid);
      this.#shell.stdin?.write(`${pid}\n`);
    }
  }

  /** Everything was stopped as it should be: there is nothing left to end. */
  [Symbol.dispose](): void {
    this.#shell.kill('SIGKILL');
  }
}

function children(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === process.pid);
}

/** @returns null: it has just ended. */
function parentOf(pid: number): number | null {
  try {
    // The command may hold blanks and brackets: the fields are counted from the last closing one.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}
