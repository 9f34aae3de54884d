import type { Logger } from 'pino';
import type { SimulationClock } from './system/clock.ts';
import { noHazards, type Hazards, type PlantInputs } from './plant/hazards.ts';
import { stepMs, type Bale, type NirResult, type Plant } from './plant/plant-state.ts';
import { stepPlant } from './plant/step.ts';
import type { PlantStore } from './store.ts';

/** The loop turns this often, in wall-clock ms. */
const turnMs = 50;
/** What happened is saved, and then shown, this often. */
const commitEveryMs = 100;
/** After a longer halt of this process the plant does not try to catch up: it stood still meanwhile. */
const maxCatchUpMs = 1_000;
/** Above ×1 the sorter holds its belt so long, in wall-clock ms, for a verdict. */
const verdictPatienceWallMs = 500;

/** What was saved, and may now be shown. */
export interface Saved {
  readonly plant: Plant;
  readonly inputs: PlantInputs;
  readonly bales: readonly Bale[];
  readonly reads: readonly NirResult[];
}

interface RunnerOptions {
  readonly plant: Plant;
  readonly store: PlantStore;
  readonly clock: SimulationClock;
  readonly log: Logger;
  readonly speed: number;
  readonly incidents: boolean;
  /** Shows what was saved, in the same turn of the loop: nobody ever sees more than is on disk. */
  readonly onSaved: (saved: Saved) => void;
}

/** Moves a plant on with the wall clock, saves it, and has it shown. */
export class PlantRunner {
  readonly plant: Plant;
  #options: RunnerOptions;
  #timer: NodeJS.Timeout | null = null;
  #speed: number;
  #hazards: Hazards = noHazards;
  #crewPresent = false;
  #lastMs: number;
  #lastCommitMs: number;
  #debtMs = 0;
  #bales: Bale[] = [];
  #reads: NirResult[] = [];
  #halted = false;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.plant = options.plant;
    this.#speed = options.speed;
    this.#lastMs = options.clock.monotonicMs();
    this.#lastCommitMs = this.#lastMs;
  }

  get speed(): number {
    return this.#speed;
  }

  /** How many times faster the physics run, within `speedRange`. */
  set speed(factor: number) {
    this.#speed = factor;
  }

  set hazards(hazards: Hazards) {
    this.#hazards = hazards;
  }

  /** From now on somebody is at work. */
  bringCrew(): void {
    this.#crewPresent = true;
  }

  /** What reaches the plant at wall-clock time `wallMs`. */
  inputs(wallMs: number): PlantInputs {
    return {
      hazards: this.#hazards,
      crewPresent: this.#crewPresent,
      incidents: this.#options.incidents,
      verdictPatienceMs: this.#speed > 1 ? verdictPatienceWallMs * this.#speed : 0,
      wallMs,
    };
  }

  start(): void {
    this.#lastMs = this.#options.clock.monotonicMs();
    this.commit();
    this.#timer = setInterval(() => this.#turn(), turnMs);
  }

  /** Ends the loop and saves where the plant stands. */
  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.commit();
  }

  #turn(): void {
    const nowMs = this.#options.clock.monotonicMs();
    if (!this.#halted) this.#advance(Math.min(nowMs - this.#lastMs, maxCatchUpMs));
    this.#lastMs = nowMs;
    if (nowMs - this.#lastCommitMs < commitEveryMs) return;
    this.#lastCommitMs = nowMs;
    this.commit();
  }

  #advance(elapsedMs: number): void {
    this.#debtMs += elapsedMs * this.#speed;
    const steps = Math.floor(this.#debtMs / stepMs);
    this.#debtMs -= steps * stepMs;
    const wallMs = this.#options.clock.wallMs();
    for (let left = steps - 1; left >= 0; left -= 1) {
      const { bale, read } = stepPlant(this.plant, this.inputs(wallMs - (left * stepMs) / this.#speed));
      if (bale !== null) this.#bales.push(bale);
      if (read !== null) this.#reads.push(read);
    }
  }

  /** Saves, then shows. While the disk refuses, the plant stands still and nothing new is shown. */
  commit(): void {
    const { store, log, clock, onSaved } = this.#options;
    const bales = this.#bales;
    const reads = this.#reads;
    try {
      store.commit({ plant: this.plant, bales, reads });
    } catch (error) {
      if (!this.#halted) log.error({ error }, 'the plant cannot be saved: it stands still until it can');
      this.#halted = true;
      return;
    }
    if (this.#halted) log.info('the plant is saved again and goes on');
    this.#halted = false;
    this.#bales = [];
    this.#reads = [];
    onSaved({ plant: this.plant, inputs: this.inputs(clock.wallMs()), bales, reads });
  }
}
