import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Catalogue, NewEmbedding, UnembeddedItem } from '../catalogue/catalogue.js';
import type { Progress } from '../core/progress.js';
import { AppError } from '../errors.js';
import type { Embedder } from './embedder.js';

/** Items looked at in one query. */
const PAGE = 1000;
/** Pictures embedded and stored at once. */
const BATCH = 64;
const NAMED = 50;

export interface EmbedMissingOptions {
  readonly catalogue: Pick<Catalogue, 'embeddings'>;
  readonly collection: string;
  readonly embedder: Embedder;
  /** The original by its content hash. Throws BLOB_DAMAGED. */
  readonly readBlob: (content: string) => Promise<Uint8Array | undefined>;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** How many there are about, where the caller knows, for the progress. */
  readonly total?: number;
}

export interface Skipped {
  readonly count: number;
  /** The first fifty by name. */
  readonly named: readonly { readonly itemId: string; readonly code: string; readonly message: string }[];
}

/** The original of an item, or the error that says why it can't be had. */
export async function originalOf(
  readBlob: (content: string) => Promise<Uint8Array | undefined>,
  content: string,
): Promise<Uint8Array | AppError> {
  try {
    const bytes = await readBlob(content);
    return bytes ?? new AppError('PICTURE_UNREADABLE', { why: `the file of content ${content} is missing.` });
  } catch (cause) {
    if (cause instanceof AppError) return cause;
    throw cause;
  }
}

/** Embeds a page of items by one model; the answer holds a row or an error for each, in order. */
export async function embedItems(
  items: readonly UnembeddedItem[],
  embedder: Embedder,
  readBlob: (content: string) => Promise<Uint8Array | undefined>,
): Promise<readonly (NewEmbedding | AppError)[]> {
  const originals = await Promise.all(items.map(({ content }) => originalOf(readBlob, content)));
  const readable = originals.filter((original) => !(original instanceof AppError)) as Uint8Array[];
  const vectors = await embedder.embed(readable);
  let next = 0;
  return items.map(({ itemId, content }, i) => {
    const original = originals[i]!;
    if (original instanceof AppError) return original;
    const vector = vectors[next++]!;
    return vector instanceof AppError ? vector : { itemId, content, modelId: embedder.modelId, vector };
  });
}

/** What a model has not seen yet, in full batches, however thinly it is spread over the items. */
async function* missingBatches(
  catalogue: Pick<Catalogue, 'embeddings'>,
  collection: string,
  modelId: string,
): AsyncGenerator<readonly UnembeddedItem[]> {
  let waiting: UnembeddedItem[] = [];
  let after: string | undefined;
  do {
    const page = await catalogue.embeddings.missing(collection, modelId, {
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    waiting.push(...page.rows);
    after = page.next;
    await nextTurn(); // a switch of release does this in the process that answers
    const last = after === undefined;
    while (waiting.length >= BATCH || (last && waiting.length > 0)) {
      yield waiting.slice(0, BATCH);
      waiting = waiting.slice(BATCH);
    }
  } while (after !== undefined);
}

/** Embeds what a model has not seen yet, a batch at a time. A picture that can't be used is counted, named and passed. */
export async function embedMissing(options: EmbedMissingOptions): Promise<{ embedded: number; skipped: Skipped }> {
  const { catalogue, collection, embedder, readBlob, progress, signal, total } = options;
  const named: { itemId: string; code: string; message: string }[] = [];
  let embedded = 0;
  let count = 0;
  for await (const batch of missingBatches(catalogue, collection, embedder.modelId)) {
    if (signal.aborted) throw new AppError('CANCELLED', { what: 'Embedding' });
    const results = await embedItems(batch, embedder, readBlob);
    const rows = results.filter((result): result is NewEmbedding => !(result instanceof AppError));
    if (rows.length > 0) await catalogue.embeddings.put(collection, rows);
    results.forEach((result, i) => {
      if (!(result instanceof AppError)) return;
      count++;
      if (named.length < NAMED) named.push({ itemId: batch[i]!.itemId, code: result.code, message: result.message });
    });
    embedded += rows.length;
    progress({ stage: 'embed', done: embedded + count, unit: 'pictures', ...(total === undefined ? {} : { total }) });
  }
  return { embedded, skipped: { count, named } };
}
