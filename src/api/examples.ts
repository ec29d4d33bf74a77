import { AppError } from '../errors.js';
import type { LiveIndex } from '../indexing/live-index.js';
import type { Example as Planned } from '../recommend/planner.js';
import type { Context } from './context.js';
import type { Example } from './contract/schemas.js';
import { embeddingModel, embedPictures, type PictureSource } from './pictures.js';

/** An example as a request names it, or a picture that came as a file. */
export type GivenExample = Example | { readonly bytes: Buffer; readonly weight: number };

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
  const pictures = given.filter(isPicture);
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

function isPicture(example: GivenExample): example is GivenExample & PictureSource {
  return 'bytes' in example || example.image !== undefined || example.imageUrl !== undefined;
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
