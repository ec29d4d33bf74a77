import { knn } from './knn.js';
import { countRows, type Rows } from './rows.js';

/** Neighbours by which two spaces are compared; fewer where there are fewer rows. */
const NEIGHBOURS = 10;

/** The nearest rows of each row, itself left out: `[count, k]` numbers of rows. Rows must be of unit length. */
export async function neighbourhoods(rows: Rows): Promise<Int32Array> {
  const k = Math.min(NEIGHBOURS, countRows(rows) - 1);
  return (await knn(rows, rows, k, { leaveOut: (row) => row })).rows;
}

/**
 * Mean share of a row's neighbours in one space that are its neighbours in the other, in any order: 1 where nothing has
 * moved, k / (count − 1) by chance. Both are `[count, k]`, of the same things.
 * @throws RangeError where they have not the same length
 */
export function neighbourOverlap(one: Int32Array, other: Int32Array, count: number): number {
  if (one.length !== other.length) throw new RangeError(`Expected ${one.length} neighbours, received ${other.length}.`);
  const k = one.length / count;
  let shared = 0;
  for (let row = 0; row < count; row++) {
    const known = new Set(one.subarray(row * k, (row + 1) * k));
    for (const neighbour of other.subarray(row * k, (row + 1) * k)) if (known.has(neighbour)) shared++;
  }
  return shared / one.length;
}
