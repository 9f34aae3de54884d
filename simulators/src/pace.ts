import type { Logger } from 'pino';
import type { SimulationClock } from './system/clock.ts';
import { stepMs } from './plant/plant-state.ts';

/** The loop turns this often, in wall-clock ms. */
const turnMs = 50;
/** What happened is saved, and then shown, this often. */
const commitEveryMs = 100;
/** … but for what somebody has just asked for: so soon. */
const soonMs = 10;
/** After a longer halt of this process the plant does not try to catch up: it stood still meanwhile. */
const maxCatchUpMs = 1_000;

interface Paced {
  readonly clock: SimulationClock;
  readonly log: Logger;
  readonly speed: number;
  /** The fastest that the physics may run now, whatever the speed asked for; without it nothing bounds it. */
  readonly atMost?: () => number;
  /** One step of `stepMs` of simulated time, stamped with wall-clock time `wallMs`. */
  readonly step: (wallMs: number) => void;
  /** Durable when it returns. Throws when the disk refuses. */
  readonly save: () => void;
  /** Shows what was saved, in the same turn of the loop: nobody ever sees more than is on disk. */
  readonly saved: () => void;
}

/** Moves a plant on with the wall clock, saves it, and has it shown. */
export class Pace {
  #paced: Paced;
  #timer: NodeJS.Timeout | null = null;
  #soon: NodeJS.Timeout | null = null;
  #lastMs: number;
  #lastCommitMs: number;
  #debtMs = 0;
  #halted = false;
  /** How many times faster the physics run, within `speedRange`. */
  speed: number;

  constructor(paced: Paced) {
    this.#paced = paced;
    this.speed = paced.speed;
    this.#lastMs = paced.clock.monotonicMs();
    this.#lastCommitMs = this.#lastMs;
  }

  start(): void {
    this.#lastMs = this.#paced.clock.monotonicMs();
    this.commit();
    this.#timer = setInterval(() => this.#turn(), turnMs);
  }

  /** Ends the loop and saves where the plant stands. */
  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    if (this.#soon !== null) clearTimeout(this.#soon);
    this.#soon = null;
    this.commit();
  }

  /** Has shown what somebody has just asked for, without waiting for the next round. */
  commitSoon(): void {
    if (this.#timer === null || this.#soon !== null) return;
    this.#soon = setTimeout(() => {
      this.#soon = null;
      this.commit();
    }, soonMs);
  }

  #turn(): void {
    const nowMs = this.#paced.clock.monotonicMs();
    if (!this.#halted) this.#advance(Math.min(nowMs - this.#lastMs, maxCatchUpMs));
    this.#lastMs = nowMs;
    if (nowMs - this.#lastCommitMs < commitEveryMs) return;
    this.#lastCommitMs = nowMs;
    this.commit();
  }

  #advance(elapsedMs: number): void {
    const atMost = this.#atMost();
    const speed = Math.min(this.speed, atMost);
    this.#debtMs += elapsedMs * speed;
    const steps = Math.floor(this.#debtMs / stepMs);
    this.#debtMs -= steps * stepMs;
    const wallMs = this.#paced.clock.wallMs();
    for (let left = steps - 1; left >= 0; left -= 1) {
      this.#paced.step(wallMs - (left * stepMs) / speed);
      if (this.#atMost() === atMost) continue;
      // From this step on time passes at another pace: what was left of the turn was reckoned at the old one.
      this.#debtMs = 0;
      return;
    }
  }

  #atMost(): number {
    return this.#paced.atMost?.() ?? Number.POSITIVE_INFINITY;
  }

  /** Saves, then shows; gives whether it was saved. While the disk refuses, the plant stands still and nothing new is shown. */
  commit(): boolean {
    const { log, save, saved } = this.#paced;
    try {
      save();
    } catch (error) {
      if (!this.#halted) log.error({ error }, 'the plant cannot be saved: it stands still until it can');
      this.#halted = true;
      return false;
    }
    if (this.#halted) log.info('the plant is saved again and goes on');
    this.#halted = false;
    saved();
    return true;
  }
}
