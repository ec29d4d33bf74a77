import { basename } from 'node:path';
import hnswlib from 'hnswlib-node';
import type { Vector } from '../core/vectors.js';
import { AppError } from '../errors.js';
import { scanRows } from './exact-store.js';
import type { LocalStore } from './local-store.js';
import { readStoreFiles, type StoreManifest, writeStoreFiles } from './store-files.js';
import { TopHits } from './top-hits.js';
import { checkedUnit, UnitRows } from './unit-rows.js';
import type { NearestOptions, Neighbour } from './vector-store.js';

/** hnswlib adds in float32: distances closer than this may stand in either order and are compared again exactly. */
const TIE = 2e-6;
const FIRST_CAPACITY = 1024;
const SAMPLE = 128;

export interface HnswOptions {
  /** Links an item keeps: more finds more and costs memory. 8 to 48. */
  readonly M?: number;
  /** Breadth while building: more gives a better graph, slowly. 100 to 400. */
  readonly efConstruction?: number;
  /** Breadth while searching: more finds more, slowly. */
  readonly efSearch?: number;
  readonly seed?: number;
  /** Up to this many items are evaluated one by one: as fast as the graph, and always right. */
  readonly exactBelow?: number;
}

/**
 * Approximate nearest neighbours: Malkov and Yashunin 2016, "Efficient and robust approximate nearest neighbor search
 * using Hierarchical Navigable Small World graphs", arXiv:1603.09320, by hnswlib, whose edges are all filed off here.
 *
 * Rows [0, covered) have been offered to the graph, newer ones wait to be settled and are evaluated one by one until
 * then, so writing never waits for the graph. A changed vector gets a new row; its old one is marked as deleted.
 */
export class HnswStore implements LocalStore {
  readonly dimension: number;
  readonly options: Required<HnswOptions>;
  #rows: UnitRows;
  #graph: hnswlib.HierarchicalNSW;
  #covered = 0;
  /** Points in the graph that live; hnswlib's own count includes the deleted. */
  #livePoints = 0;
  #points = 0;
  #ef: number;
  /** hnswlib takes arrays of numbers only: this one is used again for each call. */
  readonly #point: number[];

  constructor(dimension: number, options: HnswOptions = {}) {
    this.dimension = dimension;
    this.options = { M: 16, efConstruction: 200, efSearch: 64, seed: 100, exactBelow: 256, ...options };
    this.#rows = new UnitRows(dimension);
    this.#point = new Array<number>(dimension).fill(0.5);
    this.#graph = new hnswlib.HierarchicalNSW('ip', dimension);
    this.#graph.initIndex(FIRST_CAPACITY, this.options.M, this.options.efConstruction, this.options.seed);
    this.#ef = this.options.efSearch;
    this.#graph.setEf(this.#ef);
  }

  /**
   * Reads a saved store. Hashes, dimension, space and counts are checked before hnswlib sees the file, since it takes
   * damaged and foreign files without a word; and it reads into an instance of its own, dropped where that fails.
   * Throws INDEX_DAMAGED.
   */
  static async load(folder: string, manifest: StoreManifest, exactBelow?: number): Promise<HnswStore> {
    const { rows, graphFile } = await readStoreFiles(folder, manifest);
    const { M, efConstruction, efSearch, seed, count, dimension } = manifest;
    const store = new HnswStore(dimension, {
      M,
      efConstruction,
      efSearch,
      seed,
      ...(exactBelow === undefined ? {} : { exactBelow }),
    });
    store.#rows = rows;
    if (count === 0) return store;
    const graph = new hnswlib.HierarchicalNSW('ip', dimension);
    const damaged = (why: string, cause?: unknown) =>
      new AppError('INDEX_DAMAGED', { indexId: basename(folder), why }, { cause });
    try {
      await graph.readIndex(graphFile);
    } catch (cause) {
      throw damaged('its graph could not be read.', cause);
    }
    if (graph.getCurrentCount() !== count) throw damaged('its graph holds another number of points.');
    graph.setEf(efSearch); // a load leaves 10
    store.#graph = graph;
    store.#covered = store.#points = store.#livePoints = count;
    return store;
  }

