import type { History } from '../histories.js';
import { productsWithItems } from '../products.js';
import { decayed, type Source } from '../source.js';

/** Entries of a history that are looked at: each is a taste of its own. */
const LAST = 20;
const DECAY = 0.95;

/** The newest entries as tastes; how much an event of its kind says is no matter here, but for its sign. */
export const tastesOf = (history: History) =>
  decayed(history, 1, LAST).map(({ item, weight }, step) => ({ item, liked: weight > 0, strength: DECAY ** step }));

/**
 * What looks like something in the history, by the items' embeddings: an item's score is its largest decayed cosine to
 * an entry, so that somebody who likes boots and lamps is shown both and nothing between; less its largest to a dislike.
 */
export const content: Source = {
  inPlainSum: false,
  personal: true,
  async fit({ items }, { embeddings, products }) {
    if (!embeddings) return null;
    const { dimension, values } = embeddings;
    const rowOf = (item: number) => values.subarray(item * dimension, (item + 1) * dimension);
    let prepared: { readonly history: History; readonly cosines: readonly Float32Array[] } | undefined;
    return {
      async prepare(history) {
        if (!products) return;
        const asked = new Float32Array(tastesOf(history).flatMap(({ item }) => [...rowOf(item)]));
        prepared = { history, cosines: await productsWithItems(products, { dimension, values: asked }, embeddings) };
      },
      score(history, into) {
        const cosines = prepared?.history === history ? prepared.cosines : [];
        scoreTastes(tastesOf(history), (taste, item) => cosines[taste] ?? cosinesOf(rowOf(item), values, items), into);
      },
    };
  },
};

/** The cosines of one item with each of them, [items]. */
function cosinesOf(own: Float32Array, values: Float32Array, items: number): Float32Array {
  const cosines = new Float32Array(items);
  for (let j = 0, at = 0; j < items; j++) {
    let along = 0;
    for (let d = 0; d < own.length; d++, at++) along += own[d]! * values[at]!;
    cosines[j] = along;
  }
  return cosines;
}

/** Writes each item's largest decayed cosine to a taste, less its largest to a dislike; none is below 0. */
export function scoreTastes(
  tastes: ReturnType<typeof tastesOf>,
  cosinesWith: (taste: number, item: number) => Float32Array,
  into: Float32Array,
): void {
  into.fill(0);
  const away = new Float32Array(tastes.some(({ liked }) => !liked) ? into.length : 0);
  for (const [taste, { item, liked, strength }] of tastes.entries()) {
    const row = cosinesWith(taste, item);
    const strongest = liked ? into : away;
    for (let j = 0; j < row.length; j++) {
      const score = strength * row[j]!;
      if (score > strongest[j]!) strongest[j] = score;
    }
  }
  for (let j = 0; j < away.length; j++) into[j]! -= away[j]!;
}
