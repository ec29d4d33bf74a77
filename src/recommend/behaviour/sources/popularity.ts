import type { Source } from '../source.js';

/** How much everybody's events weigh on each item, whoever asks. Dislikes take away. */
export const popularity: Source = {
  inPlainSum: false,
  personal: false,
  async fit({ items, itemAt, weightAt }) {
    const totals = new Float32Array(items);
    for (let at = 0; at < itemAt.length; at++) totals[itemAt[at]!]! += weightAt[at]!;
    return { score: (_, into) => into.set(totals) };
  },
};
