import { itemCosines } from '../item-cosines.js';
import type { Ranker, Source } from '../source.js';
import { addRows, asParts, rowsOf, type SparseRows } from '../sparse-rows.js';

/** Items that the people of a history's items touched too; each step back counts 0.8 of the one after it. */
export const cooccurrence: Source = {
  inPlainSum: true,
  personal: true,
  fit: async (histories, options) => over(await itemCosines(histories, options)),
  load: (parts) => over(rowsOf(parts)),
};

const over = (rows: SparseRows): Ranker => ({
  score: (history, into) => addRows(rows, history, into, { decay: 0.8 }),
  parts: async () => asParts(rows),
});
