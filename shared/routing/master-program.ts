/** A point of the usage region: what one complete choice of arms costs beside the grants, and uses of each resource. */
type Column = { readonly costUsd: number; readonly usage: Float64Array };

/** The optimum over the columns so far, the price of each resource there, and how much of each column is in the mix. */
export type MasterSolution = {
  readonly usd: number;
  readonly duals: Float64Array;
  readonly weights: Float64Array;
};

const EPSILON = 1e-11;
/** Variables from here on are slacks; there are never that many columns. */
const SLACK = 1_000_000;

/**
 * The master of a Dantzig-Wolfe decomposition (https://doi.org/10.1287/opre.8.1.101): mixes complete choices of arms so
 * that cost plus overflow of the grants is least. One row per resource and one for the mix, so a basis is a dozen
 * columns and each pivot may solve it afresh. Its optimum falls with each column towards the linear program's.
 */
export class MasterProgram {
  readonly #prices: Float64Array;
  readonly #grants: Float64Array;
  readonly #rows: number;
  readonly #columns: Column[] = [];
  /** Column numbers; below 0 the overflow, at and above `SLACK` the slack, of a resource. */
  readonly #basis: number[] = [];

  constructor(prices: Float64Array, grants: Float64Array) {
    this.#prices = prices;
    this.#grants = grants;
    this.#rows = prices.length + 1;
  }

  add(costUsd: number, usage: Float64Array): void {
    this.#columns.push({ costUsd, usage: usage.slice() });
    if (this.#columns.length > 1) return;
    for (let r = 0; r < this.#prices.length; r++) {
      this.#basis.push((usage[r] ?? 0) > (this.#grants[r] ?? 0) ? -1 - r : SLACK + r);
    }
    this.#basis.push(0);
  }

  /** The primal simplex method from the last basis; Bland's rule after a while, so that it cannot cycle. */
  solve(): MasterSolution {
    for (let pivot = 0; pivot < 500; pivot++) {
      const multipliers = this.#multipliers();
      const entering = this.#entering(multipliers, pivot > 50);
      if (entering === undefined) return this.#solution(multipliers);
      const direction = solveDense(this.#matrix(false), this.#vector(entering));
      const leaving = this.#leaving(direction);
      if (leaving === undefined) return this.#solution(multipliers);
      this.#basis[leaving] = entering;
    }
    return this.#solution(this.#multipliers());
  }

  #solution(multipliers: Float64Array): MasterSolution {
    const last = this.#rows - 1;
    let usd = multipliers[last] ?? 0;
    const duals = new Float64Array(last);
    for (let r = 0; r < last; r++) {
      const dual = Math.min(this.#prices[r] ?? 0, Math.max(0, -(multipliers[r] ?? 0)));
      duals[r] = dual;
      usd -= dual * (this.#grants[r] ?? 0);
    }
    return { usd, duals, weights: this.#weights() };
  }

  #multipliers(): Float64Array {
    const costs = this.#basis.map((variable) => this.#costOf(variable));
    return solveDense(this.#matrix(true), costs);
  }

  #weights(): Float64Array {
    const values = this.#values();
    const weights = new Float64Array(this.#columns.length);
    for (const [row, variable] of this.#basis.entries()) {
      if (variable >= 0 && variable < SLACK) weights[variable] = Math.max(0, values[row] ?? 0);
    }
    return weights;
  }

  #values(): Float64Array {
    return solveDense(this.#matrix(false), [...this.#grants, 1]);
  }

  #entering(multipliers: Float64Array, first: boolean): number | undefined {
    let best: number | undefined;
    let least = -EPSILON;
    for (const candidate of this.#candidates()) {
      if (this.#basis.includes(candidate)) continue;
      const vector = this.#vector(candidate);
      let reduced = this.#costOf(candidate);
      for (let row = 0; row < this.#rows; row++) {
        reduced -= (multipliers[row] ?? 0) * (vector[row] ?? 0);
      }
      if (reduced >= least) continue;
      if (first) return candidate;
      least = reduced;
      best = candidate;
    }
    return best;
  }

  #leaving(direction: Float64Array): number | undefined {
    const values = this.#values();
    let best: number | undefined;
    let least = Infinity;
    for (let row = 0; row < this.#rows; row++) {
      const step = direction[row] ?? 0;
      if (step <= 1e-10) continue;
      const ratio = Math.max(0, values[row] ?? 0) / step;
      if (ratio >= least) continue;
      least = ratio;
      best = row;
    }
    return best;
  }

  *#candidates(): Generator<number> {
    yield* this.#columns.keys();
    for (let r = 0; r < this.#prices.length; r++) {
      yield -1 - r;
      yield SLACK + r;
    }
  }

  #costOf(variable: number): number {
    if (variable < 0) return this.#prices[-1 - variable] ?? 0;
    return variable >= SLACK ? 0 : (this.#columns[variable]?.costUsd ?? 0);
  }

  /** A variable's column: `usage - overflow + slack = grant` for each resource, and the mix that sums to 1. */
  #vector(variable: number): Float64Array {
    const vector = new Float64Array(this.#rows);
    if (variable < 0) vector[-1 - variable] = -1;
    else if (variable >= SLACK) vector[variable - SLACK] = 1;
    else {
      vector.set(this.#columns[variable]?.usage ?? []);
      vector[this.#rows - 1] = 1;
    }
    return vector;
  }

  #matrix(transposed: boolean): Float64Array[] {
    const columns = this.#basis.map((variable) => this.#vector(variable));
    if (transposed) return columns;
    return columns.map((_, row) => Float64Array.from(columns, (column) => column[row] ?? 0));
  }
}

/** Gaussian elimination with partial pivoting; the matrix is used up. */
function solveDense(matrix: Float64Array[], right: ArrayLike<number>): Float64Array {
  const size = matrix.length;
  const result = Float64Array.from(right);
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++) {
      if (Math.abs(matrix[row]?.[column] ?? 0) > Math.abs(matrix[pivot]?.[column] ?? 0))
        pivot = row;
    }
    swap(matrix, result, column, pivot);
    eliminate(matrix, result, column);
  }
  for (let row = size - 1; row >= 0; row--) {
    const line = matrix[row] ?? new Float64Array(size);
    let sum = result[row] ?? 0;
    for (let column = row + 1; column < size; column++)
      sum -= (line[column] ?? 0) * (result[column] ?? 0);
    result[row] = sum / (line[row] === 0 ? EPSILON : (line[row] ?? EPSILON));
  }
  return result;
}

function swap(matrix: Float64Array[], right: Float64Array, a: number, b: number): void {
  const [line, other] = [matrix[a], matrix[b]];
  if (a === b || line === undefined || other === undefined) return;
  matrix[a] = other;
  matrix[b] = line;
  const value = right[a] ?? 0;
  right[a] = right[b] ?? 0;
  right[b] = value;
}

function eliminate(matrix: Float64Array[], right: Float64Array, column: number): void {
  const line = matrix[column];
  const head = line?.[column] ?? 0;
  if (line === undefined || head === 0) return;
  for (let row = column + 1; row < matrix.length; row++) {
    const target = matrix[row];
    const factor = (target?.[column] ?? 0) / head;
    if (target === undefined || factor === 0) continue;
    for (let at = column; at < matrix.length; at++)
      target[at] = (target[at] ?? 0) - factor * (line[at] ?? 0);
    right[row] = (right[row] ?? 0) - factor * (right[column] ?? 0);
  }
}
