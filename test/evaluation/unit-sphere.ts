import type { Random } from '../../src/core/random.js';
import { type Rows, unitRows } from '../../src/evaluation/rows.js';

/** Random unit rows. With `steps`, coordinates are whole steps before scaling, so that many similarities are equal. */
export function unitSphere(count: number, dimension: number, random: Random, steps?: number): Rows {
  const draw = () => (steps === undefined ? random.normal() : random.int(2 * steps + 1) - steps);
  return unitRows({ values: Float32Array.from({ length: count * dimension }, draw), dimension });
}

/** Row i as plain numbers. */
export const rowAt = (rows: Rows, i: number): number[] =>
  Array.from(rows.values.subarray(i * rows.dimension, (i + 1) * rows.dimension));
