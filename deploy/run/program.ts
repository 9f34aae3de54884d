/** One of the programs that `npm start` runs: a child in the same process group, its output kept in a log file. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { openLogFile, type LogFile } from './log-file.ts';
import { shownText } from './log-line.ts';
import { ROOT } from './root.ts';

export interface ProgramSpec {
  /** Also the name of its log file. */
  readonly name: string;
  /** TypeScript file, from the root, and arguments. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface ProgramExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface RunningProgram {
  readonly name: string;
  readonly pid: number | undefined;
  /** Settles once, never rejects; a program that could not be started has exited with code 1. */
  readonly exited: Promise<ProgramExit>;
  /** The end of what it said. */
  readonly lastLines: () => readonly string[];
  readonly logPath: string;
  /** SIGTERM, then SIGKILL after `deadlineMs`; resolves when it is gone. True when it went by itself. */
  readonly stop: (deadlineMs: number) => Promise<boolean>;
}

const LAST_LINES = 10;
/** A message is shown once as long as it is among the last so many different ones. */
const SHOWN_MEMORY = 50;

export interface ProgramOutput {
  readonly logDir: string;
  /** Shows one line on the terminal. */
  readonly say: (line: string) => void;
}

/** Starts the program under this very Node. */
export function startProgram(spec: ProgramSpec, output: ProgramOutput): RunningProgram {
  const log = openLogFile(output.logDir, spec.name);
  const child = spawn(process.execPath, [...spec.argv], {
    cwd: ROOT,
    env: { ...process.env, ...spec.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lastLines: string[] = [];
  const once = showOnce((text) => output.say(`${spec.name}: ${text}`));
  keepLines(child.stdout, 'stdout', { log, lastLines, show: once });
  keepLines(child.stderr, 'stderr', { log, lastLines, show: once });
  const exited = new Promise<ProgramExit>((resolve) => {
    child.once('error', (error) => {
      lastLines.push(error.message);
      resolve({ code: 1, signal: null });
    });
    child.once('close', (code, signal) => {
      log.close();
      resolve({ code, signal });
    });
  });
  return {
    name: spec.name,
    pid: child.pid,
    exited,
    lastLines: () => lastLines,
    logPath: log.path,
    stop: async (deadlineMs) => {
      child.kill('SIGTERM');
      let inTime = true;
      const timer = setTimeout(() => {
        inTime = false;
        child.kill('SIGKILL');
      }, deadlineMs);
      await exited;
      clearTimeout(timer);
      return inTime;
    },
  };
}

interface Kept {
  readonly log: LogFile;
  readonly lastLines: string[];
  readonly show: (text: string) => void;
}

function keepLines(stream: NodeJS.ReadableStream, name: 'stdout' | 'stderr', kept: Kept): void {
  createInterface({ input: stream }).on('line', (line) => {
    kept.log.append(`${line}\n`);
    kept.lastLines.push(line);
    if (kept.lastLines.length > LAST_LINES) kept.lastLines.shift();
    const text = shownText(line, name);
    if (text !== null) kept.show(text);
  });
}

function showOnce(show: (text: string) => void): (text: string) => void {
  const recent = new Set<string>();
  return (text) => {
    if (recent.has(text)) return;
    recent.add(text);
    const oldest = recent.values().next();
    if (recent.size > SHOWN_MEMORY && oldest.done !== true) recent.delete(oldest.value);
    show(text);
  };
}
