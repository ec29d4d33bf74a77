import type { Vector } from '../core/vectors.js';

/** An item and how close it is: cosine similarity in [−1, 1]. */
export interface Neighbour {
  readonly itemId: string;
  readonly similarity: number;
}

export interface NearestOptions {
  /** Only items for which this is true. It must not throw. A store must never return fewer than k while more pass. */
  readonly accept?: (itemId: string) => boolean;
  /** How many items pass `accept`, where the caller knows: few means the store evaluates exactly. */
  readonly acceptCount?: number;
  /** The breadth of an approximate search; exact stores ignore it. */
  readonly efSearch?: number;
  /** Forces exact evaluation, to measure recall. */
  readonly exact?: boolean;
}

/** The nearest-neighbour port: everything the rest may assume of a store, in memory or behind a database. */
export interface VectorStore {
  readonly dimension: number;
  size(): Promise<number>;
  /** The newest vector of an item wins. Throws VECTOR_INVALID for a wrong length or numbers that are not finite. */
  upsert(entries: readonly { readonly itemId: string; readonly vector: Vector }[]): Promise<void>;
  /** Ids that are not there are passed over. */
  remove(itemIds: readonly string[]): Promise<void>;
  /** One list a query: at most `k`, most similar first, ties broken by item id in byte order. */
  nearest(queries: readonly Vector[], k: number, options?: NearestOptions): Promise<readonly (readonly Neighbour[])[]>;
  /** Unit-length copies of stored vectors, undefined where an item is not there. */
  vectors(itemIds: readonly string[]): Promise<readonly (Vector | undefined)[]>;
}
