/** Least squares without negative shares: nothing can be made of less than nothing of a fibre. */
import { solveSymmetric } from './solve-symmetric.ts';

/** Below this a share is none, and a slope does not lead anywhere. */
const TOLERANCE = 1e-10;

/**
 * Minimises ‖A·c − y‖ with c ≥ 0, given G = AᵀA and b = Aᵀy (Lawson & Hanson, Solving Least Squares Problems, 1974,
 * ch. 23).
 *
 * @returns c; shares that would be negative are 0.
 */
export function fitNonNegative(G: readonly (readonly number[])[], b: readonly number[]): number[] {
  const n = b.length;
  const c = Array.from(b, () => 0);
  const used: number[] = [];
  // Each round takes a share in; more rounds than that only rounding could ask for.
  for (let round = 0; round < 3 * n; round += 1) {
    const next = steepest(G, b, c, used);
    if (next < 0) break;
    used.push(next);
    settle(G, b, c, used);
  }
  return c;
}

/** Which share that is not used would lessen the distance most; −1: none would. */
function steepest(
  G: readonly (readonly number[])[],
  b: readonly number[],
  c: readonly number[],
  used: readonly number[],
): number {
  let best = -1;
  let most = TOLERANCE;
  for (let j = 0; j < b.length; j += 1) {
    if (used.includes(j)) continue;
    const row = G[j] as readonly number[];
    let slope = b[j] as number;
    for (const k of used) slope -= (row[k] as number) * (c[k] as number);
    if (slope > most) {
      most = slope;
      best = j;
    }
  }
  return best;
}

/** Moves `c` to the least squares of the shares in use, and drops those that reach zero on the way. */
function settle(G: readonly (readonly number[])[], b: readonly number[], c: number[], used: number[]): void {
  while (used.length > 0) {
    const aim = solveSymmetric(
      used.map((i) => used.map((j) => (G[i] as readonly number[])[j] as number)),
      used.map((i) => b[i] as number),
    );
    let way = 1;
    used.forEach((index, i) => {
      if ((aim[i] as number) > TOLERANCE) return;
      const fall = (c[index] as number) - (aim[i] as number);
      way = Math.min(way, fall > 0 ? (c[index] as number) / fall : 0);
    });
    used.forEach((index, i) => {
      c[index] = (c[index] as number) + way * ((aim[i] as number) - (c[index] as number));
    });
    if (way === 1) return;
    for (let i = used.length - 1; i >= 0; i -= 1) {
      const index = used[i] as number;
      if ((c[index] as number) > TOLERANCE) continue;
      c[index] = 0;
      used.splice(i, 1);
    }
  }
}
