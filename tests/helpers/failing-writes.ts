/** A running program whose writes to disk fail: the kernel's answers are exchanged by strace. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnProcess } from './process.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { until } from './until.ts';

export interface FailingWrites {
  /** How many calls failed so far. */
  readonly failed: () => number;
  /** Lets the program go; its writes work again. */
  readonly end: () => Promise<void>;
}

/** What SQLite writes and makes durable with, on Linux. */
const CALLS = 'fsync,fdatasync,pwrite64';

/** @param error `EIO`, `ENOSPC`… @throws when the program may not be traced. */
export async function failWrites(pid: number, error: string): Promise<FailingWrites> {
  const folder = temporaryFolder('strace');
  const trace = join(folder.path, 'trace');
  const args = ['-f', '-p', String(pid), '-o', trace, '-e', `trace=${CALLS}`];
  const tracer = spawnProcess('strace', [...args, '-e', `inject=${CALLS}:error=${error}`]);
  await tracer.waitForLine(/attached/u);
  const failed = () => readFileSync(trace, 'utf8').split('(INJECTED)').length - 1;
  await until('a write that fails', () => failed() > 0);
  return {
    failed,
    end: async () => {
      await tracer.stop();
      await folder[Symbol.asyncDispose]();
    },
  };
}
