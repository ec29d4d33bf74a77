import type { BlobStore } from '../catalogue/blob-store.js';
import type {
  Attributes,
  Catalogue,
  Collection,
  Item,
  ItemWrite,
  NewEmbedding,
  Picture,
  WriteResult,
} from '../catalogue/catalogue.js';
import { fingerprint } from '../core/fingerprint.js';
import { isFiniteVector, type Vector } from '../core/vectors.js';
import { AppError } from '../errors.js';
import type { Embedders } from './embedder.js';
import { previousRelease } from './kept-releases.js';
import type { OpenLiveIndexes } from './live-indexes.js';
import { BROUGHT } from './track.js';

/** Items that are described, embedded and written together: bounds memory, and fills the encoder's batches. */
const CHUNK = 64;
/** Only writes this small are embedded for the release that may be rolled back to as well; a switch does the rest. */
const KEEP_UP = 8;
const OUTSIDE_CONTENT = 'vector';

export interface Incoming {
  readonly itemId: string;
  /** Replaces all attributes; absent leaves those there are. */
  readonly attributes?: Attributes;
  /** The bytes of a picture as they came. */
  readonly original?: Uint8Array;
  /** Only where the collection's encoder is `none`. */
  readonly vector?: Vector;
}

export interface IntakeOptions {
  readonly catalogue: Catalogue;
  readonly blobs: Pick<BlobStore, 'put'>;
  readonly embedders: Embedders;
  /** Null in processes that serve nothing, such as a command: then nobody waits for a graph. */
  readonly live: OpenLiveIndexes | null;
  /** True type and size of a picture. Throws PICTURE_UNREADABLE, PICTURE_TOO_LARGE. */
  readonly describePicture: (original: Uint8Array) => Promise<Omit<Picture, 'content'>>;
}

export interface Intake {
  /**
   * Writes items: what is answered as a result is on disk and is found by this process's next query. One result or
   * error for each, in order; a bad picture spoils nobody else. Throws COLLECTION_NOT_FOUND, CATALOGUE_UNAVAILABLE,
   * DISK_FULL, NOT_READY.
   */
  put(collection: string, incoming: readonly Incoming[]): Promise<readonly (WriteResult | AppError)[]>;
}

/** Picture → described → on disk → embedded → one transaction → applied to this process's graph. */
export function createIntake(options: IntakeOptions): Intake {
  return {
    async put(name, incoming) {
      const results: (WriteResult | AppError)[] = [];
      for (let start = 0; start < incoming.length; start += CHUNK)
        results.push(...(await putChunk(options, name, incoming.slice(start, start + CHUNK))));
      return results;
    },
  };
}

async function putChunk(
  options: IntakeOptions,
  name: string,
  incoming: readonly Incoming[],
): Promise<readonly (WriteResult | AppError)[]> {
  const { catalogue, live } = options;
  const collection = await catalogue.collections.get(name);
  if (!collection) throw new AppError('COLLECTION_NOT_FOUND', { collection: name });
  if (live) {
    live.noticed(collection);
    await live.get(name); // whoever can't answer what it has stored must not begin
  }
  const models = await modelsOf(options, collection, incoming.length);
  const there = await itemsThere(catalogue, name, incoming);
  const pictures = await Promise.all(incoming.map((each) => describeOne(options, each, there)));
  const embedded = await embedAll(options, collection, models, incoming, pictures, there);

  const writes = incoming.map(({ itemId, attributes }, i): ItemWrite | AppError => {
    const picture = pictures[i];
    if (picture instanceof AppError) return picture;
    const embeddings = embedded[i]!;
    if (embeddings instanceof AppError) return embeddings;
    return { itemId, ...(attributes ? { attributes } : {}), ...(picture ? { picture } : {}), embeddings };
  });
  const results = await write(catalogue, name, writes);
  const stored = results.filter((result): result is WriteResult => !(result instanceof AppError));
  if (live && stored.length > 0) await untilFound(live, name, stored);
  return results;
}

/** Waits until this process finds what was stored; the collection may be opened afresh meanwhile. */
async function untilFound(live: OpenLiveIndexes, name: string, stored: readonly WriteResult[]): Promise<void> {
  const revision = Math.max(...stored.map(({ item }) => item.revision));
  const applied = async (): Promise<void> => (await live.get(name)).appliedThrough(revision);
  await applied().catch((cause: unknown) => {
    if (cause instanceof AppError && cause.code === 'COLLECTION_NOT_FOUND') return applied();
    throw cause;
  });
  await live.mended(
    name,
    stored.map(({ item }) => item.itemId),
  );
}

/** The model that is searched first, then the one that may be rolled back to where that costs little. */
async function modelsOf(
  { catalogue, embedders }: IntakeOptions,
  collection: Collection,
  count: number,
): Promise<readonly string[]> {
  if (collection.encoder === BROUGHT) return [];
  const releases = await catalogue.releases.list(collection.name);
  const active = releases.find((release) => release.active);
  const searched = active?.modelId ?? collection.encoder ?? (await embedders.defaultModelId());
  if (searched === undefined) return [];
  const previous = previousRelease(releases);
  const keepUp = previous && previous.modelId !== searched && count <= KEEP_UP;
  return keepUp ? [searched, previous.modelId] : [searched];
}

async function itemsThere(
  catalogue: Catalogue,
  name: string,
  incoming: readonly Incoming[],
): Promise<ReadonlyMap<string, Item>> {
  const ids = [...new Set(incoming.filter(({ original }) => original !== undefined).map(({ itemId }) => itemId))];
  const items = ids.length === 0 ? [] : await catalogue.items.getMany(name, ids);
  return new Map(items.map((item) => [item.itemId, item]));
}

