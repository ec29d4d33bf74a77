import type { Region } from '../core/region.js';
import type { Vector } from '../core/vectors.js';
import { AppError } from '../errors.js';
import type { Context } from './context.js';

/** The bytes behind base64 text, with or without a `data:` prefix. Throws PICTURE_UNREADABLE and PICTURE_TOO_LARGE. */
export function base64Picture(text: string, maxBytes: number): Buffer {
  const start = text.startsWith('data:') ? text.indexOf(',') + 1 : 0;
  const unpadded = text.length - start - (text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0);
  const bytes = Buffer.from(start === 0 ? text : text.slice(start), 'base64');
  // Node skips what is not base64; then there are fewer bytes than the text has room for.
  if (bytes.length === 0 || bytes.length !== Math.floor((unpadded * 3) / 4))
    throw new AppError('PICTURE_UNREADABLE', { why: 'the text is not base64.' });
  return withinLimit(bytes, maxBytes);
}

function withinLimit(bytes: Buffer, maxBytes: number): Buffer {
  if (bytes.length > maxBytes) throw new AppError('PICTURE_TOO_LARGE', { limit: `${maxBytes} bytes` });
  return bytes;
}

/** A picture that a request names: its bytes, or where they are. */
export type PictureSource = (
  | { readonly image: string }
  | { readonly imageUrl: string }
  | { readonly bytes: Buffer }
) & {
  /** The part of it that is meant; the whole where it is absent. */
  readonly region?: Region | undefined;
};

/** The original bytes. Throws PICTURE_UNREADABLE, PICTURE_TOO_LARGE, URL_REFUSED, URL_FAILED and OVERLOADED. */
export async function original(
  context: Context,
  source: PictureSource,
  options: { readonly signal: AbortSignal; readonly patient?: boolean },
): Promise<Buffer> {
  const maxBytes = context.deps.settings.KINDRED_MAX_UPLOAD_BYTES;
  if ('bytes' in source) return withinLimit(source.bytes, maxBytes);
  if ('image' in source) return base64Picture(source.image, maxBytes);
  const { imageUrl } = source;
  const bytes = await context.fetchGate.through(() => context.deps.fetchPicture(imageUrl, options.signal), options);
  return withinLimit(bytes, maxBytes);
}

/** The model that embeds pictures for a collection now. Throws REQUEST_INVALID where there is none. */
export async function embeddingModel(context: Context, collection: string): Promise<string> {
  const live = await context.deps.live.get(collection);
  const encoder = live.modelId ?? (await context.deps.catalogue.collections.get(collection))?.encoder;
  const modelId = encoder ?? (await context.deps.embedders.defaultModelId());
  if (modelId === undefined || modelId === 'none')
    throw new AppError('REQUEST_INVALID', {
      why: `Collection "${collection}" has no encoder, so pictures can't be embedded here; bring vectors.`,
    });
  return modelId;
}

/**
 * One unit vector a picture, in order. Throws what the first unreadable picture says, and OVERLOADED where too many
 * requests hold pictures already.
 */
export async function embedPictures(
  context: Context,
  modelId: string,
  sources: readonly PictureSource[],
  signal: AbortSignal,
): Promise<readonly Vector[]> {
  const originals = await Promise.all(sources.map((source) => original(context, source, { signal })));
  return context.embedGate.through(async () => {
    const embedder = await context.deps.embedders.get(modelId);
    const meant: Uint8Array[] = [];
    for (const [i, { region }] of sources.entries()) // one after the other: each is decoded as a whole
      meant.push(region ? await context.deps.crop(originals[i]!, region) : originals[i]!);
    const vectors = await embedder.embed(meant);
    return vectors.map((vector) => {
      if (vector instanceof Error) throw vector;
      return vector;
    });
  });
}
