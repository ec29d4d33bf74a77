import { join } from 'node:path';
import type { BaselineName } from '../src/evaluation/baselines.js';
import { knn, knnAccuracy } from '../src/evaluation/knn.js';
import { type Rows, rowsOfBytes } from '../src/evaluation/rows.js';
import type { PictureSource } from '../src/images/picture-source.js';
import { Preparation } from '../src/images/preparation.js';
import { prepareSamples } from '../src/images/prepare-samples.js';
import { cacheFolder } from './data/cache-folder.js';

/** Size at which pixels do best as features: larger ones shift too easily. */
const PIXEL_SIZE = 24;
export const CATEGORY_UNIT = 'precision (category, P@1)';
export const CATEGORY_BASELINES: readonly (readonly [string, BaselineName])[] = [
  ['pixels', 'centred-pixels'],
  ['pixels-half-whitened', 'pixels-half-whitened'],
  ['pca-64', 'pca-64'],
];

/** Pictures by category at the size of an encoder and at that of pixels, and their judge. */
export interface Categories {
  readonly pictures: readonly Uint8Array[];
  readonly pixels: Rows;
  /** The share of pictures whose nearest other one by cosine is of the same category. */
  judge(rows: Rows): Promise<number>;
}

/** Those pictures of a source whose samples differ; `attributes.category` says what each is. */
export async function openCategories(
  source: PictureSource,
  size: number,
  say: (line: string) => void,
): Promise<Categories> {
  const large = await preparedAt(source, size, true);
  const kept = new Set(large.ids);
  const category = new Map<string, string>();
  let listed = 0;
  for await (const { itemId, attributes } of source.list()) {
    listed++;
    if (kept.has(itemId)) category.set(itemId, String(attributes.category));
  }
  const small = await preparedAt(source, PIXEL_SIZE, false, kept);
  const categories = [...new Set(category.values())];
  const labels = Uint16Array.from(large.ids, (id) => categories.indexOf(category.get(id)!));
  say(
    `${source.description}: ${labels.length} pictures in ${categories.length} categories; ` +
      `${large.equal} with the pixels of another and ${listed - large.equal - labels.length} unreadable ones left out`,
  );
  return {
    pictures: large.pictures,
    pixels: rowsOfBytes(small.pictures),
    judge: async (rows) => knnAccuracy(await knn(rows, rows, 1, { leaveOut: (query) => query }), 1, labels, labels),
  };
}

/** In the order of the source. */
async function preparedAt(source: PictureSource, size: number, dropEqual: boolean, kept?: ReadonlySet<string>) {
  const some: PictureSource = {
    ...source,
    async *list() {
      for await (const picture of source.list()) if (!kept || kept.has(picture.itemId)) yield picture;
    },
  };
  const cache = { cacheFolder: join(cacheFolder, 'pixels') };
  const prepared = await prepareSamples(some, Preparation.parse({ size }), { ...cache, dropEqual });
  try {
    const { ids, equal, samples } = prepared;
    return { ids, equal: equal.length, pictures: ids.map((_, i) => samples.read(i).slice()) };
  } finally {
    prepared.close();
  }
}
