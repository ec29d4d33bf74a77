import { itemCosines } from '../item-cosines.js';
import type { Ranker, Source } from '../source.js';
import { addRows, asParts, rowsOf, type SparseRows } from '../sparse-rows.js';

/** Items alike to the newest five, which count the same; what came before counts nothing. */
export const knnLast5: Source = {
  inPlainSum: false,
  personal: true,
  fit: async (histories, options) => over(await itemCosines(histories, options)),
  load: (parts) => over(rowsOf(parts)),
};

const over = (rows: SparseRows): Ranker => ({
  score: (history, into) => addRows(rows, history, into, { decay: 1, last: 5 }),
  parts: async () => asParts(rows),
});
