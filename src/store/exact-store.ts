import type { Vector } from '../core/vectors.js';
import type { LocalStore } from './local-store.js';
import { TopHits } from './top-hits.js';
import { checkedUnit, UnitRows } from './unit-rows.js';
import type { NearestOptions, Neighbour } from './vector-store.js';

/** Offers every row from `from` to `to` to `best`: the slow, obvious search that everything else is measured against. */
export function scanRows(
  rows: UnitRows,
  query: Vector,
  best: TopHits,
  accept?: (itemId: string) => boolean,
  from = 0,
  to = rows.rows,
): void {
  for (let row = from; row < to; row++) {
    const itemId = rows.id(row);
    if (itemId === undefined) continue;
    if (accept === undefined) {
      const similarity = rows.similarity(query, row);
      if (similarity >= best.floor) best.offer(itemId, similarity);
    } else if (accept(itemId)) best.offer(itemId, rows.similarity(query, row));
  }
}

/** Evaluates every item: always right, 2 to 3 ms a query at 20,000 × 128. */
export class ExactStore implements LocalStore {
  readonly dimension: number;
  #rows: UnitRows;

  constructor(dimension: number) {
    this.dimension = dimension;
    this.#rows = new UnitRows(dimension);
  }

  sizeNow(): number {
    return this.#rows.live;
  }

  nearestNow(query: Vector, k: number, options: NearestOptions = {}): Neighbour[] {
    const best = new TopHits(Math.max(0, Math.min(k, this.#rows.live)));
    scanRows(this.#rows, checkedUnit(query, this.dimension), best, options.accept);
    return best.take();
  }

  upsertNow(itemId: string, vector: Vector): void {
    const unitVector = checkedUnit(vector, this.dimension);
    this.removeNow(itemId);
    this.#rows.add(itemId, unitVector);
  }

  removeNow(itemId: string): boolean {
    if (this.#rows.remove(itemId) === undefined) return false;
    const dead = this.#rows.rows - this.#rows.live;
    if (dead > 1024 && dead > this.#rows.live) this.#rows = this.#rows.compacted();
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
    return 0;
  }

  settle(): void {}

  tombstones(): number {
    return 0;
  }

  copy(): ExactStore {
    const copy = new ExactStore(this.dimension);
    copy.#rows = this.#rows.compacted();
    return copy;
  }

  async size(): Promise<number> {
    return this.sizeNow();
  }

  async upsert(entries: readonly { readonly itemId: string; readonly vector: Vector }[]): Promise<void> {
    for (const { vector } of entries) checkedUnit(vector, this.dimension);
    for (const { itemId, vector } of entries) this.upsertNow(itemId, vector);
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
}
