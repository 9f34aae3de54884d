/** Programs that a test runs: what they say, how they end, and what they leave behind. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { until } from './until.ts';

/** Root of the checkout. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface SpawnedProcess extends AsyncDisposable {
  readonly pid: number;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Settles once; also when the program could not be started (code 127). */
  readonly exited: Promise<Exit>;
  /** The first line of stdout or stderr, said before or after the call, that matches. */
  readonly waitForLine: (pattern: RegExp, timeoutMs?: number) => Promise<string>;
  /** Sends a signal to the program alone. */
  readonly signal: (signal: NodeJS.Signals) => void;
  /** Sends a signal to its whole process group, as a terminal does on Ctrl-C. */
  readonly signalGroup: (signal: NodeJS.Signals) => void;
  /** SIGTERM, then SIGKILL to the group after `deadlineMs`. */
  readonly stop: (deadlineMs?: number) => Promise<Exit>;
}

export interface SpawnOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: string;
}

const OUTPUT_KEPT_CHARS = 2_000_000;
const STOP_MS = 10_000;

/** Process groups that were started here and not ended. */
const living = new Set<number>();

function killLiving(): void {
  for (const group of living) killGroup(group, 'SIGKILL');
}

// Whoever should have ended them may not have come to it: a hook that took too long is not waited for, and vitest
// terminates what runs the file.
process.once('exit', killLiving);
process.once('SIGTERM', () => {
  killLiving();
  process.kill(process.pid, 'SIGTERM');
});

/** Starts the program as leader of a process group of its own, which ends with the program that runs the test. */
export function spawnProcess(
  command: string,
  args: readonly string[],
  options: SpawnOptions = {},
): SpawnedProcess {
  const child = spawn(command, [...args], {
    cwd: options.cwd ?? ROOT,
    env: { ...process.env, ...options.env },
    stdio: [options.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    detached: true,
  });
  child.stdin?.end(options.stdin);
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    stdout = (stdout + chunk).slice(-OUTPUT_KEPT_CHARS);
  });
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    stderr = (stderr + chunk).slice(-OUTPUT_KEPT_CHARS);
  });
  let hasExited = false;
  const exited = new Promise<Exit>((resolve) => {
    child.once('error', (error) => {
      hasExited = true;
      stderr += error.message;
      resolve({ code: 127, signal: null });
    });
    child.once('close', (code, signal) => {
      hasExited = true;
      resolve({ code, signal });
    });
  });
  const pid = child.pid ?? -1;
  if (pid > 0) living.add(pid);
  const signalGroup = (signal: NodeJS.Signals) => killGroup(pid, signal);
  const stop = async (deadlineMs = STOP_MS): Promise<Exit> => {
    if (!hasExited) child.kill('SIGTERM');
    const timer = setTimeout(() => signalGroup('SIGKILL'), deadlineMs);
    const exit = await exited;
    clearTimeout(timer);
    return exit;
  };
  return {
    pid,
    stdout: () => stdout,
    stderr: () => stderr,
    exited,
    waitForLine: (pattern, timeoutMs = 30_000) =>
      until(
        `a line ${String(pattern)} of ${command}`,
        () => {
          const line = `${stdout}\n${stderr}`.split('\n').find((text) => pattern.test(text));
          if (line === undefined && hasExited) throw new Error(`it has ended:\n${stdout}\n${stderr}`);
          return line;
        },
        timeoutMs,
      ),
    signal: (signal) => child.kill(signal),
    signalGroup,
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop();
      signalGroup('SIGKILL');
      living.delete(pid);
    },
  };
}

function killGroup(group: number, signal: NodeJS.Signals): void {
  if (group > 0 && groupMembers(group).length > 0) process.kill(-group, signal);
}

/** Runs a program to its end and gives all it said. */
export async function runProcess(
  command: string,
  args: readonly string[],
  options: SpawnOptions & { readonly timeoutMs?: number } = {},
): Promise<Exit & { readonly stdout: string; readonly stderr: string }> {
  await using child = spawnProcess(command, args, options);
  const timer = setTimeout(() => child.signalGroup('SIGKILL'), options.timeoutMs ?? 60_000);
  const exit = await child.exited;
  clearTimeout(timer);
  return { ...exit, stdout: child.stdout(), stderr: child.stderr() };
}

/** Living processes of a process group, by their command lines; zombies do not count. */
export function groupMembers(group: number): readonly { readonly pid: number; readonly command: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .flatMap((name) => {
      const process = readProcess(Number(name));
      return process !== null && process.group === group && process.state !== 'Z'
        ? [{ pid: process.pid, command: process.command }]
        : [];
    });
}

function readProcess(pid: number) {
  try {
    // The command may hold blanks and brackets: the fields are counted from the last closing one.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return { pid, state: fields[0], group: Number(fields[2]), command };
  } catch {
    // It ended between the listing and the look.
    return null;
  }
}
