import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Whitening } from '../encoder/whitening.js';
import { AppError } from '../errors.js';
import { StoreManifest } from '../store/store-files.js';
import { Calibration } from './calibration.js';
import { NOT_WHITENED, readWhitening, WhiteningManifest } from './index-whitening.js';

/** What an index directory says of itself: the file `manifest.json` beside the graph. Never changed once published. */
export const IndexManifest = z.object({
  indexId: z.string().min(1),
  collection: z.string().min(1),
  modelId: z.string().min(1),
  /** Every change of the collection up to this revision is in the graph. */
  revision: z.number().int().nonnegative(),
  /** Null where there was nothing to index. */
  store: StoreManifest.nullable(),
  count: z.number().int().nonnegative(),
  /** The map that every vector of the graph went through, and every query must. */
  whitening: WhiteningManifest.default(NOT_WHITENED),
  /** What similarities mean here, in the space of the graph; null where that was not measured. */
  calibration: Calibration.nullable().default(null),
  /** recall@10 against exact search, and how it was measured. */
  recall: z.object({ at10: z.number(), low: z.number(), queries: z.number() }),
  createdAt: z.string(),
});
export type IndexManifest = z.output<typeof IndexManifest>;

/** Ids of indexes name folders, so they are letters, digits, `-` and `_` only. */
export const INDEX_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;

/** Reads and checks an index's manifest. Throws INDEX_NOT_FOUND where there is none, INDEX_DAMAGED where it is not one. */
export async function readIndexManifest(indexesFolder: string, indexId: string): Promise<IndexManifest> {
  if (!INDEX_ID.test(indexId)) throw new AppError('INDEX_NOT_FOUND', { indexId });
  const folder = join(indexesFolder, indexId);
  const there = await stat(folder).catch(() => undefined);
  if (!there?.isDirectory()) throw new AppError('INDEX_NOT_FOUND', { indexId });
  try {
    const manifest = IndexManifest.parse(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')));
    if (manifest.indexId !== indexId) throw new Error(`its manifest speaks of ${manifest.indexId}`);
    return manifest;
  } catch (cause) {
    throw new AppError('INDEX_DAMAGED', { indexId, why: 'its manifest can not be read.' }, { cause });
  }
}

/** The map of an index by its id alone; undefined where it has none. Throws INDEX_NOT_FOUND, INDEX_DAMAGED. */
export async function readIndexWhitening(indexesFolder: string, indexId: string): Promise<Whitening | undefined> {
  const { whitening } = await readIndexManifest(indexesFolder, indexId);
  return readWhitening(indexesFolder, indexId, whitening);
}
