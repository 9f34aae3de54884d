/** Drawn pieces of clothing, for tests of what samples tell. */
import { ASSUMED_PIECE_G, ASSUMED_PIECE_VARIATION } from '@trame/protocol/classification/composition-names';
import type { AuditSample } from './error-interval.ts';

/** The lightest thing that is sorted, g. */
const PIECE_MIN_G = 10;

export class TestChance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** @returns 0…1, the generator mulberry32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }

  /** Marsaglia & Tsang 2000. @param shape above 0. */
  gamma(shape: number): number {
    if (shape < 1) return this.gamma(shape + 1) * (1 - this.next()) ** (1 / shape);
    const d = shape - 1 / 3;
    for (;;) {
      const x = this.normal();
      const v = (1 + x / Math.sqrt(9 * d)) ** 3;
      if (v > 0 && Math.log(1 - this.next()) < x ** 2 / 2 + d - d * v + d * Math.log(v)) return d * v;
    }
  }

  beta(a: number, b: number): number {
    const x = this.gamma(a);
    return x / (x + this.gamma(b));
  }

  /** @returns shares that add up to 1, as alike to `shares` as `concentration` is large. */
  dirichlet(shares: readonly number[], concentration: number): number[] {
    const drawn = shares.map((share) => this.gamma(share * concentration));
    const all = drawn.reduce((sum, one) => sum + one, 0);
    return drawn.map((one) => one / all);
  }

  /** Log-normal, of the assumed mean and variation, g. */
  pieceGrams(): number {
    const spread = Math.sqrt(Math.log1p(ASSUMED_PIECE_VARIATION ** 2));
    return Math.max(PIECE_MIN_G, ASSUMED_PIECE_G * Math.exp(spread * this.normal() - spread ** 2 / 2));
  }

  /** @returns an audit of so many grams of a heap of which so much does not belong there. */
  audit(grams: number, share: number): AuditSample {
    let sampled = 0;
    let misplaced = 0;
    while (sampled < grams) {
      const piece = this.pieceGrams();
      sampled += piece;
      if (this.next() < share) misplaced += piece;
    }
    return { sampledGrams: Math.round(sampled), misplacedGrams: Math.round(misplaced) };
  }
}
