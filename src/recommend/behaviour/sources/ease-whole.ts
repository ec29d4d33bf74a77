import { solveEase } from '../solve-ease.js';
import { decayed, type Source } from '../source.js';

/** EASE over a history whose entries all count the same, as published: for tastes that do not wander. */
export const easeWhole: Source = {
  inPlainSum: false,
  personal: true,
  async fit(histories, options) {
    const solved = await solveEase(histories, options);
    return solved && { score: (history, into) => solved(decayed(history, 1), into) };
  },
};
