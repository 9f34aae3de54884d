/** Keeps one program of the demonstration running: a death is told, and answered as the restart policy says. */
import { setTimeout as sleep } from 'node:timers/promises';
import { startProgram, type ProgramOutput, type ProgramSpec, type RunningProgram } from './program.ts';
import { afterDeath, NEVER_DIED } from './restart-policy.ts';

/** A Ctrl-C reaches the children directly: one that ends so shortly before this process hears of it did not die. */
const SIGNAL_GRACE_MS = 300;
const TOLD_LINES = 3;

export interface Keeper {
  readonly name: string;
  /** Undefined when it does not run at the moment. */
  readonly pid: () => number | undefined;
  /** Stops the program for good; true when it went by itself. */
  readonly stop: (deadlineMs: number) => Promise<boolean>;
}

export interface KeeperDeps {
  readonly output: ProgramOutput;
  /** Aborted when everything is to stop. */
  readonly stopping: AbortSignal;
  /** Until the demonstration is ready a death is final. */
  readonly isReady: () => boolean;
  /** Everything is to stop because this program cannot be kept running. */
  readonly giveUp: (line: string) => void;
  /** The set of running children changed. */
  readonly onChange: () => void;
  /** Monotonic, ms. */
  readonly nowMs: () => number;
}

export function keepRunning(spec: ProgramSpec, deps: KeeperDeps): Keeper {
  let running: RunningProgram = startProgram(spec, deps.output);
  let isAlive = true;
  const watching = watch().catch((error: unknown) => deps.giveUp(`${spec.name}: ${String(error)}`));

  async function watch(): Promise<void> {
    let state = NEVER_DIED;
    for (;;) {
      const exit = await running.exited;
      isAlive = false;
      deps.onChange();
      await sleep(SIGNAL_GRACE_MS);
      if (deps.stopping.aborted) return;
      const how = exit.signal === null ? `exit code ${exit.code ?? 'unknown'}` : `signal ${exit.signal}`;
      const told = `${spec.name} has ended (${how}); ${running.logPath} ends with: ${lastWords(running)}`;
      const next = afterDeath(state, deps.nowMs());
      state = next.state;
      if (!deps.isReady() || next.decision.kind === 'give-up') {
        deps.giveUp(told);
        return;
      }
      deps.output.say(`${told} Starting it again in ${next.decision.afterMs / 1000} s.`);
      await sleep(next.decision.afterMs, undefined, { signal: deps.stopping }).catch(() => null);
      if (deps.stopping.aborted) return;
      running = startProgram(spec, deps.output);
      isAlive = true;
      deps.onChange();
    }
  }

  return {
    name: spec.name,
    pid: () => (isAlive ? running.pid : undefined),
    stop: async (deadlineMs) => {
      const inTime = await running.stop(deadlineMs);
      await watching;
      return inTime;
    },
  };
}

function lastWords(program: RunningProgram): string {
  const lines = program.lastLines().slice(-TOLD_LINES);
  return lines.length === 0 ? '(nothing)' : lines.join(' | ');
}
