import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { SimulationClock } from './system/clock.ts';
import { startSimulation, type Simulation, type SimulationOptions } from './simulation.ts';

/** Clocks that go five times as fast, for what takes its time by the wall clock and is not measured. */
export const hurriedClock: SimulationClock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now() * 5,
};

/** A running line in a directory of its own, its crew at work at once; `stop` ends it and removes the directory. */
export interface TestLine {
  readonly simulation: Simulation;
  /** Asks the control API. Gives status and body. */
  readonly ask: (method: string, path: string, body?: unknown) => Promise<[number, unknown]>;
  /** Puts a fault and gives what mends it. */
  readonly fault: (fault: Record<string, unknown>) => Promise<() => Promise<void>>;
  readonly stop: () => Promise<void>;
}

export async function startTestLine(options: Partial<SimulationOptions>): Promise<TestLine> {
  const directory = mkdtempSync(join(tmpdir(), 'trame-sim-line-'));
  const started = await startSimulation({
    directory,
    log: pino({ level: 'silent' }),
    speed: 20,
    incidents: false,
    anonymous: true,
    crewAtLatestMs: 0,
    ...options,
  });
  if (started.kind === 'refused') throw new Error(started.reason);
  const { simulation } = started;
  const ask = async (method: string, path: string, body?: unknown): Promise<[number, unknown]> => {
    const sent =
      body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const url = `http://127.0.0.1:${simulation.ports['control']}${path}`;
    const response = await fetch(url, { method, ...sent });
    return [response.status, await response.json()];
  };
  return {
    simulation,
    ask,
    async fault(fault) {
      const [status, body] = await ask('POST', '/faults', fault);
      if (status !== 201) throw new Error(JSON.stringify(body));
      const { id } = body as { id: string };
      return async () => void (await ask('DELETE', `/faults/${id}`));
    },
    async stop() {
      await simulation.stop();
      rmSync(directory, { recursive: true });
    },
  };
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Waits until `probe` gives true. Gives how long it took, in ms. */
export async function until(probe: () => Promise<boolean> | boolean, withinMs = 15_000): Promise<number> {
  const fromMs = performance.now();
  while (!(await probe())) {
    if (performance.now() - fromMs > withinMs) throw new Error(`nothing within ${withinMs} ms`);
    await sleep(10);
  }
  return performance.now() - fromMs;
}
