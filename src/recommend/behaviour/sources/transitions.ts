import { occurrencesOf } from '../histories.js';
import { MOST_NEIGHBOURS } from '../item-cosines.js';
import type { Source } from '../source.js';
import { addRows, buildSparseRows } from '../sparse-rows.js';

/** Steps within which one item is held to have led to another. */
const WINDOW = 10;

/**
 * What people touched within ten steps after it: each pair counts 1 / distance, and a sum is divided by the square root
 * of both items' numbers of people, so that the popular do not follow upon everything. The newest 30 of a history,
 * each step back counting 0.8 of the one after it.
 */
export const transitions: Source = {
  inPlainSum: true,
  personal: true,
  async fit(histories, { signal }) {
    const { items, starts, itemAt, weightAt } = histories;
    const whose = occurrencesOf(histories);
    const count = (item: number): number => whose.starts[item + 1]! - whose.starts[item]!;
    const rows = await buildSparseRows(
      { size: items, most: MOST_NEIGHBOURS, signal },
      (item, add) => {
        for (let k = whose.starts[item]!; k < whose.starts[item + 1]!; k++) {
          const own = whose.positions[k]!;
          const end = Math.min(starts[whose.personAt[k]! + 1]!, own + WINDOW + 1);
          for (let at = own + 1; at < end; at++) if (weightAt[at]! > 0) add(itemAt[at]!, 1 / (at - own));
        }
      },
      (sum, a, b) => sum / Math.sqrt(count(a) * count(b)),
    );
    return { score: (history, into) => addRows(rows, history, into, { decay: 0.8, last: 30 }) };
  },
};
