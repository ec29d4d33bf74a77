import type { Attributes } from '../catalogue/catalogue.js';
import type { Vector } from '../core/vectors.js';
import type { Neighbour } from '../store/vector-store.js';
import type { Calibration } from './calibration.js';

/** What is known of an item in memory, for filters and answers. */
export interface LiveItem {
  readonly itemId: string;
  readonly attributes: Attributes;
  readonly hasPicture: boolean;
  readonly createdAt: number;
}

/**
 * One collection as this process serves it: the graph of the active release plus every newer line of the log, applied
 * in order. Reads see one consistent state; a switch of release replaces the graph between two queries.
 */
export interface LiveIndex {
  readonly collection: string;
  /** Null where no index was ever built: the store then holds what the log brought. */
  readonly indexId: string | null;
  readonly releaseId: string | null;
  /** What the release learnt from events; null where it learnt nothing. */
  readonly behaviourId: string | null;
  /** The model whose vectors are searched; null where items bring vectors or only attributes. */
  readonly modelId: string | null;
  readonly dimension: number | null;
  /** What similarities mean here; absent where the index was built without pictures, or there is none. */
  readonly calibration?: Calibration | undefined;
  /** The newest revision applied. */
  readonly revision: number;
  /** Grows with whatever items or vectors change: also where a vector comes after the item's line in the log. */
  readonly version: number;
  readonly ready: boolean;
  size(): number;
  /** Resolves once the log is applied through this revision; what was written is then found. */
  appliedThrough(revision: number): Promise<void>;
  /** Resolves once this process serves the release (or a newer one). */
  serving(releaseId: string): Promise<void>;
  item(itemId: string): LiveItem | undefined;
  items(): IterableIterator<LiveItem>;
  /** A unit vector of the model as this index holds them (whitened, where it is): what `nearest` must be asked with. */
  placed(vector: Vector): Vector;
  /** The unit vector of an item as this index holds it; undefined where it has none. */
  vector(itemId: string): Promise<Vector | undefined>;
  /** At most k, most similar first; never fewer than k while more pass `accept`. */
  nearest(query: Vector, k: number, accept?: (item: LiveItem) => boolean): Promise<readonly Neighbour[]>;
  /** Many at once, without filters: the fast path of search:batch. */
  nearestMany(queries: readonly Vector[], k: number): Promise<readonly (readonly Neighbour[])[]>;
}

/** The live indexes of this process, opened when first asked for. */
export interface LiveIndexes {
  /** Throws COLLECTION_NOT_FOUND; NOT_READY while it is still loading. */
  get(collection: string): Promise<LiveIndex>;
  /** Null once every collection is loaded and caught up; else what is still missing. */
  pending(): string | null;
  close(): Promise<void>;
}
