import { decayed, type Source } from '../source.js';

/** Entries of a history that are looked at: each is a taste of its own. */
const LAST = 20;
const DECAY = 0.95;

/**
 * What looks like something in the history, by the items' embeddings: an item's score is its largest decayed cosine to
 * an entry, so that somebody who likes boots and lamps is shown both and nothing between; less its largest to a dislike.
 */
export const content: Source = {
  inPlainSum: false,
  personal: true,
  async fit({ items }, { embeddings }) {
    if (!embeddings) return null;
    const { dimension, values } = embeddings;
    return {
      score(history, into) {
        into.fill(0);
        const away = new Float32Array(items);
        // How much an event of its kind says is no matter here, but for its sign: a taste is a taste.
        for (const [step, { item, weight }] of decayed(history, 1, LAST).entries()) {
          const towards = weight > 0 ? into : away;
          const strength = DECAY ** step;
          for (let j = 0; j < items; j++) {
            let along = 0;
            for (let d = 0; d < dimension; d++) along += values[item * dimension + d]! * values[j * dimension + d]!;
            towards[j] = Math.max(towards[j]!, strength * along);
          }
        }
        for (let j = 0; j < items; j++) into[j]! -= away[j]!;
      },
    };
  },
};
