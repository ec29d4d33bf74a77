import type { Item } from '../catalogue/catalogue.js';
import { imageUrl } from './hits.js';
import { isoTime } from './iso-time.js';
import type { Signer } from './signer.js';

/** An item as answers show it. */
export function itemAnswer(collection: string, item: Item, signer: Signer | null): Record<string, unknown> {
  const { itemId, attributes, picture, revision, createdAt, updatedAt } = item;
  return {
    itemId,
    attributes,
    picture:
      picture === null
        ? null
        : {
            content: picture.content,
            mime: picture.mime,
            width: picture.width,
            height: picture.height,
            sizeBytes: picture.sizeBytes,
          },
    ...(picture === null ? {} : { imageUrl: imageUrl(collection, itemId, null, signer) }),
    revision,
    createdAt: isoTime(createdAt),
    updatedAt: isoTime(updatedAt),
  };
}
