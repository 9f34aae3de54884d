/** What really happens in the world, whoever watches: material falls, bales are weighed, values change. */
import type { Seeded } from './seeded.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface TrueWeighing {
  readonly number: number;
  readonly netGrams: number;
}

export class Material {
  readonly #time: VirtualTime;
  readonly #random: Seeded;
  /** Grams ever fallen, as the device's own total tells; never reset. */
  totalGrams = 0;
  readonly weighings: TrueWeighing[] = [];

  constructor(time: VirtualTime, random: Seeded) {
    this.#time = time;
    this.#random = random;
  }

  /** Falls until that moment of the world. */
  fallUntil(endMs: number): void {
    const step = (): void => {
      if (this.#time.nowMs >= endMs) return;
      this.totalGrams += this.#random.between(0, 2_000);
      if (this.#random.chance(0.08)) {
        const netGrams = this.#random.between(20_000, 400_000);
        this.weighings.push({ number: this.weighings.length + 1, netGrams });
      }
      this.#time.in(500, step);
    };
    this.#time.in(500, step);
  }
}
