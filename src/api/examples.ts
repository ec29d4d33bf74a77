import type { Region } from '../core/region.js';
import { AppError } from '../errors.js';
import type { LiveIndex } from '../indexing/live-index.js';
import type { Example as Planned } from '../recommend/planner.js';
import type { Context } from './context.js';
import type { Example } from './contract/example-schemas.js';
import { embeddingModel, embedPictures, type PictureSource } from './pictures.js';

/** An example as a request names it, or a picture that came as a file. */
export type GivenExample =
  | Example
  | { readonly bytes: Buffer; readonly weight: number; readonly region?: Region | undefined };

/** Examples with their pictures embedded, and the model that did it (null where there were no pictures). */
export interface ResolvedExamples {
  readonly examples: readonly Planned[];
  readonly embeddedBy: string | null;
}

/**
 * Makes examples what the planner takes. Throws MODEL_MISMATCH for a vector of another model, and what `embedPictures`
 * throws.
 */
export async function resolveExamples(
  context: Context,
  live: LiveIndex,
  given: readonly GivenExample[],
  signal: () => AbortSignal,
): Promise<ResolvedExamples> {
  const pictures = await Promise.all(given.filter(isPicture).map((example) => sourceOf(context, live, example)));
  const embeddedBy = pictures.length > 0 ? await embeddingModel(context, live.collection) : null;
  const vectors = embeddedBy === null ? [] : await embedPictures(context, embeddedBy, pictures, signal());
  let next = 0;
  const examples = given.map((example): Planned => {
    if (isPicture(example)) return { kind: 'vector', vector: vectors[next++]!, weight: example.weight };
    if (example.vector !== undefined)
      return { kind: 'vector', vector: ownVector(live, example), weight: example.weight };
    return { kind: 'item', itemId: example.itemId as string, weight: example.weight };
  });
  return { examples, embeddedBy };
}

function isPicture(example: GivenExample): example is GivenExample & (PictureSource | PartOfItem) {
  if ('bytes' in example || example.image !== undefined || example.imageUrl !== undefined) return true;
  return isPartOfItem(example);
}

/** A part of an item's picture: embedded like a picture that a request brings, since only wholes are stored. */
interface PartOfItem {
  readonly itemId: string;
  readonly region: Region;
}

export function isPartOfItem<E extends object>(example: E | PartOfItem): example is PartOfItem {
  return 'itemId' in example && example.itemId !== undefined && 'region' in example && example.region !== undefined;
}

async function sourceOf(
  context: Context,
  { collection }: LiveIndex,
  example: PictureSource | PartOfItem,
): Promise<PictureSource> {
  if (!isPartOfItem(example)) return example;
  return { bytes: await originalOf(context, collection, example.itemId), region: example.region };
}

/** The original of an item's picture. Throws ITEM_NOT_FOUND, PICTURE_MISSING and BLOB_DAMAGED. */
export async function originalOf({ deps }: Context, collection: string, itemId: string): Promise<Buffer> {
  const item = await deps.catalogue.items.get(collection, itemId);
  if (!item) throw new AppError('ITEM_NOT_FOUND', { itemId });
  if (item.picture === null) throw new AppError('PICTURE_MISSING', {});
  const { content } = item.picture;
  const bytes = await deps.blobs.get(content);
  if (!bytes) throw new AppError('BLOB_DAMAGED', { content });
  return bytes;
}

/** Vectors are only comparable within one model: the request must say which made it, and it must be the one searched. */
function ownVector(live: LiveIndex, { vector = [], modelId }: Example): Float32Array {
  const searched = live.modelId === 'none' ? null : live.modelId;
  if (searched === null) {
    if (modelId !== undefined && modelId !== 'none')
      throw new AppError('MODEL_MISMATCH', { given: modelId, searched: 'vectors that items bring' });
  } else if (modelId === undefined)
    throw new AppError(
      'REQUEST_INVALID',
      { why: `A vector needs its modelId here; this collection is searched with ${searched}.` },
      { issues: [{ path: 'examples', message: 'Add modelId beside the vector.' }] },
    );
  else if (modelId !== searched) throw new AppError('MODEL_MISMATCH', { given: modelId, searched });
  return Float32Array.from(vector);
}
