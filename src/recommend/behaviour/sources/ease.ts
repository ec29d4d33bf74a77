import { solveEase } from '../solve-ease.js';
import { decayed, type Source } from '../source.js';
import { addRows, asParts, rowsOf } from '../sparse-rows.js';

/** EASE over a history in which each step back counts `decay` of the one after it. Fits of one run solve it once. */
export const easeWith = (decay: number): Omit<Source, 'inPlainSum'> => ({
  personal: true,
  async fit(histories, options) {
    const solved = await solveEase(histories, options);
    return (
      solved && {
        score: (history, into) => solved.add(decayed(history, decay), into),
        parts: async (signal) => asParts(await solved.rows(signal)),
      }
    );
  },
  load: (parts) => ({
    score: (history, into) => addRows(rowsOf(parts), history, into, { decay }),
  }),
});

/** What was touched lately says more than what was long ago. */
export const ease: Source = { inPlainSum: true, ...easeWith(0.9) };
