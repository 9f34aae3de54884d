/** Of small symmetric positive definite systems, such as the normal equations of least squares. */

/** Added to each diagonal, as a share of it, so that two shapes alike do not divide by zero. */
const JITTER = 1e-12;
const LEAST_PIVOT = 1e-15;

/** Solves A·x = b by Cholesky's decomposition. `A` is square, symmetric, and not changed. */
export function solveSymmetric(A: readonly (readonly number[])[], b: readonly number[]): number[] {
  const n = b.length;
  const lower = decompose(A);
  const z: number[] = [];
  for (let i = 0; i < n; i += 1) {
    let sum = b[i] as number;
    for (let k = 0; k < i; k += 1) sum -= cell(lower, i, k) * (z[k] as number);
    z[i] = sum / cell(lower, i, i);
  }
  for (let i = n - 1; i >= 0; i -= 1) {
    let sum = z[i] as number;
    for (let k = i + 1; k < n; k += 1) sum -= cell(lower, k, i) * (z[k] as number);
    z[i] = sum / cell(lower, i, i);
  }
  return z;
}

function decompose(A: readonly (readonly number[])[]): number[][] {
  const lower: number[][] = [];
  for (let i = 0; i < A.length; i += 1) {
    const row: number[] = [];
    lower.push(row);
    for (let j = 0; j <= i; j += 1) {
      let sum = cell(A, i, j) * (i === j ? 1 + JITTER : 1);
      for (let k = 0; k < j; k += 1) sum -= (row[k] as number) * cell(lower, j, k);
      row[j] = i === j ? Math.sqrt(Math.max(sum, LEAST_PIVOT)) : sum / cell(lower, j, j);
    }
  }
  return lower;
}

/** The smallest pivot of the decomposition, squared: near 0 when one row is made of the others. */
export function leastPivot(A: readonly (readonly number[])[]): number {
  return Math.min(...decompose(A).map((row, i) => (row[i] as number) ** 2));
}

function cell(matrix: readonly (readonly number[])[], row: number, column: number): number {
  return (matrix[row] as readonly number[])[column] as number;
}
