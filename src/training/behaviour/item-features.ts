import type { ItemAttributes, ItemEmbeddings } from '../../recommend/behaviour/source.js';

/** What is given of an item beside its id, as one row: its embedding, then its attributes. */
export interface ItemFeatures {
  readonly width: number;
  /** Writes an item's row; `out` holds zeros there. */
  write(item: number, out: Float32Array, offset: number): void;
}

/** Attributes are ones, divided by the root of how many an item has: a row of either kind has length 1. */
export function itemFeatures(
  embeddings: ItemEmbeddings | undefined,
  attributes: ItemAttributes | undefined,
): ItemFeatures {
  const seen = embeddings?.dimension ?? 0;
  return {
    width: seen + (attributes?.width ?? 0),
    write(item, out, offset) {
      for (let d = 0; d < seen; d++) out[offset + d] = embeddings!.values[item * seen + d]!;
      if (!attributes) return;
      const [from, to] = [attributes.starts[item]!, attributes.starts[item + 1]!];
      for (let at = from; at < to; at++) out[offset + seen + attributes.tokens[at]!] = 1 / Math.sqrt(to - from);
    },
  };
}
