import type { Histories } from '../../recommend/behaviour/histories.js';

/** Rows of ids that are learnt: of the items with the most interest. 13 MB of parameters at 64 numbers a row. */
const MOST_IDS = 50_000;

/**
 * The row of each item's id, [items], from 1; 0, the row that stands for what is not known, where nobody took interest
 * in an item, and beyond the 50,000 with the most.
 */
export function numberIds({ items, itemAt, weightAt }: Histories): { idRows: Uint32Array; rows: number } {
  const counts = new Uint32Array(items);
  for (let at = 0; at < itemAt.length; at++) if (weightAt[at]! > 0) counts[itemAt[at]!]!++;
  const known = [...counts.keys()].filter((item) => counts[item]! > 0);
  known.sort((a, b) => counts[b]! - counts[a]! || a - b);
  const idRows = new Uint32Array(items);
  for (const [row, item] of known.slice(0, MOST_IDS).entries()) idRows[item] = row + 1;
  return { idRows, rows: Math.min(known.length, MOST_IDS) + 1 };
}
