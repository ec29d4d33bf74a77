import { AppError } from '../../errors.js';
import { handler } from '../call.js';
import { ROUTES } from '../contract/index.js';
import { PICTURE_POLICY } from '../headers.js';
import { knownCollection } from '../known-collection.js';
import { head } from '../send.js';

/** The address does not name the bytes, and an item's picture may be replaced: fresh for a minute, then asked again. */
const CACHE = 'private, max-age=60';

/** GET …/items/{itemId}/image: the original, or a thumbnail that is made once and kept beside it. */
export const getItemImage = handler(ROUTES.getItemImage, async (call) => {
  const { catalogue, blobs, thumbnail } = call.context.deps;
  const { collection, itemId } = call.params;
  const { size } = call.query;
  const item = await catalogue.items.get(collection, itemId);
  if (!item) {
    await knownCollection(call.context, collection);
    throw new AppError('ITEM_NOT_FOUND', { itemId });
  }
  if (item.picture === null) throw new AppError('PICTURE_MISSING', {});
  const { content, mime } = item.picture;
  const etag = `"${content.slice(0, 32)}${size === undefined ? '' : `-${size}`}"`;
  const headers = { ETag: etag, 'Cache-Control': CACHE, 'Content-Security-Policy': PICTURE_POLICY };
  if (call.request.headers['if-none-match']?.includes(etag)) return { status: 304, headers };

  const bytes =
    size === undefined
      ? await blobs.get(content)
      : await blobs.derived(content, `thumbnail-${size}.webp`, (original) => thumbnail(original, size));
  if (!bytes) throw new AppError('BLOB_DAMAGED', { content });
  head(call.response, 200, {
    ...headers,
    'Content-Type': size === undefined ? mime : 'image/webp',
    'Content-Length': bytes.length,
  });
  call.response.end(bytes);
  return undefined;
});
