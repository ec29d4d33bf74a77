import type { Vector } from '../core/vectors.js';
import type { NearestOptions, Neighbour, VectorStore } from './vector-store.js';

/**
 * A store in this process's memory: what the port promises, without waiting. The hot path of a query goes through
 * `nearestNow`, and the follower of the log writes through `upsertNow`, so that what it applied is found at once.
 */
export interface LocalStore extends VectorStore {
  sizeNow(): number;
  /** One query. Throws VECTOR_INVALID. The answer is the caller's own. */
  nearestNow(query: Vector, k: number, options?: NearestOptions): Neighbour[];
  /** Found from now on. Throws VECTOR_INVALID and changes nothing where the vector can't be taken. */
  upsertNow(itemId: string, vector: Vector): void;
  /** False where there was no such item. */
  removeNow(itemId: string): boolean;
  /** A unit-length copy. */
  vectorNow(itemId: string): Vector | undefined;
  has(itemId: string): boolean;
  itemIds(): IterableIterator<string>;
  /** Rows that no graph covers yet: found all the same, by evaluating each. 0 for exact stores. */
  unsettled(): number;
  /** Moves at most `rows` of them into the graph: 0.15 to 0.35 ms each, so that a server does a few at a time. */
  settle(rows: number): void;
  /** How many dead entries still cost memory and time; a `copy` has none. */
  tombstones(): number;
  /** A store of the same vectors without the dead, nothing of it settled yet. */
  copy(): LocalStore;
}
