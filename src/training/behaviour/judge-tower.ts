import { rankOf } from '../../core/rank.js';
import { rowProducts } from '../../evaluation/row-products.js';
import { alignment, effectiveRank, uniformity } from '../../evaluation/scores.js';
import type { Histories } from '../../recommend/behaviour/histories.js';
import type { Pairs } from './pairs.js';

/** Items that are looked at: enough for a rank of 64, few enough to cost nothing. */
const LOOKED_AT = 512;
/** Items shown: the k of the recall. */
const SHOWN = 10;

/** What pairs that were held back say of a model. All but the first need no right answers. */
export interface TowerScores {
  /** Share of held-back actions among the first ten of all items that the person had not touched. NaN without any. */
  readonly recallAt10: number;
  /** Mean squared distance of a state and the action that followed. NaN without any. */
  readonly alignment: number;
  /** Of item vectors: how evenly they are spread, and about how many dimensions are in use. */
  readonly uniformity: number;
  readonly effectiveRank: number;
}

/**
 * @param items [items × dimension], unit rows
 * @param states [pairs × dimension], of the held-back pairs
 */
export async function judgeTower(
  items: Float32Array,
  states: Float32Array,
  dimension: number,
  { starts, itemAt }: Histories,
  { positions, people }: Pairs,
): Promise<TowerScores> {
  const count = items.length / dimension;
  const actions = new Float32Array(states.length);
  let hits = 0;
  for await (const { start, count: here, products } of rowProducts(
    { dimension, values: states },
    { dimension, values: items },
  )) {
    for (let row = 0; row < here; row++) {
      const [pair, at] = [start + row, positions[start + row]!];
      const action = itemAt[at]!;
      actions.set(items.subarray(action * dimension, (action + 1) * dimension), pair * dimension);
      const seen = new Uint8Array(count);
      for (let before = starts[people[pair]!]!; before < at; before++) seen[itemAt[before]!] = 1;
      if (rankOf(products.subarray(row * count, (row + 1) * count), action, seen) <= SHOWN) hits++;
    }
  }
  const looked = evenly(items, dimension);
  return {
    recallAt10: hits / positions.length,
    alignment: positions.length === 0 ? Number.NaN : alignment(states, actions, dimension),
    uniformity: uniformity(looked, dimension),
    effectiveRank: effectiveRank(looked, dimension),
  };
}

/** Rows of items, evenly over all of them. */
function evenly(items: Float32Array, dimension: number): Float32Array {
  const count = items.length / dimension;
  const rows = Math.min(LOOKED_AT, count);
  const found = new Float32Array(rows * dimension);
  for (let row = 0; row < rows; row++) {
    const item = Math.floor((row * count) / rows);
    found.set(items.subarray(item * dimension, (item + 1) * dimension), row * dimension);
  }
  return found;
}
