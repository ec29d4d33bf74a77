import { occurrencesOf } from '../histories.js';
import { MOST_NEIGHBOURS } from '../item-cosines.js';
import type { Ranker, Source } from '../source.js';
import { addRows, asParts, buildSparseRows, rowsOf, type SparseRows } from '../sparse-rows.js';

/** Entries of a history that are looked at: the newest. */
const LAST = 30;

export interface TransitionsOptions {
  /** Steps within which one item is held to have led to another. */
  readonly window: number;
  /** What each step back counts of the one after it. */
  readonly decay: number;
}

/**
 * What people touched within some steps after it: each pair counts 1 / distance, and a sum is divided by the square root
 * of both items' numbers of people, so that the popular do not follow upon everything. The newest 30 of a history.
 */
export function transitionsWith({ window, decay }: TransitionsOptions): Source {
  const over = (rows: SparseRows): Ranker => ({
    score: (history, into) => addRows(rows, history, into, { decay, last: LAST }),
    parts: async () => asParts(rows),
  });
  return {
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
            const end = Math.min(starts[whose.personAt[k]! + 1]!, own + window + 1);
            for (let at = own + 1; at < end; at++) if (weightAt[at]! > 0) add(itemAt[at]!, 1 / (at - own));
          }
        },
        (sum, a, b) => sum / Math.sqrt(count(a) * count(b)),
      );
      return over(rows);
    },
    load: (parts) => over(rowsOf(parts)),
  };
}

export const transitions: Source = transitionsWith({ window: 10, decay: 0.8 });
