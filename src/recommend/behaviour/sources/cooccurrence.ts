import { itemCosines } from '../item-cosines.js';
import type { Ranker, Source } from '../source.js';
import { addRows, asParts, rowsOf, type SparseRows } from '../sparse-rows.js';

/** Items that the people of a history's items touched too; each step back counts `decay` of the one after it. */
export function cooccurrenceWith({ decay }: { readonly decay: number }): Source {
  const over = (rows: SparseRows): Ranker => ({
    score: (history, into) => addRows(rows, history, into, { decay }),
    parts: async () => asParts(rows),
  });
  return {
    inPlainSum: true,
    personal: true,
    fit: async (histories, options) => over(await itemCosines(histories, options)),
    load: (parts) => over(rowsOf(parts)),
  };
}

export const cooccurrence: Source = cooccurrenceWith({ decay: 0.8 });
