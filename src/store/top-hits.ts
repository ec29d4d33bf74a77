import { byteOrder } from '../core/vectors.js';
import type { Neighbour } from './vector-store.js';

/** Most similar first, ties by item id in byte order: the one order of every answer. */
export function bySimilarity(a: Neighbour, b: Neighbour): number {
  return b.similarity - a.similarity || byteOrder(a.itemId, b.itemId);
}

/** The best k of what is offered: a heap with the worst kept hit on top, so that most offers cost one comparison. */
export class TopHits {
  readonly #k: number;
  readonly #heap: Neighbour[] = [];

  constructor(k: number) {
    this.#k = k;
  }

  get full(): boolean {
    return this.#heap.length >= this.#k;
  }

  /** What a newcomer must reach to matter; −Infinity while there is room. */
  get floor(): number {
    return this.full && this.#k > 0 ? this.#heap[0]!.similarity : this.#k > 0 ? -Infinity : Infinity;
  }

  offer(itemId: string, similarity: number): void {
    if (similarity < this.floor) return;
    const hit = { itemId, similarity };
    const heap = this.#heap;
    if (!this.full) {
      heap.push(hit);
      this.#rise(heap.length - 1);
    } else if (bySimilarity(hit, heap[0]!) < 0) {
      heap[0] = hit;
      this.#sink();
    }
  }

  /** All kept hits in order; the heap is used up. */
  take(): Neighbour[] {
    return this.#heap.sort(bySimilarity);
  }

  #rise(from: number): void {
    const heap = this.#heap;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (bySimilarity(heap[at]!, heap[parent]!) <= 0) return;
      [heap[at], heap[parent]] = [heap[parent]!, heap[at]!];
      at = parent;
    }
  }

  #sink(): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      let worst = at;
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < heap.length && bySimilarity(heap[child]!, heap[worst]!) > 0) worst = child;
      if (worst === at) return;
      [heap[at], heap[worst]] = [heap[worst]!, heap[at]!];
      at = worst;
    }
  }
}
