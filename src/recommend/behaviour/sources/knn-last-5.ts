import { itemCosines } from '../item-cosines.js';
import type { Source } from '../source.js';
import { addRows } from '../sparse-rows.js';

/** Items alike to the newest five, which count the same; what came before counts nothing. */
export const knnLast5: Source = {
  inPlainSum: false,
  personal: true,
  async fit(histories, options) {
    const rows = await itemCosines(histories, options);
    return { score: (history, into) => addRows(rows, history, into, { decay: 1, last: 5 }) };
  },
};
