import type { Logger } from 'pino';
import type { SimulationClock } from './system/clock.ts';
import { Pace } from './pace.ts';
import { noHazards, type Hazards, type PlantInputs } from './plant/hazards.ts';
import { hornSounds } from './plant/plc.ts';
import type { Plant } from './plant/plant-state.ts';
import type { Bale, Fall, NirResult } from './plant/step-events.ts';
import { stepPlant } from './plant/step.ts';
import type { PlantStore } from './store.ts';

/** Above ×1 the sorter holds its belt so long, in wall-clock ms, for a verdict. */
const verdictPatienceWallMs = 500;

/** What was saved, and may now be shown. */
export interface Saved {
  readonly plant: Plant;
  readonly inputs: PlantInputs;
  readonly bales: readonly Bale[];
  readonly reads: readonly NirResult[];
  readonly falls: readonly Fall[];
}

interface RunnerOptions {
  readonly plant: Plant;
  readonly store: PlantStore;
  readonly clock: SimulationClock;
  readonly log: Logger;
  readonly speed: number;
  readonly incidents: boolean;
  /** What the wall clock has to say about the panel and the supervising system. */
  readonly outside: () => { readonly enabled: boolean; readonly trameLost: boolean };
  /** Shows what was saved, in the same turn of the loop: nobody ever sees more than is on disk. */
  readonly onSaved: (saved: Saved) => void;
}

/** Runs the automatic plant at its pace. */
export class PlantRunner {
  readonly plant: Plant;
  #options: RunnerOptions;
  #pace: Pace;
  #hazards: Hazards = noHazards;
  #crewPresent = false;
  #bales: Bale[] = [];
  #reads: NirResult[] = [];
  #falls: Fall[] = [];

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.plant = options.plant;
    this.#pace = new Pace({
      clock: options.clock,
      log: options.log,
      speed: options.speed,
      // People hear the horn for as long as it takes.
      atMost: () => (hornSounds(this.plant) ? 1 : Number.POSITIVE_INFINITY),
      step: (wallMs) => this.#step(wallMs),
      save: () =>
        options.store.commit({
          plant: this.plant,
          bales: this.#bales,
          reads: this.#reads,
          falls: this.#falls,
        }),
      saved: () => this.#saved(),
    });
  }

  get speed(): number {
    return this.#pace.speed;
  }

  /** How many times faster the physics run, within `speedRange`. */
  set speed(factor: number) {
    this.#pace.speed = factor;
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
    const outside = this.#options.outside();
    return {
      hazards: this.#hazards,
      crewPresent: this.#crewPresent,
      incidents: this.#options.incidents,
      verdictPatienceMs: this.speed > 1 ? verdictPatienceWallMs * this.speed : 0,
      enabled: outside.enabled,
      trameLost: outside.trameLost,
      wallMs,
    };
  }

  start(): void {
    this.#pace.start();
  }

  /** Shows what a client has just asked for, without waiting for the next round. */
  showSoon(): void {
    this.#pace.commitSoon();
  }

  /** Ends the loop and saves where the plant stands. */
  stop(): void {
    this.#pace.stop();
  }

  #step(wallMs: number): void {
    const { bale, read, falls } = stepPlant(this.plant, this.inputs(wallMs));
    if (bale !== null) this.#bales.push(bale);
    if (read !== null) this.#reads.push(read);
    this.#falls.push(...falls);
  }

  #saved(): void {
    const [bales, reads, falls] = [this.#bales, this.#reads, this.#falls];
    this.#bales = [];
    this.#reads = [];
    this.#falls = [];
    const inputs = this.inputs(this.#options.clock.wallMs());
    this.#options.onSaved({ plant: this.plant, inputs, bales, reads, falls });
  }
}
