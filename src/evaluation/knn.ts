import { rowProducts } from './row-products.js';
import { countRows, type Rows } from './rows.js';

/** The `k` nearest rows of the gallery for each query, nearest first, equal ones by their number. */
export interface Neighbours {
  readonly k: number;
  /** `[queries, k]` numbers of gallery rows. */
  readonly rows: Int32Array;
  /** `[queries, k]` */
  readonly similarities: Float32Array;
}

/**
 * Exact nearest neighbours by cosine. Both sides must hold unit rows.
 * @param options.leaveOut the gallery row that a query may not find (itself), or −1
 * @throws RangeError where the gallery has fewer than k rows to find
 */
export async function knn(
  queries: Rows,
  gallery: Rows,
  k: number,
  options: { readonly leaveOut?: (query: number) => number } = {},
): Promise<Neighbours> {
  const leaveOut = options.leaveOut ?? (() => -1);
  const width = countRows(gallery);
  if (k > width - (options.leaveOut ? 1 : 0)) throw new RangeError(`Expected ${k} rows or more, received ${width}.`);
  const count = countRows(queries);
  const rows = new Int32Array(count * k);
  const similarities = new Float32Array(count * k);
  for await (const block of rowProducts(queries, gallery)) {
    for (let i = 0; i < block.count; i++) {
      const query = block.start + i;
      const line = block.products.subarray(i * width, (i + 1) * width);
      const [from, to] = [query * k, (query + 1) * k];
      largest(line, leaveOut(query), rows.subarray(from, to), similarities.subarray(from, to));
    }
  }
  return { k, rows, similarities };
}

/** Insertion into a short sorted list: of many numbers only a few get past its last entry. */
function largest(line: Float32Array, skip: number, rows: Int32Array, values: Float32Array): void {
  const last = rows.length - 1;
  rows.fill(-1);
  values.fill(Number.NEGATIVE_INFINITY);
  let least = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < line.length; row++) {
    const value = line[row]!;
    if (!(value > least) || row === skip) continue;
    let at = last;
    while (at > 0 && values[at - 1]! < value) {
      values[at] = values[at - 1]!;
      rows[at] = rows[at - 1]!;
      at--;
    }
    values[at] = value;
    rows[at] = row;
    least = values[last]!;
  }
}

/**
 * Share of queries whose label is the plain majority of their first k neighbours' labels; where labels have equally many,
 * the one whose first neighbour is nearer. k may be smaller than the neighbours that were found.
 */
export function knnAccuracy(
  found: Neighbours,
  k: number,
  queryLabels: ArrayLike<number>,
  galleryLabels: ArrayLike<number>,
): number {
  if (k > found.k) throw new RangeError(`Expected at most ${found.k} neighbours, received k = ${k}.`);
  const count = found.rows.length / found.k;
  let right = 0;
  for (let query = 0; query < count; query++) {
    const votes = new Map<number, number>(); // in the order in which labels are met: nearest first
    for (let i = 0; i < k; i++) {
      const label = galleryLabels[found.rows[query * found.k + i]!]!;
      votes.set(label, (votes.get(label) ?? 0) + 1);
    }
    let winner = Number.NaN;
    let most = 0;
    for (const [label, number] of votes) if (number > most) [winner, most] = [label, number];
    if (winner === queryLabels[query]) right++;
  }
  return right / count;
}
