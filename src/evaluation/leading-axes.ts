import { setImmediate as nextTurn } from 'node:timers/promises';
import { Random } from '../core/random.js';
import { dot, norm } from '../core/vectors.js';
import { AppError } from '../errors.js';
import { rowProducts } from './row-products.js';
import { type Eigen, symmetricEigen } from './symmetric-eigen.js';

/** Axes beside those that are asked for: the last of those settle as fast as these fall off. */
const BESIDE = 64;
/** Multiplications by the matrix, at most; it ends where the variance that is caught grows by less than `SETTLED` of itself. */
const ROUNDS = 8;
const SETTLED = 5e-4;
/** Rows made orthonormal to each other one by one; to those before them, together. */
const AT_ONCE = 64;

/**
 * The largest eigenvalues of a covariance and their vectors, without the others: subspace iteration from a random start,
 * then a small exact solve within the subspace. Halko, Martinsson and Tropp 2011, "Finding Structure with Randomness",
 * algorithms 4.4 and 5.3. arXiv:0909.4061. About 4 · size · count² operations a round beside products of matrices, which
 * are in float32: values below a hundred-thousandth of the largest are of its rounding.
 * @param matrix `size * size`, symmetric, no eigenvalue below 0
 * @param count eigenvalues wanted, fewer than `size`
 * @throws AppError CANCELLED once `signal` is aborted
 */
export async function leadingAxes(
  matrix: Float64Array,
  size: number,
  count: number,
  signal?: AbortSignal,
): Promise<Eigen> {
  const rows = Math.min(count + BESIDE, size);
  const random = new Random(1);
  const basis = Float64Array.from({ length: rows * size }, () => random.normal());
  await orthonormalise(basis, size, signal);
  let turned = await productsOf(basis, matrix, size);
  let caught = dot(basis, turned); // variance along the basis
  for (let round = 1; round < ROUNDS; round++) {
    basis.set(turned);
    await orthonormalise(basis, size, signal);
    turned = await productsOf(basis, matrix, size);
    const before = caught;
    caught = dot(basis, turned);
    if (caught - before <= SETTLED * caught) break;
  }
  const { values, vectors } = symmetricEigen(await withinBasis(basis, turned, size), rows);
  return {
    values: values.slice(0, count),
    vectors: await combined(vectors.subarray(0, count * rows), basis, size),
  };
}

/**
 * Gram–Schmidt by blocks, in place, each block twice: what float32 leaves in the first pass goes in the second. A row
 * that those before it span becomes zeros, or a direction of what rounding left.
 */
async function orthonormalise(rows: Float64Array, size: number, signal: AbortSignal | undefined): Promise<void> {
  for (let from = 0; from < rows.length; from += AT_ONCE * size) {
    await nextTurn();
    if (signal?.aborted) throw new AppError('CANCELLED', { what: 'Finding the principal axes' });
    const before = rows.subarray(0, from);
    const columns = transposed(before, size);
    const block = rows.subarray(from, from + AT_ONCE * size);
    orthonormaliseFew(block, size);
    for (let pass = 0; pass < 2; pass++) {
      if (from > 0) {
        const shares = await productsOf(block, before, size);
        const within = await productsOf(shares, columns, from / size);
        for (let at = 0; at < block.length; at++) block[at]! -= within[at]!;
      }
      orthonormaliseFew(block, size);
    }
  }
}

/** Modified Gram–Schmidt, in place. */
function orthonormaliseFew(rows: Float64Array, size: number): void {
  for (let start = 0; start < rows.length; start += size) {
    const own = rows.subarray(start, start + size);
    const before = norm(own);
    for (let at = 0; at < start; at += size) {
      const other = rows.subarray(at, at + size);
      const share = dot(own, other);
      for (let i = 0; i < size; i++) own[i]! -= share * other[i]!;
    }
    const length = norm(own);
    const scale = length > 1e-10 * before ? 1 / length : 0;
    for (let i = 0; i < size; i++) own[i]! *= scale;
  }
}

/** The matrix as the basis sees it, `[rows, rows]`: basis · turnedᵀ, which rounding left a little unsymmetric. */
async function withinBasis(basis: Float64Array, turned: Float64Array, size: number): Promise<Float64Array> {
  const rows = basis.length / size;
  const seen = await productsOf(basis, turned, size);
  for (let i = 0; i < rows; i++)
    for (let j = i + 1; j < rows; j++)
      seen[i * rows + j] = seen[j * rows + i] = (seen[i * rows + j]! + seen[j * rows + i]!) / 2;
  return seen;
}

/** Each row of `shares` is what a vector has of each row of the basis. */
function combined(shares: Float64Array, basis: Float64Array, size: number): Promise<Float64Array> {
  return productsOf(shares, transposed(basis, size), basis.length / size);
}

/** `[count, size]` to `[size, count]`. */
function transposed(rows: Float64Array, size: number): Float64Array {
  const count = rows.length / size;
  const columns = new Float64Array(rows.length);
  for (let k = 0; k < count; k++) for (let i = 0; i < size; i++) columns[i * count + k] = rows[k * size + i]!;
  return columns;
}

/** All products of the rows of `a` with the rows of `b`, in float32. */
async function productsOf(a: Float64Array, b: Float64Array, dimension: number): Promise<Float64Array> {
  const rows = (values: Float64Array) => ({ values: new Float32Array(values), dimension });
  const width = b.length / dimension;
  const out = new Float64Array((a.length / dimension) * width);
  for await (const { start, products } of rowProducts(rows(a), rows(b))) out.set(products, start * width);
  return out;
}