  /** A store of the same rows without the dead ones, nothing of it settled yet. */
  copy(options: HnswOptions = this.options): HnswStore {
    const copy = new HnswStore(this.dimension, options);
    copy.#rows = this.#rows.compacted();
    return copy;
  }

  /**
   * Writes graph, labels and vectors into a folder; everything is settled first, and the dead are left out. Throws
   * DISK_FULL.
   */
  async save(folder: string): Promise<StoreManifest> {
    const clean = this.tombstones() > 0 ? this.copy() : this;
    clean.settle(Infinity);
    const { M, efConstruction, efSearch, seed } = this.options;
    const written = { dimension: this.dimension, space: 'ip' as const, M, efConstruction, efSearch, seed };
    return writeStoreFiles(folder, written, clean.#rows, async (path) => {
      await clean.#graph.writeIndex(path);
      await assertWhole(path, this.dimension);
    });
  }

  sizeNow(): number {
    return this.#rows.live;
  }

  nearestNow(query: Vector, k: number, options: NearestOptions = {}): Neighbour[] {
    const unitQuery = checkedUnit(query, this.dimension);
    const wanted = Math.max(0, Math.min(Math.floor(k), this.#rows.live));
    if (wanted === 0) return [];
    if (options.exact !== true && !this.#exactIsCheaper(wanted, options)) {
      const best = new TopHits(wanted);
      if (this.#searchGraph(unitQuery, wanted, options, best)) {
        scanRows(this.#rows, unitQuery, best, options.accept, this.#covered);
        return best.take();
      }
    }
    const best = new TopHits(wanted);
    scanRows(this.#rows, unitQuery, best, options.accept);
    return best.take();
  }

  upsertNow(itemId: string, vector: Vector): void {
    const unitVector = checkedUnit(vector, this.dimension);
    const row = this.#rows.row(itemId);
    if (row !== undefined && this.#rows.equals(row, unitVector)) return;
    this.removeNow(itemId);
    this.#rows.add(itemId, unitVector);
  }

  removeNow(itemId: string): boolean {
    const row = this.#rows.remove(itemId);
    if (row === undefined) return false;
    if (row < this.#covered) {
      this.#graph.markDelete(row);
      this.#livePoints--;
    }
    return true;
  }

  vectorNow(itemId: string): Vector | undefined {
    const row = this.#rows.row(itemId);
    return row === undefined ? undefined : this.#rows.view(row).slice();
  }

  has(itemId: string): boolean {
    return this.#rows.row(itemId) !== undefined;
  }

  itemIds(): IterableIterator<string> {
    return this.#rows.itemIds();
  }

  unsettled(): number {
    return this.#rows.rows - this.#covered;
  }

  settle(rows: number): void {
    for (let left = rows; left > 0 && this.#covered < this.#rows.rows; left--) {
      if (this.#rows.id(this.#covered) !== undefined) {
        const capacity = this.#graph.getMaxElements();
        if (this.#points >= capacity) this.#graph.resizeIndex(capacity * 2);
        this.#graph.addPoint(this.#asPoint(this.#rows.view(this.#covered)), this.#covered);
        this.#points++;
        this.#livePoints++;
      }
      this.#covered++;
    }
  }

  tombstones(): number {
    return this.#rows.rows - this.#rows.live;
  }

  async size(): Promise<number> {
    return this.sizeNow();
  }

  async upsert(entries: readonly { readonly itemId: string; readonly vector: Vector }[]): Promise<void> {
    for (const { vector } of entries) checkedUnit(vector, this.dimension);
    for (const { itemId, vector } of entries) this.upsertNow(itemId, vector);
    this.settle(Infinity);
  }

  async remove(itemIds: readonly string[]): Promise<void> {
    for (const itemId of itemIds) this.removeNow(itemId);
  }

  async nearest(
    queries: readonly Vector[],
    k: number,
    options: NearestOptions = {},
  ): Promise<readonly (readonly Neighbour[])[]> {
    return queries.map((query) => this.nearestNow(query, k, options));
  }

  async vectors(itemIds: readonly string[]): Promise<readonly (Vector | undefined)[]> {
    return itemIds.map((itemId) => this.vectorNow(itemId));
  }

  /** An indexed copy: `Array.from` costs 2 to 4% of a query, this a tenth of that. */
  #asPoint(vector: Vector): number[] {
    const point = this.#point;
    for (let i = 0; i < point.length; i++) point[i] = vector[i]!;
    return point;
  }

  /** The graph walks through about ef / p nodes where a share p passes, each a call into JavaScript of 3 µs. */
  #exactIsCheaper(k: number, { accept, acceptCount, efSearch = this.options.efSearch }: NearestOptions): boolean {
    const live = this.#rows.live;
    if (live <= this.options.exactBelow || k * 4 >= live || this.#livePoints === 0) return true;
    if (accept === undefined) return false;
    const share = acceptCount === undefined ? this.#sampleShare(accept) : acceptCount / live;
    if (share * live < 4 * k) return true;
    const exactMicroseconds = live * (0.1 + share * this.dimension * 0.001);
    return exactMicroseconds < (Math.max(efSearch, k) / share) * 3;
  }

  #sampleShare(accept: (itemId: string) => boolean): number {
    const rows = this.#rows.rows;
    let seen = 0;
    let passed = 0;
    for (let i = 0; i < SAMPLE; i++) {
      const itemId = this.#rows.id(Math.floor(((i + 0.5) * rows) / SAMPLE));
      if (itemId === undefined) continue;
      seen++;
      if (accept(itemId)) passed++;
    }
    return seen === 0 ? 0 : passed / seen;
  }

  /**
   * Offers the graph's answer to `best`. False where the graph can't give all that is due (it may have parts that
   * can't be reached, or a crowd of equals stands at the k-th place): every row must then be evaluated.
   */
  #searchGraph(query: Vector, k: number, options: NearestOptions, best: TopHits): boolean {
    const { accept, efSearch = this.options.efSearch } = options;
    const due = Math.min(k, this.#livePoints);
    let failure: unknown;
    const filter =
      accept &&
      ((label: number): boolean => {
        if (failure !== undefined) return false;
        try {
          return accept(this.#rows.id(label)!) === true;
        } catch (cause) {
          failure = cause ?? new Error('A filter failed.'); // an exception must not cross hnswlib: it aborts the process
          return false;
        }
      });
    if (efSearch !== this.#ef) {
      this.#graph.setEf(efSearch);
      this.#ef = efSearch;
    }
    const point = this.#asPoint(query);
    for (let ask = Math.min(due + 1, this.#livePoints); ; ask = Math.min(ask * 4, this.#livePoints)) {
      const found = filter ? this.#graph.searchKnn(point, ask, filter) : this.#graph.searchKnn(point, ask);
      if (failure !== undefined) throw failure;
      const { neighbors, distances } = found;
      if (neighbors.length < due || (filter === undefined && neighbors.length < ask)) return false;
      const complete = ask === this.#livePoints || neighbors.length < ask;
      if (complete || distances[ask - 1]! - distances[due - 1]! > TIE) {
        for (const label of neighbors) best.offer(this.#rows.id(label)!, this.#rows.similarity(query, label));
        return true;
      }
      if (ask > 512 || ask * 4 > this.#livePoints) return false;
    }
  }
}

/**
 * hnswlib writes on without a word where the disk takes no more, and leaves a graph that is cut short; reading it, it
 * compares the length with what the file says of itself. Throws DISK_FULL.
 */
async function assertWhole(graphFile: string, dimension: number): Promise<void> {
  try {
    await new hnswlib.HierarchicalNSW('ip', dimension).readIndex(graphFile);
  } catch (cause) {
    throw new AppError('DISK_FULL', { what: 'the graph of an index' }, { cause });
  }
}
