/** Runs command-line tools one after the other and tells at the end which of them failed. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ROOT } from './root.ts';

export interface Step {
  readonly name: string;
  /** A tool of node_modules/.bin, or a program of the system. */
  readonly command: string;
  readonly args: readonly string[];
  /** From the root; the root itself when absent. */
  readonly cwd?: string;
  /** Show its output as it comes, even when it succeeds. */
  readonly loud?: boolean;
}

export interface StepOutcome {
  readonly name: string;
  readonly isOk: boolean;
  readonly seconds: number;
}

/** Quiet steps of one call that run at the same time. */
const AT_ONCE = 2;
const OUTPUT_KEPT_BYTES = 256 * 1024;

/** Runs all of them, the later ones also when an earlier one failed; tells each outcome on the terminal. */
export async function runSteps(steps: readonly Step[]): Promise<StepOutcome[]> {
  const waiting = [...steps];
  const outcomes: StepOutcome[] = [];
  const worker = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      outcomes.push(await runStep(step));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return outcomes;
}

/** Runs one and tells its outcome; the output of a failed one is shown whole. */
export async function runStep(step: Step): Promise<StepOutcome> {
  const startedMs = performance.now();
  const { code, output } = await runTool(step);
  const seconds = (performance.now() - startedMs) / 1000;
  const isOk = code === 0;
  if (!isOk && step.loud !== true) process.stdout.write(`${output.trimEnd()}\n`);
  process.stdout.write(`${isOk ? 'ok    ' : 'FAILED'} ${step.name} (${seconds.toFixed(1)} s)\n`);
  return { name: step.name, isOk, seconds };
}

/** Tells the sum; 0 when everything went well, else 1. */
export function summarise(outcomes: readonly StepOutcome[]): number {
  const failed = outcomes.filter(({ isOk }) => !isOk).map(({ name }) => name);
  const seconds = Math.round(outcomes.reduce((sum, outcome) => sum + outcome.seconds, 0));
  process.stdout.write(
    failed.length === 0
      ? `All ${outcomes.length} steps passed (${seconds} s of work).\n`
      : `${failed.length} of ${outcomes.length} steps failed: ${failed.join(', ')}.\n`,
  );
  return failed.length === 0 ? 0 : 1;
}

const BIN = join(ROOT, 'node_modules/.bin');
/** What node has compiled once, of the tools and of the hundreds of programs that tests start. */
const COMPILED = join(ROOT, 'node_modules/.cache/node');

function runTool(step: Step): Promise<{ readonly code: number; readonly output: string }> {
  const local = join(BIN, step.command);
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(existsSync(local) ? local : step.command, [...step.args], {
      cwd: join(ROOT, step.cwd ?? '.'),
      stdio: step.loud === true ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      // The tools' own wrappers look for `node` on the path: they are to find the pinned one.
      env: {
        NODE_COMPILE_CACHE: COMPILED,
        ...process.env,
        PATH: `${BIN}${delimiter}${process.env['PATH'] ?? ''}`,
      },
    });
    const keep = (chunk: string) => {
      output = (output + chunk).slice(-OUTPUT_KEPT_BYTES);
    };
    child.stdout?.setEncoding('utf8').on('data', keep);
    child.stderr?.setEncoding('utf8').on('data', keep);
    child.once('error', (error) => resolve({ code: 1, output: `${output}${error.message}` }));
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
