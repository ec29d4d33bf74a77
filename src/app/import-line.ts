import type { Attributes, ItemWrite } from '../catalogue/catalogue.js';
import { AppError, isDiskFull } from '../errors.js';
import { describe } from '../images/decode.js';
import type { PictureSource, SkippedPicture, SourcePicture } from '../images/picture-source.js';
import type { Watched } from './index-line.js';
import type { Stores } from './stores.js';

/** Items in one transaction, and pictures in memory at once. */
const BATCH = 64;

export interface Imported {
  readonly stored: number;
  readonly unchanged: number;
  readonly skipped: readonly SkippedPicture[];
}

/**
 * Writes every picture of a source as an item; whatever model serves or is being built embeds it from there. Made again
 * it changes nothing. A picture that can't be used is named and passed over. Throws COLLECTION_NOT_FOUND,
 * SOURCE_UNUSABLE, DISK_FULL, CANCELLED.
 */
export async function importSource(
  stores: Pick<Stores, 'catalogue' | 'blobs' | 'limits'>,
  options: { collection: string; source: PictureSource; work: Pick<Watched, 'progress' | 'signal'> },
): Promise<Imported> {
  const { collection, source, work } = options;
  const skipped: SkippedPicture[] = [];
  let [stored, unchanged, seen] = [0, 0, 0];
  let batch: SourcePicture[] = [];

  const write = async (): Promise<void> => {
    const writes = await Promise.all(batch.map((picture) => asWrite(stores, picture, skipped)));
    const known = writes.filter((each) => each !== undefined);
    const results = known.length === 0 ? [] : await stores.catalogue.items.put(collection, known);
    for (const { changed } of results) changed ? stored++ : unchanged++;
    seen += batch.length;
    batch = [];
    work.progress({ stage: 'importing', done: seen, unit: 'pictures' });
  };

  for await (const picture of source.list()) {
    if (work.signal.aborted) throw new AppError('CANCELLED', { what: 'The import' });
    batch.push(picture);
    if (batch.length === BATCH) await write();
  }
  if (batch.length > 0) await write();
  work.progress({ stage: 'importing', done: seen, total: seen, unit: 'pictures' });
  return { stored, unchanged, skipped };
}

/** The picture's blob is on disk before the row that names it is written. */
async function asWrite(
  { blobs, limits }: Pick<Stores, 'blobs' | 'limits'>,
  picture: SourcePicture,
  skipped: SkippedPicture[],
): Promise<ItemWrite | undefined> {
  try {
    const original = await picture.read();
    const described = await describe(original, limits);
    const content = await blobs.put(original);
    return {
      itemId: picture.itemId,
      attributes: picture.attributes as Attributes,
      picture: { ...described, content },
    };
  } catch (cause) {
    if (isDiskFull(cause) || !(cause instanceof AppError) || cause.code === 'DISK_FULL') throw cause;
    skipped.push({ name: picture.name, code: cause.code, why: cause.message });
    return undefined;
  }
}
