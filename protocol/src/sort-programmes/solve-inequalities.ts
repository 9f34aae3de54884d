/** A point that satisfies linear inequalities, as far inside of them as can be: the simplex method on a small table. */

/** Σ coefficient·variable ≤ `atMost`; with `inside`, the point keeps away from the limit if it can. */
export interface Inequality {
  /** One for each variable. */
  readonly coefficients: readonly number[];
  readonly atMost: number;
  readonly inside: boolean;
}

export interface InnerPoint {
  /** Values of the variables, none below 0. */
  readonly values: readonly number[];
  /** How far it keeps away from every limit with `inside`; 0: it touches one. */
  readonly distance: number;
}

/** What counts as zero among numbers up to some hundreds. */
const ZERO = 1e-9;
/** Bland's rule always ends; so many turns on tables of some dozens of rows are a fault of this code. */
const TURNS_MAX = 10_000;

/**
 * @param variables how many there are; each is 0 or more.
 * @param enough a distance beyond which further inside is no better.
 * @returns null when no point satisfies all of them.
 */
export function innerPoint(
  variables: number,
  inequalities: readonly Inequality[],
  enough: number,
): InnerPoint | null {
  const bound: Inequality = { coefficients: [], atMost: enough, inside: true };
  const table = newTable(variables, [...inequalities, bound]);
  if (!makeFeasible(table)) return null;
  minimise(table, table.distanceCost, table.helpColumn);
  const values = Array.from({ length: variables }, (_, column) => Math.max(0, valueOf(table, column)));
  return { values, distance: Math.max(0, valueOf(table, variables)) };
}

/**
 * Columns: the variables, the distance, a help that makes any table feasible while it is not 0, a slack for each row; the
 * right side last. Each row says that the variable of its basis is the right side less what the others take.
 */
interface Table {
  readonly rows: readonly Float64Array[];
  /** What is minimised: the help; the distance with its sign turned. */
  readonly helpCost: Float64Array;
  readonly distanceCost: Float64Array;
  readonly basis: number[];
  readonly helpColumn: number;
  readonly right: number;
}

function newTable(variables: number, inequalities: readonly Inequality[]): Table {
  const helpColumn = variables + 1;
  const firstSlack = helpColumn + 1;
  const right = firstSlack + inequalities.length;
  const rows = inequalities.map(({ coefficients, atMost, inside }, row) => {
    const cells = new Float64Array(right + 1);
    cells.set(coefficients);
    cells[variables] = inside ? 1 : 0;
    cells[helpColumn] = -1;
    cells[firstSlack + row] = 1;
    cells[right] = atMost;
    return cells;
  });
  const helpCost = new Float64Array(right + 1);
  helpCost[helpColumn] = 1;
  const distanceCost = new Float64Array(right + 1);
  distanceCost[variables] = -1;
  const basis = inequalities.map((_, row) => firstSlack + row);
  return { rows, helpCost, distanceCost, basis, helpColumn, right };
}

function makeFeasible(table: Table): boolean {
  const { rows, helpCost, basis, helpColumn, right } = table;
  const rightSides = rows.map((row) => cell(row, right));
  const lowest = rightSides.indexOf(Math.min(...rightSides));
  if ((rightSides[lowest] ?? 0) >= 0) return true;
  turn(table, lowest, helpColumn);
  minimise(table, helpCost, null);
  const row = basis.indexOf(helpColumn);
  const helped = rows[row];
  if (helped === undefined) return true;
  if (cell(helped, right) > ZERO) return false;
  // The help is 0 and still in the basis: any other column may take its place.
  const other = helped.findIndex(
    (value, column) => column !== helpColumn && column !== right && Math.abs(value) > ZERO,
  );
  if (other !== -1) turn(table, row, other);
  return true;
}

/** Bland's rule: of the columns that lower the cost the first, of the rows that bound it the one with the first basis. */
function minimise(table: Table, cost: Float64Array, barred: number | null): void {
  for (let turns = 0; turns < TURNS_MAX; turns += 1) {
    const entering = cost.findIndex(
      (value, column) => column !== table.right && column !== barred && value < -ZERO,
    );
    if (entering === -1) return;
    turn(table, leavingRow(table, entering), entering);
  }
  throw new Error('the simplex method did not end');
}

function leavingRow({ rows, basis, right }: Table, entering: number): number {
  let leaving = -1;
  let least = Infinity;
  for (const [at, row] of rows.entries()) {
    const pivot = cell(row, entering);
    if (pivot <= ZERO) continue;
    const ratio = cell(row, right) / pivot;
    const isTie = Math.abs(ratio - least) <= ZERO;
    if (isTie ? (basis[at] ?? 0) < (basis[leaving] ?? 0) : ratio < least) {
      leaving = at;
      least = ratio;
    }
  }
  if (leaving === -1) throw new Error('what is bounded grew without bound');
  return leaving;
}

/** Brings a column into the basis in the place of a row's own. */
function turn({ rows, helpCost, distanceCost, basis }: Table, leaving: number, entering: number): void {
  const pivotRow = rows[leaving];
  if (pivotRow === undefined) throw new Error('there is no such row');
  const pivot = cell(pivotRow, entering);
  for (let column = 0; column < pivotRow.length; column += 1) {
    pivotRow[column] = cell(pivotRow, column) / pivot;
  }
  for (const row of [...rows, helpCost, distanceCost]) {
    const factor = cell(row, entering);
    if (row === pivotRow || factor === 0) continue;
    for (let column = 0; column < row.length; column += 1) {
      row[column] = cell(row, column) - factor * cell(pivotRow, column);
    }
    row[entering] = 0;
  }
  basis[leaving] = entering;
}

function valueOf({ rows, basis, right }: Table, column: number): number {
  const row = rows[basis.indexOf(column)];
  return row === undefined ? 0 : cell(row, right);
}

function cell(row: Float64Array, column: number): number {
  return row[column] ?? 0;
}
