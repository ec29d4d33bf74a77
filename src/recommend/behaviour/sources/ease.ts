import { solveEase } from '../solve-ease.js';
import { decayed, type Source } from '../source.js';
import { addRows, asParts, rowsOf } from '../sparse-rows.js';

const DECAY = 0.9;

/** EASE over a history in which each step back counts 0.9 of the one after it. */
export const ease: Source = {
  inPlainSum: true,
  personal: true,
  async fit(histories, options) {
    const solved = await solveEase(histories, options);
    return (
      solved && {
        score: (history, into) => solved.add(decayed(history, DECAY), into),
        parts: async (signal) => asParts(await solved.rows(signal)),
      }
    );
  },
  load: (parts) => ({
    score: (history, into) => addRows(rowsOf(parts), history, into, { decay: DECAY }),
  }),
};
