import type { Attributes } from '../src/catalogue/catalogue.js';
import { clampSimilarity, dot, type Vector } from '../src/core/vectors.js';
import type { LiveIndex, LiveItem } from '../src/indexing/live-index.js';

export interface EmbeddedItem {
  readonly itemId: string;
  /** Unit length. */
  readonly vector: Vector;
  readonly attributes: Attributes;
}

/** Items that never change as a live index that compares the query with all of them. */
export function exactIndex(given: readonly EmbeddedItem[], dimension: number): LiveIndex {
  const items = new Map<string, LiveItem>();
  for (const [createdAt, { itemId, attributes }] of given.entries())
    items.set(itemId, { itemId, attributes, hasPicture: true, createdAt });
  const vectors = new Map(given.map(({ itemId, vector }) => [itemId, vector]));
  const nearest: LiveIndex['nearest'] = async (query, k, accept) =>
    given
      .filter(({ itemId }) => !accept || accept(items.get(itemId)!))
      .map(({ itemId, vector }) => ({ itemId, similarity: clampSimilarity(dot(query, vector)) }))
      .sort((a, b) => b.similarity - a.similarity)
      .slice(0, k);
  return {
    collection: 'bench',
    indexId: 'exact',
    releaseId: 'exact',
    behaviourId: null,
    modelId: 'exact',
    dimension,
    revision: 1,
    version: 1,
    ready: true,
    size: () => items.size,
    appliedThrough: async () => {},
    serving: async () => {},
    item: (itemId) => items.get(itemId),
    items: () => items.values(),
    placed: (vector) => vector,
    vector: async (itemId) => vectors.get(itemId),
    nearest,
    nearestMany: (queries, k) => Promise.all(queries.map((query) => nearest(query, k))),
  };
}
