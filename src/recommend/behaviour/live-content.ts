import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LiveIndex, LiveItem } from '../../indexing/live-index.js';
import type { History } from './histories.js';
import { tastesOf } from './sources/content.js';

/** Items that are compared with what was known of them, and vectors that are read, before others have a turn. */
const COMPARED_A_TURN = 10_000;
const READ_A_TURN = 500;
/** Rows of cosines that are kept, in bytes: items that many people touched are asked about again and again. */
const KEPT_BYTES = 64 * 1024 * 1024;

/** The content source over the embeddings that are searched by now, whatever encoder made them. */
export interface LiveContent {
  /** As the source scores a history, row by row, so that the event loop goes round in between. */
  score(history: History, into: Float32Array): Promise<void>;
}

export function createLiveContent(index: LiveIndex, itemIds: readonly string[]): LiveContent {
  const count = itemIds.length;
  const held = new Array<LiveItem | undefined>(count);
  const kept = new Map<number, Float32Array>();
  const mostKept = Math.max(32, Math.floor(KEPT_BYTES / (4 * Math.max(1, count))));
  let dimension = 0;
  let rows = new Float32Array(0); // [items × dimension], zeros where an item has no embedding
  let seen = -1;
  let reading: Promise<void> | undefined;

  async function read(): Promise<void> {
    const revision = index.revision;
    if (index.dimension !== null && index.dimension !== dimension) {
      dimension = index.dimension;
      rows = new Float32Array(count * dimension);
      held.fill(undefined);
    }
    let changed = 0;
    for (let i = 0; i < count; i++) {
      if (i % COMPARED_A_TURN === 0) await nextTurn();
      const item = index.item(itemIds[i]!);
      if (item === held[i]) continue;
      if (++changed % READ_A_TURN === 0) await nextTurn();
      const vector = item && (await index.vector(item.itemId));
      rows.fill(0, i * dimension, (i + 1) * dimension);
      if (vector?.length === dimension) rows.set(vector, i * dimension);
      held[i] = item;
    }
    if (changed > 0) kept.clear();
    seen = revision;
  }

  async function cosinesOf(item: number): Promise<Float32Array> {
    const before = kept.get(item);
    if (before) {
      kept.delete(item); // and to the end: the first of the map is what was asked for longest ago
      kept.set(item, before);
      return before;
    }
    await nextTurn();
    const cosines = new Float32Array(count);
    const own = rows.subarray(item * dimension, (item + 1) * dimension);
    for (let j = 0, at = 0; j < count; j++) {
      let along = 0;
      for (let d = 0; d < dimension; d++, at++) along += own[d]! * rows[at]!;
      cosines[j] = along;
    }
    kept.set(item, cosines);
    if (kept.size > mostKept) kept.delete(kept.keys().next().value as number);
    return cosines;
  }

  return {
    async score(history, into) {
      if (seen !== index.revision) {
        reading ??= read().finally(() => {
          reading = undefined;
        });
        await reading;
      }
      const towards = new Float32Array(count);
      const away = new Float32Array(count);
      for (const { item, liked, strength } of tastesOf(history)) {
        const [cosines, strongest] = [await cosinesOf(item), liked ? towards : away];
        for (let j = 0; j < count; j++) strongest[j] = Math.max(strongest[j]!, strength * cosines[j]!);
      }
      for (let j = 0; j < count; j++) into[j] = towards[j]! - away[j]!;
    },
  };
}
