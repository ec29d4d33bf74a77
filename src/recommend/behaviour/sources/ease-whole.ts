import { solveEase } from '../solve-ease.js';
import { decayed, type Source } from '../source.js';
import { addRows, asParts, rowsOf } from '../sparse-rows.js';

const DECAY = 1;

/** EASE over a history whose entries all count the same, as published: for tastes that do not wander. */
export const easeWhole: Source = {
  inPlainSum: false,
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
