import { fewRowsAxes } from './few-rows-axes.js';
import { leadingAxes } from './leading-axes.js';
import { rowProducts } from './row-products.js';
import { type Eigen, symmetricEigen } from './symmetric-eigen.js';

/** The principal axes of some rows. */
export interface Pca {
  readonly dimension: number;
  /** Of each dimension, `dimension` numbers. */
  readonly mean: Float32Array;
  /** `dimension` numbers an axis: row k is the unit axis of the k-th largest variance. */
  readonly components: Float32Array;
  /** Variance along each axis (divided by the number of rows), largest first, never below 0. */
  readonly eigenvalues: Float32Array;
}

export interface PcaOptions {
  /** How many of the axes are wanted at least, those with the most variance: all unless said. */
  readonly axes?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Whether finding these axes alone is cheaper than the whole solve: where they are at most half. */
export const findsFew = (axes: number, dimension: number): boolean => 2 * axes <= dimension;

/**
 * Principal component analysis through the covariance. Pearson 1901. About rows × dimension² multiplications and a cubic
 * solve, which is most of it: 7 s for 1,152 dimensions. Where few axes are asked for, only they are found. Where rows are
 * few, the axes without variance are any that complete the basis.
 * @param rows flat, `dimension` numbers a row, at least one row
 * @throws RangeError where the rows are no whole number of rows, none, or not finite; AppError CANCELLED once `signal` is
 * aborted while few axes are sought
 */
export async function pca(
  rows: Float32Array,
  dimension: number,
  { axes = dimension, signal }: PcaOptions = {},
): Promise<Pca> {
  const count = rows.length / dimension;
  if (!Number.isInteger(count) || count < 1)
    throw new RangeError(`Expected one or more rows of ${dimension} numbers, received ${rows.length} numbers.`);
  const mean = columnMeans(rows, dimension);
  const solve = async (): Promise<Eigen> => {
    if (2 * count <= dimension)
      return fewRowsAxes(
        Float64Array.from(rows, (value, at) => value - mean[at % dimension]!),
        dimension,
      );
    const products = await covariance(rows, dimension, mean);
    return findsFew(axes, dimension)
      ? leadingAxes(products, dimension, axes, signal)
      : symmetricEigen(products, dimension);
  };
  const { values, vectors } = await solve();
  return {
    dimension,
    mean: Float32Array.from(mean),
    components: Float32Array.from(vectors),
    eigenvalues: Float32Array.from(values, (value) => Math.max(0, value)),
  };
}

function columnMeans(rows: Float32Array, dimension: number): Float64Array {
  const mean = new Float64Array(dimension);
  for (let start = 0; start < rows.length; start += dimension)
    for (let j = 0; j < dimension; j++) mean[j]! += rows[start + j]!;
  const count = rows.length / dimension;
  for (let j = 0; j < dimension; j++) mean[j]! /= count;
  return mean;
}

/** Products are sums of float32 over so many rows; those sums are added up in float64. */
const TOGETHER = 4096;

/** Products of the columns, centred: a matrix product, some twenty times as fast as loops here. */
async function covariance(rows: Float32Array, dimension: number, mean: Float64Array): Promise<Float64Array> {
  const count = rows.length / dimension;
  const sums = new Float64Array(dimension * dimension);
  for (let from = 0; from < count; from += TOGETHER) {
    const some = Math.min(TOGETHER, count - from);
    const columns = new Float32Array(dimension * some);
    for (let row = 0; row < some; row++)
      for (let j = 0; j < dimension; j++) columns[j * some + row] = rows[(from + row) * dimension + j]! - mean[j]!;
    const turned = { values: columns, dimension: some };
    for await (const { start, products } of rowProducts(turned, turned))
      for (let at = 0; at < products.length; at++) sums[start * dimension + at]! += products[at]!;
  }
  for (let i = 0; i < dimension; i++)
    for (let j = i; j < dimension; j++) {
      const value = sums[i * dimension + j]! / count;
      sums[i * dimension + j] = value;
      sums[j * dimension + i] = value;
    }
  return sums;
}
