import type { FaultRequest } from './fault.ts';
import { scenarios } from './scenarios.ts';

/** Faults at once, and steps that wait; more is refused. */
export const maxFaults = 64;

/** A fault that lies on the plant now. */
export interface ActiveFault extends FaultRequest {
  readonly id: string;
  readonly since: string;
  readonly scenario?: string;
}

interface Board {
  readonly now: () => Date;
  /** Runs whenever the set of faults has changed. */
  readonly onChange: () => Promise<void>;
  /** A change that could not be carried out (a port that another program took meanwhile). */
  readonly onError: (error: unknown) => void;
}

/** The faults that lie on the plant, and the timers that put and mend them. `stop` ends all timers. */
export class FaultBoard {
  #board: Board;
  #faults = new Map<string, ActiveFault>();
  #timers = new Set<NodeJS.Timeout>();
  #nextId = 1;
  /** Changes are carried out one after the other. */
  #changing: Promise<void> = Promise.resolve();

  constructor(board: Board) {
    this.#board = board;
  }

  get active(): readonly ActiveFault[] {
    return [...this.#faults.values()];
  }

  /** Puts a fault. Gives null when there are too many. Resolves when it is in force. */
  async put(fault: FaultRequest, scenario?: string): Promise<ActiveFault | null> {
    if (this.#faults.size >= maxFaults) return null;
    const id = `f${this.#nextId}`;
    this.#nextId += 1;
    const since = this.#board.now().toISOString();
    const active: ActiveFault = { ...fault, id, since, ...(scenario === undefined ? {} : { scenario }) };
    this.#faults.set(id, active);
    if (fault.durationMs !== undefined) this.#later(fault.durationMs, () => this.mend(id));
    await this.#changed();
    return active;
  }

  /** Mends a fault. Gives false when there is none of that id. Resolves when it is gone. */
  async mend(id: string): Promise<boolean> {
    if (!this.#faults.delete(id)) return false;
    await this.#changed();
    return true;
  }

  /** Starts a scenario. Gives false when there is none of that id, or no room for its steps. */
  startScenario(id: string): boolean {
    const scenario = scenarios.find((known) => known.id === id);
    if (scenario === undefined || this.#timers.size + scenario.steps.length > maxFaults) return false;
    for (const step of scenario.steps) this.#later(step.afterMs, () => this.put(step.fault, scenario.id));
    return true;
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #changed(): Promise<void> {
    this.#changing = this.#changing.then(() => this.#board.onChange());
    const inForce = this.#changing;
    this.#changing = inForce.catch(() => undefined);
    return inForce;
  }

  #later(delayMs: number, work: () => Promise<unknown>): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work().catch(this.#board.onError);
    }, delayMs);
    this.#timers.add(timer);
  }
}
