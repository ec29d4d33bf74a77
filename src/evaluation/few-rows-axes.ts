import { type Eigen, productOf, symmetricEigen } from './symmetric-eigen.js';

/**
 * The same as `symmetricEigen` of the covariance of some centred rows, where they are fewer than their dimensions and span
 * little of the space: with X = [L 0] B, B a full orthonormal basis by Householder reflections (Golub and Van Loan, "Matrix
 * Computations", section 5.2), the covariance is that of L turned by B, and what L does not reach has no variance. About
 * 4 rows × dimension² operations instead of 10 dimension³.
 * @param rows flat, centred, no more of them than `dimension`; destroyed
 */
export function fewRowsAxes(rows: Float64Array, dimension: number): Eigen {
  const count = rows.length / dimension;
  const basis = productOf(reflectToTriangle(rows, count, dimension), dimension, 0);
  const inner = symmetricEigen(innerCovariance(rows, count, dimension), count);
  const values = new Float64Array(dimension);
  values.set(inner.values);
  const vectors = basis.slice();
  for (let k = 0; k < count; k++) {
    const axis = vectors.subarray(k * dimension, (k + 1) * dimension).fill(0);
    for (let i = 0; i < count; i++) {
      const share = inner.vectors[k * count + i]!;
      const row = i * dimension;
      for (let j = 0; j < dimension; j++) axis[j]! += share * basis[row + j]!;
    }
  }
  return { values, vectors };
}

/** Turns the rows into [L 0], L lower triangular, in place; answers the reflections, each with the places before it 0. */
function reflectToTriangle(rows: Float64Array, count: number, dimension: number): (Float64Array | undefined)[] {
  const reflections: (Float64Array | undefined)[] = [];
  for (let k = 0; k < count; k++) {
    const v = new Float64Array(dimension);
    let square = 0;
    for (let j = k; j < dimension; j++) square += rows[k * dimension + j]! ** 2;
    const first = rows[k * dimension + k]!;
    const target = first > 0 ? -Math.sqrt(square) : Math.sqrt(square); // the sign that cannot cancel
    const length = Math.sqrt(square - first * first + (first - target) ** 2);
    if (length === 0) {
      reflections.push(undefined); // a row that those before it span
      continue;
    }
    for (let j = k; j < dimension; j++) v[j] = (rows[k * dimension + j]! - (j === k ? target : 0)) / length;
    reflections.push(v);
    for (let row = k; row < count; row++) reflectRow(rows, row * dimension, v, k);
  }
  return reflections;
}

/** The row that starts at `at` ← row − 2 (row · v) v. */
function reflectRow(rows: Float64Array, at: number, v: Float64Array, from: number): void {
  let along = 0;
  for (let j = from; j < v.length; j++) along += rows[at + j]! * v[j]!;
  along *= 2;
  for (let j = from; j < v.length; j++) rows[at + j]! -= along * v[j]!;
}

/** Lᵀ L / count: `count * count` numbers. */
function innerCovariance(rows: Float64Array, count: number, dimension: number): Float64Array {
  const matrix = new Float64Array(count * count);
  for (let row = 0; row < count; row++)
    for (let i = 0; i <= row; i++)
      for (let j = 0; j <= row; j++)
        matrix[i * count + j]! += (rows[row * dimension + i]! * rows[row * dimension + j]!) / count;
  return matrix;
}
