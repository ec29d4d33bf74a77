import { type Histories, occurrencesOf } from './histories.js';
import type { FitOptions } from './source.js';
import { buildSparseRows, type SparseRows } from './sparse-rows.js';

/** Neighbours that are kept for each item. */
export const MOST_NEIGHBOURS = 500;
/** Entries of one person that are paired with each other: the newest. Pairs grow with their square. */
const MOST_PAIRED = 1_000;
/** People who touched both at which a cosine counts half: two items that one person touched are no pair yet. */
const SHRINK = 1;

/**
 * How alike the items' sets of people are: the cosine of their columns, c / sqrt(n m) for c people in common, times
 * c / (c + 1). Sarwar et al. 2001, "Item-Based Collaborative Filtering Recommendation Algorithms"; the shrinkage as in
 * Bell and Koren 2007. Only the largest of each item are kept.
 */
export function itemCosines(histories: Histories, { signal, shared }: FitOptions): Promise<SparseRows> {
  return shared('item-cosines', async () => {
    const { items, starts, itemAt, weightAt } = histories;
    const whose = occurrencesOf(histories);
    const count = (item: number): number => whose.starts[item + 1]! - whose.starts[item]!;
    return buildSparseRows(
      { size: items, most: MOST_NEIGHBOURS, signal },
      (item, add) => {
        for (let k = whose.starts[item]!; k < whose.starts[item + 1]!; k++) {
          const [person, own] = [whose.personAt[k]!, whose.positions[k]!];
          const end = starts[person + 1]!;
          const from = Math.max(starts[person]!, end - MOST_PAIRED);
          if (own < from) continue;
          for (let at = from; at < end; at++) if (at !== own && weightAt[at]! > 0) add(itemAt[at]!, 1);
        }
      },
      (both, a, b) => ((both / Math.sqrt(count(a) * count(b))) * both) / (both + SHRINK),
    );
  });
}
