import { itemsSource } from '../images/items-source.js';
import type { PictureSource } from '../images/picture-source.js';
import type { Stores } from './stores.js';

/** The pictures of a collection's items, for training on what the catalogue holds. */
export function collectionSource(stores: Pick<Stores, 'catalogue' | 'blobs'>, collection: string): PictureSource {
  async function* pictures() {
    let after: string | undefined;
    do {
      const page = await stores.catalogue.items.list(collection, {
        limit: 500,
        ...(after === undefined ? {} : { after }),
      });
      for (const { itemId, attributes, picture } of page.rows) {
        if (!picture) continue;
        yield { itemId, attributes, read: async () => (await stores.blobs.get(picture.content)) ?? Buffer.alloc(0) };
      }
      after = page.next;
    } while (after !== undefined);
  }
  return itemsSource(`collection ${collection}`, pictures);
}
