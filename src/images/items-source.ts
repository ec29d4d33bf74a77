import type { PictureSource } from './picture-source.js';

/** A picture of an item, wherever items are kept. */
export interface ItemPicture {
  readonly itemId: string;
  readonly attributes: { readonly [field: string]: unknown };
  read(): Promise<Buffer>;
}

/** Pictures that items already have, as a source: `pictures` is called anew for every listing. */
export function itemsSource(description: string, pictures: () => AsyncIterable<ItemPicture>): PictureSource {
  return {
    description,
    async *list() {
      for await (const { itemId, attributes, read } of pictures()) yield { name: itemId, itemId, attributes, read };
    },
  };
}
