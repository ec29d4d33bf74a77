import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LiveIndex, LiveItem } from '../../indexing/live-index.js';
import type { History } from './histories.js';
import { productsWithItems, type RowProducts } from './products.js';
import { scoreTastes, tastesOf } from './sources/content.js';

/** Items that are compared with what was known of them, and vectors that are read, before others have a turn. */
const COMPARED_A_TURN = 10_000;
const READ_A_TURN = 500;
/** Rows of cosines that are kept, in bytes: items that many people touched are asked about again and again. */
const KEPT_BYTES = 64 * 1024 * 1024;

/** The content source over the embeddings that are searched by now, whatever encoder made them. */
export interface LiveContent {
  /** Reads the embeddings that changed since it was last asked; `score` does so by itself. */
  catchUp(): Promise<void>;
  /** As the source scores a history, in slices, so that the event loop goes round in between. */
  score(history: History, into: Float32Array): Promise<void>;
}

export function createLiveContent(index: LiveIndex, itemIds: readonly string[], products: RowProducts): LiveContent {
  const count = itemIds.length;
  const held = new Array<LiveItem | undefined>(count);
  /** Items whose vector had not come: it may without their being written again. */
  const waiting = new Set<number>();
  const kept = new Map<number, Float32Array>();
  const mostKept = Math.max(32, Math.floor(KEPT_BYTES / (4 * Math.max(1, count))));
  let dimension = 0;
  let rows = new Float32Array(0); // [items × dimension], zeros where an item has no embedding
  let seen = -1;
  let reading: Promise<void> | undefined;

  async function read(): Promise<void> {
    const version = index.version;
    if (index.dimension !== null && index.dimension !== dimension) {
      dimension = index.dimension;
      rows = new Float32Array(count * dimension);
      held.fill(undefined);
    }
    let changed = 0;
    for (let i = 0; i < count; i++) {
      if (i % COMPARED_A_TURN === 0) await nextTurn();
      const item = index.item(itemIds[i]!);
      if (item === held[i] && !waiting.has(i)) continue;
      if (++changed % READ_A_TURN === 0) await nextTurn();
      const vector = item && (await index.vector(item.itemId));
      rows.fill(0, i * dimension, (i + 1) * dimension);
      if (vector?.length === dimension) rows.set(vector, i * dimension);
      if (item && !vector) waiting.add(i);
      else waiting.delete(i);
      held[i] = item;
    }
    if (changed > 0) kept.clear();
    seen = version;
  }

  async function catchUp(): Promise<void> {
    if (seen === index.version) return;
    reading ??= read().finally(() => {
      reading = undefined;
    });
    await reading;
  }

  /** Cosines of each of these items with all, [items] each, from what is kept where it is. */
  async function cosinesOf(items: readonly number[]): Promise<readonly Float32Array[]> {
    const found = items.map((item) => kept.get(item));
    const absent = items.flatMap((item, at) => (found[at] ? [] : [{ item, at }]));
    const version = seen;
    const made = await multiplied(absent.map(({ item }) => item));
    for (const [m, { at }] of absent.entries()) found[at] = made[m];
    if (seen !== version) return found as readonly Float32Array[]; // of embeddings that have changed since
    for (const [at, item] of items.entries()) {
      kept.delete(item); // and to the end: the first of the map is what was asked for longest ago
      kept.set(item, found[at]!);
    }
    for (const oldest of kept.keys()) {
      if (kept.size <= mostKept) break;
      kept.delete(oldest);
    }
    return found as readonly Float32Array[];
  }

  async function multiplied(items: readonly number[]): Promise<readonly Float32Array[]> {
    if (items.length === 0) return [];
    const asked = new Float32Array(items.length * dimension);
    for (const [m, item] of items.entries())
      asked.set(rows.subarray(item * dimension, (item + 1) * dimension), m * dimension);
    return productsWithItems(products, { dimension, values: asked }, { dimension, values: rows });
  }

  return {
    catchUp,
    async score(history, into) {
      await catchUp();
      const tastes = tastesOf(history);
      const cosines = dimension === 0 ? [] : await cosinesOf(tastes.map(({ item }) => item));
      scoreTastes(dimension === 0 ? [] : tastes, (taste) => cosines[taste]!, into);
    },
  };
}
