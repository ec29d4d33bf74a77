import type { Vector } from '../core/vectors.js';
import type { LocalStore } from '../store/local-store.js';
import type { Neighbour } from '../store/vector-store.js';
import type { Calibration } from './calibration.js';
import type { LiveIndex, LiveItem } from './live-index.js';
import { BROUGHT, type Track } from './track.js';

/** What a view asks of the collection behind it, whatever is served by then. */
export interface LiveSource {
  readonly collection: { readonly name: string; readonly dimension: number | null };
  readonly revision: number;
  readonly ready: boolean;
  appliedThrough(revision: number): Promise<void>;
  serving(releaseId: string): Promise<void>;
}

/**
 * A live index bound to one track: model, index and graph belong together for as long as somebody holds it. After a
 * switch it still answers, from the graph it was bound to, and leaves out what has been deleted since.
 */
export class LiveView implements LiveIndex {
  readonly collection: string;
  readonly indexId: string | null;
  readonly releaseId: string | null;
  readonly behaviourId: string | null;
  readonly modelId: string | null;
  readonly #source: LiveSource;
  readonly #track: Track;
  readonly #items: ReadonlyMap<string, LiveItem>;

  constructor(source: LiveSource, track: Track, items: ReadonlyMap<string, LiveItem>) {
    this.collection = source.collection.name;
    this.indexId = track.indexId;
    this.releaseId = track.releaseId;
    this.behaviourId = track.behaviourId;
    this.modelId = track.modelId === BROUGHT ? null : track.modelId;
    this.#source = source;
    this.#track = track;
    this.#items = items;
  }

  get dimension(): number | null {
    return this.#track.store?.dimension ?? this.#source.collection.dimension;
  }

  get calibration(): Calibration | undefined {
    return this.#track.calibration;
  }

  get revision(): number {
    return this.#source.revision;
  }

  get version(): number {
    return this.#source.revision + this.#track.changes;
  }

  get ready(): boolean {
    return this.#source.ready;
  }

  size(): number {
    return this.#items.size;
  }

  appliedThrough(revision: number): Promise<void> {
    return this.#source.appliedThrough(revision);
  }

  serving(releaseId: string): Promise<void> {
    return this.#source.serving(releaseId);
  }

  item(itemId: string): LiveItem | undefined {
    return this.#items.get(itemId);
  }

  items(): IterableIterator<LiveItem> {
    return this.#items.values();
  }

  placed(vector: Vector): Vector {
    return this.#track.placed(vector);
  }

  async vector(itemId: string): Promise<Vector | undefined> {
    return this.#track.store?.vectorNow(itemId);
  }

  async nearest(query: Vector, k: number, accept?: (item: LiveItem) => boolean): Promise<readonly Neighbour[]> {
    const store = this.#track.store;
    return store ? this.#nearestIn(store, query, k, accept) : [];
  }

  async nearestMany(queries: readonly Vector[], k: number): Promise<readonly (readonly Neighbour[])[]> {
    const store = this.#track.store;
    return queries.map((query) => (store ? this.#nearestIn(store, query, k) : []));
  }

  #nearestIn(store: LocalStore, query: Vector, k: number, accept?: (item: LiveItem) => boolean): Neighbour[] {
    if (accept)
      return store.nearestNow(query, k, {
        accept: (itemId) => {
          const item = this.#items.get(itemId);
          return item !== undefined && accept(item);
        },
      });
    const hits = store.nearestNow(query, k);
    for (const { itemId } of hits) if (!this.#items.has(itemId)) return this.#nearestIn(store, query, k, () => true); // deleted after a switch
    return hits;
  }
}
