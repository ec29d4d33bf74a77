import { byteOrder } from '../core/vectors.js';
import type { LiveItem } from '../indexing/live-index.js';
import type { Strategy } from './strategy.js';

const newerFirst = (a: LiveItem, b: LiveItem): number => b.createdAt - a.createdAt || byteOrder(a.itemId, b.itemId);

/** The newest items: what there is to show where nothing is known of anybody. The score is 1 / rank. */
export const recent: Strategy = {
  fallbacks: [],
  fillsUp: false,
  async candidates({ index, hidden, passes }, count) {
    let best: LiveItem[] = [];
    // Sorted and cut whenever it is twice too long: the newest few of many without sorting them all.
    for (const item of index.items()) {
      if (hidden.has(item.itemId) || (passes && !passes(item))) continue;
      best.push(item);
      if (best.length >= 2 * count + 64) best = best.sort(newerFirst).slice(0, count);
    }
    return best
      .sort(newerFirst)
      .slice(0, count)
      .map(({ itemId, createdAt }, rank) => ({
        itemId,
        score: 1 / (rank + 1),
        because: async () => ({ createdAt }),
      }));
  },
};
