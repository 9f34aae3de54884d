/**
 * The beta distribution and what follows from it: limits of proportions and Student's t. Pure.
 * Source: Abramowitz & Stegun 1964, 6.1.41 (log gamma), 26.5.8 (continued fraction), 26.7.1 (Student's t).
 */

/** Terms of the continued fraction; it needs some `sqrt(max(a, b))` of them, far less with what is audited. */
const TERMS_MAX = 10_000;
const NEARLY_ZERO = 1e-300;
const RELATIVE_ERROR = 1e-14;
/** Halvings of [0, 1]: as fine as numbers are. */
const HALVINGS = 60;

/** @returns the share of the beta distribution below `x`, the regularised incomplete beta function. `a`, `b` above 0. */
export function betaBelow(a: number, b: number, x: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast below the mean; above it the other tail does.
  if (x > (a + 1) / (a + b + 2)) return 1 - betaBelow(b, a, 1 - x);
  const front = a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b);
  return (Math.exp(front) * continuedFraction(a, b, x)) / a;
}

/** @returns below what the share `p` of the beta distribution lies. */
export function betaQuantile(a: number, b: number, p: number): number {
  let low = 0;
  let high = 1;
  for (let n = 0; n < HALVINGS; n += 1) {
    const middle = (low + high) / 2;
    if (betaBelow(a, b, middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** @returns t beyond which, on both sides together, 5 % of Student's distribution lie. @param freedom degrees, above 0. */
export function studentT95(freedom: number): number {
  return Math.sqrt(freedom * (1 / betaQuantile(freedom / 2, 1 / 2, 0.05) - 1));
}

/** Lentz's method. */
function continuedFraction(a: number, b: number, x: number): number {
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let found = d;
  for (let m = 1; m <= TERMS_MAX; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / awayFromZero(1 + even * d);
    c = awayFromZero(1 + even / c);
    found *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / awayFromZero(1 + odd * d);
    c = awayFromZero(1 + odd / c);
    found *= d * c;
    if (Math.abs(d * c - 1) < RELATIVE_ERROR) break;
  }
  return found;
}

function awayFromZero(value: number): number {
  return Math.abs(value) < NEARLY_ZERO ? NEARLY_ZERO : value;
}

/** Below this the series is not exact enough: the recurrence carries it up. */
const SERIES_FROM = 12;

function logGamma(z: number): number {
  let shift = 0;
  let x = z;
  for (; x < SERIES_FROM; x += 1) shift -= Math.log(x);
  const square = 1 / (x * x);
  const series =
    (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188)))) / x;
  return shift + (x - 1 / 2) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + series;
}
