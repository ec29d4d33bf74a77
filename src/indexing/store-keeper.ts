import type { Vector } from '../core/vectors.js';
import type { LocalStore } from '../store/local-store.js';

/** Rows settled in one slice: about a millisecond, so that queries hardly notice. */
const SLICE = 4;
/** Dead entries that are always borne; above, a fresh copy is grown once they outnumber the living. */
const BORNE = 2000;

/**
 * Holds the store that is searched and keeps it in shape a slice at a time: rows that wait are moved into the graph,
 * and once the dead outnumber the living a fresh copy is grown beside it and takes its place when it is complete.
 */
export class StoreKeeper {
  #store: LocalStore;
  #successor: LocalStore | undefined;

  #changes: number;

  constructor(store: LocalStore, changes = 0) {
    this.#store = store;
    this.#changes = changes;
  }

  /** How often something was written. */
  get changes(): number {
    return this.#changes;
  }

  /** What is searched now. Ask again for each query. */
  get store(): LocalStore {
    return this.#store;
  }

  /** Throws VECTOR_INVALID. */
  upsert(itemId: string, vector: Vector): void {
    this.#changes++;
    this.#store.upsertNow(itemId, vector);
    this.#successor?.upsertNow(itemId, vector);
  }

  remove(itemId: string): void {
    this.#changes++;
    this.#store.removeNow(itemId);
    this.#successor?.removeNow(itemId);
  }

  /** One slice of work. True while there is more. */
  tend(): boolean {
    const dead = this.#store.tombstones();
    if (!this.#successor && dead > BORNE && dead > this.#store.sizeNow()) this.#successor = this.#store.copy();
    if (this.#successor) {
      this.#successor.settle(SLICE);
      if (this.#successor.unsettled() > 0) return true;
      this.#store = this.#successor;
      this.#successor = undefined;
    }
    this.#store.settle(SLICE);
    return this.#store.unsettled() > 0;
  }
}
