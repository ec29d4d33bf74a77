import { rowProducts } from './row-products.js';
import { countRows, type Rows } from './rows.js';

/** How well queries find the gallery rows with their own label, over the whole ranking by cosine. */
export interface Retrieval {
  /** Share of queries whose first hit is right. */
  readonly recallAt1: number;
  /** Share with a right hit among the first five. */
  readonly recallAt5: number;
  /** Mean of 1 / rank of the first right hit. */
  readonly meanReciprocalRank: number;
  /** Mean over queries of the mean precision at each right hit. */
  readonly meanAveragePrecision: number;
  /** Queries with anything to find; others are left out of all means. */
  readonly queries: number;
}

/**
 * Ranks the whole gallery for each query. Both sides must hold unit rows. A right row stands behind every wrong one of
 * the same similarity, so an encoder that gives one point for everything finds nothing rather than something by luck.
 * Manning, Raghavan and Schütze 2008, "Introduction to Information Retrieval", 8.4, for the definitions.
 * @param options.leaveOut the gallery row that does not count for a query (itself), or −1
 */
export async function retrieval(
  queries: Rows,
  gallery: Rows,
  labels: { readonly queries: ArrayLike<number>; readonly gallery: ArrayLike<number> },
  options: { readonly leaveOut?: (query: number) => number } = {},
): Promise<Retrieval> {
  const leaveOut = options.leaveOut ?? (() => -1);
  const width = countRows(gallery);
  const sums = { at1: 0, at5: 0, reciprocal: 0, precision: 0, queries: 0 };
  for await (const { start, count, products } of rowProducts(queries, gallery)) {
    for (let i = 0; i < count; i++) {
      const query = start + i;
      const line = products.subarray(i * width, (i + 1) * width);
      const ranks = rightRanks(line, labels.queries[query]!, labels.gallery, leaveOut(query));
      const first = ranks[0];
      if (first === undefined) continue;
      sums.queries++;
      if (first <= 1) sums.at1++;
      if (first <= 5) sums.at5++;
      sums.reciprocal += 1 / first;
      sums.precision += ranks.reduce((sum, rank, before) => sum + (before + 1) / rank, 0) / ranks.length;
    }
  }
  const share = (sum: number): number => (sums.queries > 0 ? sum / sums.queries : 0);
  return {
    recallAt1: share(sums.at1),
    recallAt5: share(sums.at5),
    meanReciprocalRank: share(sums.reciprocal),
    meanAveragePrecision: share(sums.precision),
    queries: sums.queries,
  };
}

/** Ranks, from 1 and ascending, of the rows with the wanted label. */
function rightRanks(line: Float32Array, wanted: number, labels: ArrayLike<number>, skip: number): number[] {
  const right: number[] = [];
  for (let row = 0; row < line.length; row++) if (labels[row] === wanted && row !== skip) right.push(line[row]!);
  if (right.length === 0) return [];
  right.sort((a, b) => b - a);
  if (right.length === 1) return [rankOfOne(line, right[0]!, wanted, labels, skip)];
  const wrong = line.filter((_, row) => labels[row] !== wanted && row !== skip).sort(); // ascending
  let ahead = wrong.length;
  return right.map((value, before) => {
    while (ahead > 0 && wrong[ahead - 1]! >= value) ahead--;
    return before + 1 + (wrong.length - ahead);
  });
}

/** The common case of one right row needs no sorting. */
function rankOfOne(line: Float32Array, value: number, wanted: number, labels: ArrayLike<number>, skip: number): number {
  let rank = 1;
  for (let row = 0; row < line.length; row++) if (line[row]! >= value && labels[row] !== wanted && row !== skip) rank++;
  return rank;
}
