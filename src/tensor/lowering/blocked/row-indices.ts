import type { Builder } from '../../builder.js';
import type { Value } from '../../graph.js';

/**
 * Every sum of one number of each list, the last list changing fastest: where the rows of a rearranged tensor come from.
 * Built from the lists inside the graph, since the numbers themselves would make the model many megabytes.
 * @returns [the product of the lengths]
 */
export function rowIndices(b: Builder, lists: readonly (readonly number[])[]): Value {
  const sums = lists.map((list, axis): Value => {
    const shape = lists.map((_, other) => (other === axis ? list.length : 1));
    return { shape, type: 'int32', constant: Int32Array.from(list) };
  });
  const all = sums.reduce((sum, next) => b.plus(sum, next));
  return b.reshape(all, [b.size(all)]);
}

/** 0, step, 2·step, … */
export const steps = (count: number, step = 1): number[] => Array.from({ length: count }, (_, i) => i * step);
