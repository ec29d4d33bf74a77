import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Catalogue } from '../catalogue/catalogue.js';
import { fingerprint } from '../core/fingerprint.js';
import type { Random } from '../core/random.js';
import { unit, type Vector } from '../core/vectors.js';
import { type Whitening, whiten } from '../encoder/whitening.js';
import { AppError } from '../errors.js';

/** How far an index evens out the variances of its own gallery. */
export const WHITENS = ['none', 'half', 'full'] as const;
export type Whiten = (typeof WHITENS)[number];

/** What an index's manifest says of the map that its vectors went through; the numbers are in `whitening.f32`. */
export const WhiteningManifest = z.object({
  /** What was asked for; the next index of the collection is asked for the same. */
  whiten: z.enum(WHITENS),
  /** Null where nothing was asked for, or too few vectors were there to fit one. */
  fitted: z
    .object({
      dimension: z.number().int().positive(),
      /** Vectors that it was fitted on. */
      count: z.number().int().positive(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    })
    .nullable(),
});
export type WhiteningManifest = z.output<typeof WhiteningManifest>;

export const NOT_WHITENED: WhiteningManifest = { whiten: 'none', fitted: null };

const FILE = 'whitening.f32';

/** Vectors that a map is fitted on, at most, and the least for each dimension: below, it would blow up noise. */
export const GALLERY_AT_MOST = 20_000;
export const GALLERY_PER_DIMENSION = 4;

const PAGE = 1000;

/** A vector as an index with this map holds it. Vectors that were brought may be of any length. */
export const placeIn = (whitening: Whitening, vector: Vector): Vector => whiten(unit(vector), whitening);

/**
 * A seeded sample of a collection's stored vectors, flat and of unit length: all of them, or 20,000 drawn evenly (reservoir sampling,
 * Vitter 1985, algorithm R). Vectors of another length than the first are passed over.
 */
export async function drawGallery(
  embeddings: Pick<Catalogue['embeddings'], 'list'>,
  collection: string,
  modelId: string,
  random: Random,
): Promise<{ rows: Float32Array; count: number; dimension: number }> {
  const kept: Vector[] = [];
  let seen = 0;
  let after: string | undefined;
  do {
    const page = await embeddings.list(collection, modelId, { limit: PAGE, ...(after === undefined ? {} : { after }) });
    for (const { vector } of page.rows) {
      if (kept.length > 0 && vector.length !== kept[0]!.length) continue;
      seen++;
      if (kept.length < GALLERY_AT_MOST) kept.push(vector);
      else {
        const at = random.int(seen);
        if (at < GALLERY_AT_MOST) kept[at] = vector;
      }
    }
    after = page.next;
  } while (after !== undefined);
  const dimension = kept[0]?.length ?? 0;
  const rows = new Float32Array(kept.length * dimension);
  for (const [i, vector] of kept.entries()) rows.set(unit(vector), i * dimension);
  return { rows, count: kept.length, dimension };
}

/** Mean and matrix behind each other; answers what the manifest says of them. */
export async function writeWhitening(
  folder: string,
  { dimension, mean, matrix }: Whitening,
  count: number,
): Promise<NonNullable<WhiteningManifest['fitted']>> {
  const numbers = new Float32Array(mean.length + matrix.length);
  numbers.set(mean);
  numbers.set(matrix, mean.length);
  const bytes = Buffer.from(numbers.buffer);
  await writeFile(join(folder, FILE), bytes);
  return { dimension, count, sha256: fingerprint(bytes) };
}

/** The map of an index; undefined where it has none. Throws INDEX_DAMAGED. */
export async function readWhitening(
  indexesFolder: string,
  indexId: string,
  { fitted }: WhiteningManifest,
): Promise<Whitening | undefined> {
  if (!fitted) return undefined;
  const damaged = (why: string, cause?: unknown) => new AppError('INDEX_DAMAGED', { indexId, why }, { cause });
  const bytes = await readFile(join(indexesFolder, indexId, FILE)).catch((cause: unknown) => {
    throw damaged(`its file ${FILE} is missing or can not be read.`, cause);
  });
  if (fingerprint(bytes) !== fitted.sha256) throw damaged(`its file ${FILE} does not match its checksum.`);
  const { dimension } = fitted;
  const numbers = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  if (numbers.length !== dimension * (dimension + 1)) throw damaged(`its file ${FILE} has another size.`);
  return { dimension, mean: numbers.subarray(0, dimension), matrix: numbers.subarray(dimension) };
}
