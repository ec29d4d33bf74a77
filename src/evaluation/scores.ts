import { symmetricEigen } from './symmetric-eigen.js';

/**
 * Scores that need no labels. Rows are flat: `count × dimension` numbers, one embedding after another. They compare
 * checkpoints of one run and tell collapse; across recipes or feature widths they order nothing dependably.
 */
export interface Scores {
  /** Mean squared distance of the two views of a picture: 0 where they are the same. Absent without second views. */
  readonly alignment?: number;
  /** Log of the mean Gaussian potential: 0 where all rows are one point, lower the more evenly they are spread. */
  readonly uniformity: number;
  /** About how many dimensions are in use, from 1 to `dimension`. */
  readonly effectiveRank: number;
  /** Mean standard deviation of a dimension: 0 at collapse, 1/√dimension for unit rows that are spread evenly. */
  readonly deviation: number;
}

/** All of them at once, for the views `z` and, where there are any, the other views of the same pictures. */
export function scores(z: Float32Array, dimension: number, other?: Float32Array): Scores {
  return {
    ...(other === undefined ? {} : { alignment: alignment(z, other, dimension) }),
    uniformity: uniformity(z, dimension),
    effectiveRank: effectiveRank(z, dimension),
    deviation: deviation(z, dimension),
  };
}

/**
 * Mean squared Euclidean distance between row i of `a` and row i of `b`: two views of one picture.
 * Wang and Isola 2020, "Understanding Contrastive Representation Learning through Alignment and Uniformity on the
 * Hypersphere", with alpha = 2. arXiv:2005.10242
 */
export function alignment(a: Float32Array, b: Float32Array, dimension: number): number {
  const count = rowCount(a, dimension);
  if (b.length !== a.length)
    throw new RangeError(`Expected ${a.length} numbers of second views, received ${b.length}.`);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum / count;
}

/**
 * log( mean over pairs i < j of exp(−t · |z(i) − z(j)|²) ): quadratic in the rows, so hand it a sample of some hundreds.
 * Wang and Isola 2020, as above. One row alone has uniformity 0.
 */
export function uniformity(z: Float32Array, dimension: number, t = 2): number {
  const count = rowCount(z, dimension);
  if (count < 2) return 0;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++)
      sum += Math.exp(-t * squaredDistance(z, i * dimension, j * dimension, dimension));
  }
  return Math.log(sum / ((count * (count - 1)) / 2));
}

/**
 * RankMe: exp of the entropy of the singular values as shares of their sum.
 * Garrido et al. 2023, "RankMe: Assessing the Downstream Performance of Pretrained Self-Supervised Representations by
 * Their Rank", eq. 4. arXiv:2210.02885. The singular values come from the smaller Gram matrix, in float64.
 */
export function effectiveRank(z: Float32Array, dimension: number): number {
  const count = rowCount(z, dimension);
  const gram = count < dimension ? rowGram(z, count, dimension) : columnGram(z, count, dimension);
  const { values: squares } = symmetricEigen(gram, Math.min(count, dimension));
  const singular = squares.map((square) => Math.sqrt(Math.max(0, square)));
  const total = singular.reduce((sum, value) => sum + value, 0);
  if (total === 0) return 1; // rows of zeros: nothing is in use, and 1 is the least the definition gives
  let entropy = 0;
  for (const value of singular) {
    const share = value / total + 1e-7; // the paper's epsilon for float32
    entropy -= share * Math.log(share);
  }
  return Math.exp(entropy);
}

/** Mean over the dimensions of their standard deviation over the rows (population form): what a collapse takes to 0. */
export function deviation(z: Float32Array, dimension: number): number {
  const count = rowCount(z, dimension);
  let total = 0;
  for (let k = 0; k < dimension; k++) {
    let mean = 0;
    for (let i = 0; i < count; i++) mean += z[i * dimension + k]!;
    mean /= count;
    let squares = 0;
    for (let i = 0; i < count; i++) squares += (z[i * dimension + k]! - mean) ** 2;
    total += Math.sqrt(squares / count);
  }
  return total / dimension;
}

function rowCount(z: Float32Array, dimension: number): number {
  if (z.length === 0 || z.length % dimension !== 0)
    throw new RangeError(`Expected rows of ${dimension} numbers, received ${z.length} numbers.`);
  return z.length / dimension;
}

function squaredDistance(z: Float32Array, a: number, b: number, dimension: number): number {
  let sum = 0;
  for (let k = 0; k < dimension; k++) sum += (z[a + k]! - z[b + k]!) ** 2;
  return sum;
}

/** Z Zᵀ, `[count, count]`. */
function rowGram(z: Float32Array, count: number, dimension: number): Float64Array {
  const gram = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < dimension; k++) sum += z[i * dimension + k]! * z[j * dimension + k]!;
      gram[i * count + j] = sum;
      gram[j * count + i] = sum;
    }
  }
  return gram;
}

/** Zᵀ Z, `[dimension, dimension]`. */
function columnGram(z: Float32Array, count: number, dimension: number): Float64Array {
  const gram = new Float64Array(dimension * dimension);
  for (let i = 0; i < count; i++) {
    const row = z.subarray(i * dimension, (i + 1) * dimension);
    for (let a = 0; a < dimension; a++) {
      const value = row[a]!;
      if (value === 0) continue;
      const at = a * dimension;
      for (let b = 0; b <= a; b++) gram[at + b]! += value * row[b]!;
    }
  }
  for (let a = 0; a < dimension; a++) for (let b = 0; b < a; b++) gram[b * dimension + a] = gram[a * dimension + b]!;
  return gram;
}
