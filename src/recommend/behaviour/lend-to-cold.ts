import type { ItemEmbeddings, Ranker } from './source.js';

/** Items with events that an item without any is likened to. */
const NEIGHBOURS = 5;

/**
 * Items that nobody has touched have no place in behaviour, and would always stand last. Each is lent the scores of the
 * five items with events that look most like it: their mean, weighted by cosine and drawn towards the mean of all by what
 * the cosines leave open. Items without an embedding, or where nothing looks alike, keep their own.
 */
export function lendToCold(
  ranker: Ranker,
  touchedBy: ArrayLike<number>,
  embeddings: ItemEmbeddings | undefined,
): Ranker {
  const lent = embeddings ? lendersOf(touchedBy, embeddings) : [];
  if (lent.length === 0) return ranker;
  return {
    score(history, into) {
      ranker.score(history, into);
      const mean = into.reduce((sum, score) => sum + score, 0) / into.length;
      for (const { item, from } of lent) {
        const along = from.reduce((sum, { cosine, other }) => sum + cosine * (into[other]! - mean), 0);
        into[item] = mean + along / from.length;
      }
    },
  };
}

function lendersOf(touchedBy: ArrayLike<number>, { dimension, values }: ItemEmbeddings) {
  const items = values.length / dimension;
  const cold = Array.from({ length: items }, (_, i) => i).filter((item) => !touchedBy[item]);
  return cold.flatMap((item) => {
    const near: { other: number; cosine: number }[] = [];
    for (let other = 0; other < items; other++) {
      if (!touchedBy[other]) continue;
      let cosine = 0;
      for (let d = 0; d < dimension; d++) cosine += values[item * dimension + d]! * values[other * dimension + d]!;
      if (cosine <= 0 || (near.length === NEIGHBOURS && cosine <= near[NEIGHBOURS - 1]!.cosine)) continue;
      near.push({ other, cosine });
      near.sort((a, b) => b.cosine - a.cosine || a.other - b.other);
      if (near.length > NEIGHBOURS) near.pop();
    }
    return near.length === 0 ? [] : [{ item, from: near }];
  });
}