/** A picture that is on disk already is not decoded again; a new one is described, then flushed. */
async function describeOne(
  { describePicture, blobs }: IntakeOptions,
  { itemId, original }: Incoming,
  there: ReadonlyMap<string, Item>,
): Promise<Picture | AppError | undefined> {
  if (original === undefined) return undefined;
  const known = there.get(itemId)?.picture;
  if (known?.content === fingerprint(original)) return known;
  try {
    const { mime, width, height, sizeBytes } = await describePicture(original);
    return { content: await blobs.put(original), mime, width, height, sizeBytes };
  } catch (cause) {
    if (cause instanceof AppError && cause.status < 500) return cause;
    throw cause;
  }
}

type Embedded = readonly NewEmbedding[] | AppError;

async function embedAll(
  options: IntakeOptions,
  collection: Collection,
  models: readonly string[],
  incoming: readonly Incoming[],
  pictures: readonly (Picture | AppError | undefined)[],
  there: ReadonlyMap<string, Item>,
): Promise<readonly Embedded[]> {
  let { dimension } = collection;
  const rows: Embedded[] = incoming.map(({ itemId, vector }) => {
    if (vector === undefined) return [];
    const refused = refuseVector(collection, dimension, vector);
    if (refused) return refused;
    dimension ??= vector.length;
    return [{ itemId, content: OUTSIDE_CONTENT, modelId: BROUGHT, vector }];
  });
  for (const [nth, modelId] of models.entries()) {
    const seen = await seenAlready(options.catalogue, collection.name, modelId, pictures, incoming, there);
    const fresh = new Map<string, Uint8Array>(); // by content: equal pictures are embedded once
    incoming.forEach(({ itemId, original }, i) => {
      const picture = pictures[i];
      if (picture && !(picture instanceof AppError) && !seen.has(itemId)) fresh.set(picture.content, original!);
    });
    const vectors = await embedContents(options.embedders, modelId, fresh, nth === 0);
    incoming.forEach(({ itemId }, i) => {
      const picture = pictures[i];
      const before = rows[i]!;
      if (!picture || picture instanceof AppError || before instanceof AppError) return;
      const vector = vectors.get(picture.content);
      if (vector instanceof AppError) rows[i] = vector;
      else if (vector) rows[i] = [...before, { itemId, content: picture.content, modelId, vector }];
    });
  }
  return rows;
}

/** Items whose embedding by this model is of the very picture that came. */
async function seenAlready(
  catalogue: Catalogue,
  name: string,
  modelId: string,
  pictures: readonly (Picture | AppError | undefined)[],
  incoming: readonly Incoming[],
  there: ReadonlyMap<string, Item>,
): Promise<ReadonlySet<string>> {
  const changed = new Set<string>();
  const unchanged = new Set<string>();
  incoming.forEach(({ itemId }, i) => {
    const picture = pictures[i];
    if (!picture || picture instanceof AppError) return;
    (there.get(itemId)?.picture?.content === picture.content ? unchanged : changed).add(itemId);
  });
  const ids = [...unchanged].filter((itemId) => !changed.has(itemId)); // the same item twice, with two pictures
  if (ids.length === 0) return new Set();
  return new Set((await catalogue.embeddings.get(name, modelId, ids)).map(({ itemId }) => itemId));
}

/** The model that is searched must see every picture; another one that can't is left to the switch. */
async function embedContents(
  embedders: Embedders,
  modelId: string,
  fresh: ReadonlyMap<string, Uint8Array>,
  needed: boolean,
): Promise<ReadonlyMap<string, Vector | AppError>> {
  if (fresh.size === 0) return new Map();
  const contents = [...fresh.keys()];
  try {
    const embedder = await embedders.get(modelId);
    const vectors = await embedder.embed([...fresh.values()]);
    return new Map(
      contents
        .map((content, i) => [content, vectors[i]!] as const)
        .filter(([, v]) => needed || !(v instanceof AppError)),
    );
  } catch (cause) {
    if (needed) throw cause;
    return new Map();
  }
}

function refuseVector(collection: Collection, dimension: number | null, vector: Vector): AppError | undefined {
  if (collection.encoder !== BROUGHT) return new AppError('VECTORS_NOT_TAKEN', { collection: collection.name });
  if (vector.length === 0 || !isFiniteVector(vector))
    return new AppError('VECTOR_INVALID', { why: 'The vector is empty, or a number of it is not finite.' });
  if (dimension !== null && vector.length !== dimension)
    return new AppError('VECTOR_INVALID', { why: `Expected ${dimension} numbers, received ${vector.length}.` });
  return undefined;
}

/** One transaction for all. Where the catalogue refuses one of them, each is written alone, so that only it fails. */
async function write(
  catalogue: Catalogue,
  name: string,
  writes: readonly (ItemWrite | AppError)[],
): Promise<readonly (WriteResult | AppError)[]> {
  const good = writes.filter((each): each is ItemWrite => !(each instanceof AppError));
  let results: readonly (WriteResult | AppError)[];
  try {
    results = good.length === 0 ? [] : await catalogue.items.put(name, good);
  } catch (cause) {
    if (!refusesOne(cause)) throw cause;
    const alone: (WriteResult | AppError)[] = [];
    for (const each of good)
      alone.push(
        await catalogue.items.put(name, [each]).then(
          ([result]) => result!,
          (why: unknown) => {
            if (refusesOne(why)) return why;
            throw why;
          },
        ),
      );
    results = alone;
  }
  let next = 0;
  return writes.map((each) => (each instanceof AppError ? each : results[next++]!));
}

const refusesOne = (cause: unknown): cause is AppError =>
  cause instanceof AppError && (cause.code === 'VECTOR_INVALID' || cause.code === 'VECTORS_NOT_TAKEN');
