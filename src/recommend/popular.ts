import type { Candidate, Strategy } from './strategy.js';

/** Rows asked for at first; four times as many whenever too few of them may be shown. */
const FIRST_ROWS = 256;

/**
 * What all people's events weigh most on. Items whose dislikes outweigh the rest are left out. Null where there are no
 * events at all. The score is the share of the most popular item's weight, so it does not depend on the page or filter.
 */
export const popular: Strategy = {
  fallbacks: ['recent'],
  fillsUp: true,
  async candidates({ collection, behaviour, weights, index, hidden, passes }, count) {
    for (let limit = Math.max(FIRST_ROWS, 2 * count); ; limit *= 4) {
      const rows = await behaviour.popular(collection, weights, limit);
      const liked = rows.filter(({ weight }) => weight > 0);
      const most = liked[0]?.weight;
      if (most === undefined) return null;

      const shown = liked.flatMap(({ itemId, weight }): Candidate[] => {
        const item = index.item(itemId);
        if (!item || hidden.has(itemId) || (passes && !passes(item))) return [];
        return [{ itemId, score: weight / most, because: async () => ({ popularity: weight }) }];
      });
      if (shown.length >= count || liked.length < rows.length || rows.length < limit) return shown.slice(0, count);
    }
  },
};
