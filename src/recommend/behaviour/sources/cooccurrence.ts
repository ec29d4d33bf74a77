import { itemCosines } from '../item-cosines.js';
import type { Source } from '../source.js';
import { addRows } from '../sparse-rows.js';

/** Items that the people of a history's items touched too; each step back counts 0.8 of the one after it. */
export const cooccurrence: Source = {
  inPlainSum: true,
  personal: true,
  async fit(histories, options) {
    const rows = await itemCosines(histories, options);
    return { score: (history, into) => addRows(rows, history, into, { decay: 0.8 }) };
  },
};
