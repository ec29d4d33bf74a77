import type { Stores } from '../app/stores.js';
import { createFetchPicture } from '../images/fetch-picture.js';
import { openSource } from '../images/open-source.js';
import type { PictureSource } from '../images/picture-source.js';
import type { World } from './world.js';

/** The folder or manifest that a command names, its URLs fetched behind the guard. Throws SOURCE_UNUSABLE. */
export function namedSource({ config }: World, { limits }: Stores, path: string): Promise<PictureSource> {
  const fetchPicture = createFetchPicture({
    allowPrivate: config.KINDRED_FETCH_PRIVATE,
    maxBytes: config.KINDRED_MAX_UPLOAD_BYTES,
  });
  return openSource(path, { limits, fetchPicture });
}
