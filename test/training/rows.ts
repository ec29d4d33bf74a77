import { Random } from '../../src/core/random.js';
import { norm, unit } from '../../src/core/vectors.js';

/** Rows of normal numbers, the same each time. */
export function sampleRows(count: number, width: number, seed = 4): Float32Array[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => Float32Array.from({ length: width }, () => random.normal()));
}

export const flat = (rows: readonly Float32Array[]): Float32Array => Float32Array.from(rows.flatMap((row) => [...row]));

/** The distance of two rows once both have length 1. */
export function apart(a: Float32Array, b: Float32Array): number {
  const [one, other] = [unit(a), unit(b)];
  return norm(one.map((x, i) => x - other[i]!));
}
