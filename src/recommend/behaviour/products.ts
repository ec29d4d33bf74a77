import type { ItemEmbeddings } from './source.js';

/** Multiplications of one turn: a millisecond or so. */
const MULTIPLIED_A_TURN = 32_000_000;

/**
 * All dot products of the rows of `a` with those of `b`, in blocks from the row `start` of `a` on: [count × rows of b].
 * Others have a turn before each block.
 */
export type RowProducts = (
  a: ItemEmbeddings,
  b: ItemEmbeddings,
) => AsyncIterable<{ readonly start: number; readonly count: number; readonly products: Float32Array }>;

/** The dot products of each of a few rows with all rows of the items, [items] each, so that nobody waits long. */
export async function productsWithItems(
  products: RowProducts,
  asked: ItemEmbeddings,
  items: ItemEmbeddings,
): Promise<readonly Float32Array[]> {
  const { dimension } = items;
  const count = items.values.length / dimension;
  const made = Array.from({ length: asked.values.length / dimension }, () => new Float32Array(count));
  const slice = Math.max(1, Math.floor(MULTIPLIED_A_TURN / Math.max(1, asked.values.length)));
  for (let from = 0; from < count; from += slice) {
    const to = Math.min(count, from + slice);
    const values = items.values.subarray(from * dimension, to * dimension);
    for await (const block of products(asked, { dimension, values })) {
      const width = to - from;
      for (let r = 0; r < block.count; r++)
        made[block.start + r]!.set(block.products.subarray(r * width, (r + 1) * width), from);
    }
  }
  return made;
}
