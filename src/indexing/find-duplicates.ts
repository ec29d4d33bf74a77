import { byteOrder } from '../core/vectors.js';
import type { Neighbour } from '../store/vector-store.js';
import type { LiveIndex } from './live-index.js';

/** An item and its copies, most similar first. */
export interface DuplicateGroup {
  readonly itemId: string;
  readonly duplicates: readonly Neighbour[];
}

/** Neighbours asked for at first; four times as many while all of them are copies. */
const FIRST = 8;
/** Of one item: a placeholder that half the catalogue shows must not make the walk quadratic. */
const MOST_COPIES = 512;

/**
 * Every group of items that are more alike than `similarity`, largest first. All of a group are copies of its first
 * item, so that a chain of pictures that each resemble the next is not one group; an item is in one group only.
 */
export async function findDuplicates(
  index: LiveIndex,
  similarity: number,
  pause: (done: number) => Promise<void>,
): Promise<DuplicateGroup[]> {
  const copies = new Map<string, readonly Neighbour[]>();
  let done = 0;
  for (const { itemId } of index.items()) {
    const near = await copiesOf(index, itemId, similarity);
    if (near.length > 0) copies.set(itemId, near);
    await pause(++done);
  }
  return groupCopies(copies);
}

/**
 * The copy of an item whose id is the first in byte order, where that stands before the item's own: whoever asks this of
 * every item hears of each one that could go, once, and may ask in pieces. Undefined where the item is to be kept.
 */
export async function earlierCopy(
  index: LiveIndex,
  itemId: string,
  similarity: number,
): Promise<Neighbour | undefined> {
  const earlier = (await copiesOf(index, itemId, similarity)).filter((each) => byteOrder(each.itemId, itemId) < 0);
  return earlier.sort((a, b) => byteOrder(a.itemId, b.itemId))[0];
}

/** Most alike first, at most `MOST_COPIES` of them. */
async function copiesOf(index: LiveIndex, itemId: string, similarity: number): Promise<Neighbour[]> {
  const vector = await index.vector(itemId);
  if (!vector) return [];
  for (let k = FIRST; ; k *= 4) {
    const near = await index.nearest(vector, k);
    const alike = near.filter((each) => each.similarity > similarity);
    if (alike.length < near.length || near.length < k || k >= MOST_COPIES)
      return alike.filter((each) => each.itemId !== itemId);
  }
}

/** The item with the most copies takes all of them that no group has yet, then the next; ties by id in byte order. */
export function groupCopies(copies: ReadonlyMap<string, readonly Neighbour[]>): DuplicateGroup[] {
  const taken = new Set<string>();
  const groups: DuplicateGroup[] = [];
  const order = [...copies].sort(([a, left], [b, right]) => right.length - left.length || byteOrder(a, b));
  for (const [itemId, near] of order) {
    if (taken.has(itemId)) continue;
    const duplicates = near.filter((each) => !taken.has(each.itemId));
    if (duplicates.length === 0) continue;
    taken.add(itemId);
    for (const each of duplicates) taken.add(each.itemId);
    groups.push({ itemId, duplicates });
  }
  return groups.sort((a, b) => b.duplicates.length - a.duplicates.length || byteOrder(a.itemId, b.itemId));
}
