import { solveEase } from '../solve-ease.js';
import { decayed, type Source } from '../source.js';

/** EASE over a history in which each step back counts 0.9 of the one after it. */
export const ease: Source = {
  inPlainSum: true,
  personal: true,
  async fit(histories, options) {
    const solved = await solveEase(histories, options);
    return solved && { score: (history, into) => solved(decayed(history, 0.9), into) };
  },
};
