import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Catalogue } from '../catalogue/catalogue.js';
import { publishDirectory } from '../core/atomic-files.js';
import { Random } from '../core/random.js';
import type { Vector } from '../core/vectors.js';
import type { Whitening } from '../encoder/whitening.js';
import { AppError } from '../errors.js';
import type { Work } from '../jobs/work.js';
import { HnswStore } from '../store/hnsw-store.js';
import { type Copies, calibrateIndex } from './calibrate-index.js';
import type { Calibration } from './calibration.js';
import { embedMissing, type Skipped } from './embed-missing.js';
import type { Embedder } from './embedder.js';
import { INDEX_ID, type IndexManifest } from './index-manifest.js';
import {
  drawGallery,
  GALLERY_PER_DIMENSION,
  NOT_WHITENED,
  placeIn,
  type Whiten,
  type WhiteningManifest,
  writeWhitening,
} from './index-whitening.js';
import { chooseBreadth, drawYardstick, type Recall } from './measure-recall.js';

const PAGE = 1000;
const QUERIES = 500;

export interface BuildIndexOptions {
  readonly catalogue: Pick<Catalogue, 'embeddings' | 'log' | 'items'>;
  readonly collection: string;
  /** `none` where items bring vectors. */
  readonly modelId: string;
  /** Of this model; null where the model is `none`. */
  readonly embedder: Embedder | null;
  readonly readBlob: (content: string) => Promise<Uint8Array | undefined>;
  readonly indexesFolder: string;
  /** A name nobody has used. */
  readonly indexId: string;
  /** recall@10 that the index must reach against exact search. */
  readonly minRecall: number;
  readonly seed: number;
  readonly M?: number;
  readonly efConstruction?: number;
  /** A breadth that was decided elsewhere; absent: the smallest that reaches `minRecall`. */
  readonly efSearch?: number;
  /** Evens out the variances of the collection's own vectors, fitted now and kept with the index; `none` if absent. */
  readonly whiten?: {
    readonly how: Exclude<Whiten, 'none'>;
    /** Unit rows, flat, and their dimension. */
    readonly fit: (rows: Float32Array, dimension: number) => Promise<Whitening>;
  };
  /** What similarities mean is measured with these, where a model embeds pictures; not at all if absent. */
  readonly copies?: Copies;
  /** A job's work, or `silentWork` outside of one. */
  readonly work: Pick<Work, 'progress' | 'signal' | 'holdsClaim'>;
  readonly now: () => number;
}

export interface BuiltIndex {
  readonly indexId: string;
  readonly modelId: string;
  readonly count: number;
  readonly revision: number;
  readonly efSearch: number | null;
  readonly recall: Recall;
  /** False where no breadth reached `minRecall`: whoever asked decides what then. */
  readonly reachesFloor: boolean;
  readonly whitening: WhiteningManifest;
  readonly calibration: Calibration | null;
  readonly embedded: number;
  readonly skipped: Skipped;
}

/** For builds that are no job: nobody watches, nothing stops them. */
export const silentWork: Pick<Work, 'progress' | 'signal' | 'holdsClaim'> = {
  progress: () => {},
  signal: new AbortController().signal,
  holdsClaim: async () => {},
};

/** Items -> embeddings -> graph -> recall -> one published directory. Nothing is visible before the rename. */
export async function buildIndex(options: BuildIndexOptions): Promise<BuiltIndex> {
  const { catalogue, collection, modelId, indexId, embedder, readBlob, minRecall, seed, work } = options;
  if (!INDEX_ID.test(indexId)) throw new RangeError(`"${indexId}" can't name an index.`);
  const pause = turnTaker(work.signal);

  // No release names this model yet: until one does, this says that its embeddings are wanted.
  await catalogue.embeddings.use(collection, modelId);
  const total = await catalogue.items.count(collection);
  const { embedded, skipped } = embedder
    ? await embedMissing({ catalogue, collection, embedder, readBlob, total, ...work })
    : { embedded: 0, skipped: { count: 0, named: [] } };

  const gallery = await fitGallery(options);
  let draft: Draft;
  let chosen: Awaited<ReturnType<typeof chooseBreadth>> | undefined;
  let calibration: Calibration | null = null;
  do {
    await catalogue.embeddings.use(collection, modelId);
    draft = { store: undefined, whitening: gallery?.whitening, revision: await catalogue.log.revision(collection) };
    await readEmbeddings(options, draft);
    await settle(draft.store, options, pause);
    if (!(await catchUp(options, draft))) continue;

    const yardstick =
      draft.store && (await drawYardstick(draft.store, new Random(seed).fork('recall'), QUERIES, pause));
    work.progress({ stage: 'measure', done: yardstick?.queries.length ?? 0, unit: 'queries' });
    chosen =
      draft.store && yardstick && (await chooseBreadth(draft.store, yardstick, minRecall, pause, options.efSearch));
    calibration = await calibrate(options, draft, pause);
  } while (!(await catchUp(options, draft)));
  const recall = chosen?.recall ?? { at10: 1, low: 1, queries: 0 };

  const { count, whitening } = await publish(options, draft, {
    recall,
    efSearch: chosen?.efSearch,
    fittedOn: gallery?.count,
    calibration,
  });
  const reachesFloor = recall.at10 >= minRecall;
  const efSearch = chosen?.efSearch ?? null;
  return {
    indexId,
    modelId,
    count,
    revision: draft.revision,
    efSearch,
    recall,
    reachesFloor,
    whitening,
    calibration,
    embedded,
    skipped,
  };
}

interface Draft {
  /** Undefined until the first vector says the dimension. */
  store: HnswStore | undefined;
  /** What each vector goes through on its way into the store. */
  readonly whitening: Whitening | undefined;
  /** Everything up to here is in the store. */
  revision: number;
}

/** Lets the child's channel be heard now and then, and stops where it was told to. */
function turnTaker(signal: AbortSignal): () => Promise<void> {
  let calls = 0;
  return async () => {
    if (++calls % 32 === 0) await nextTurn();
    if (signal.aborted) throw new AppError('CANCELLED', { what: 'Indexing' });
  };
}

/** The map that the collection asks for, fitted on what is stored by now; undefined where there is too little to fit one. */
async function fitGallery(options: BuildIndexOptions): Promise<{ whitening: Whitening; count: number } | undefined> {
  const { catalogue, collection, modelId, whiten: wanted, seed, work } = options;
  if (!wanted) return undefined;
  const random = new Random(seed).fork('gallery');
  const { rows, count, dimension } = await drawGallery(catalogue.embeddings, collection, modelId, random);
  if (count === 0 || count < GALLERY_PER_DIMENSION * dimension) return undefined;
  work.progress({ stage: 'whiten', done: count, unit: 'items' });
  return { whitening: await wanted.fit(rows, dimension), count };
}

function put(options: BuildIndexOptions, draft: Draft, itemId: string, vector: Vector): void {
  const { M = 16, efConstruction = 200, seed } = options;
  draft.store ??= new HnswStore(vector.length, {
    M,
    efConstruction,
    seed: new Random(seed).fork('graph').int(2 ** 31),
  });
  draft.store.upsertNow(itemId, draft.whitening ? placeIn(draft.whitening, vector) : vector);
}

/** In byte order of ids, so that the same items and seed give the same graph. */
async function readEmbeddings(options: BuildIndexOptions, draft: Draft): Promise<void> {
  const { catalogue, collection, modelId } = options;
  let after: string | undefined;
  do {
    const page = await catalogue.embeddings.list(collection, modelId, {
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    for (const { itemId, vector } of page.rows) put(options, draft, itemId, vector);
    after = page.next;
  } while (after !== undefined);
}

async function settle(store: HnswStore | undefined, options: BuildIndexOptions, pause: () => Promise<void>) {
  const total = store?.unsettled() ?? 0;
  while (store && store.unsettled() > 0) {
    store.settle(16);
    await pause();
    const done = total - store.unsettled();
    if (done % 512 === 0 || done === total) options.work.progress({ stage: 'graph', done, total, unit: 'items' });
  }
}

/**
 * Applies what was written since the draft's revision. A picture no one has embedded yet is left to the followers.
 * False where the log was compacted past that revision: deletions may be missing, and the draft is of no use.
 */
async function catchUp(options: BuildIndexOptions, draft: Draft): Promise<boolean> {
  const { catalogue, collection, modelId } = options;
  for (;;) {
    const newest = await catalogue.log.revision(collection);
    const changes = await catalogue.log.after(collection, modelId, draft.revision, PAGE);
    if ((await catalogue.log.compactedThrough(collection)) > draft.revision) return false;
    for (const change of changes) {
      if (change.kind === 'put' && change.vector) put(options, draft, change.itemId, change.vector);
      else if (change.kind !== 'release') draft.store?.removeNow(change.itemId);
      draft.revision = change.revision;
    }
    draft.store?.settle(Infinity);
    if (changes.length < PAGE) {
      draft.revision = Math.max(draft.revision, newest);
      return true;
    }
  }
}

/** What similarities of the draft mean; null where no model embeds pictures, or there are too few. */
async function calibrate(options: BuildIndexOptions, draft: Draft, pause: () => Promise<void>) {
  const { catalogue, collection, embedder, readBlob, copies, seed, work } = options;
  const { store, whitening } = draft;
  if (!store || !embedder || !copies) return null;
  return calibrateIndex({
    items: catalogue.items,
    collection,
    embedder,
    store,
    placed: (vector) => (whitening ? placeIn(whitening, vector) : vector),
    readBlob,
    copies,
    random: new Random(seed).fork('calibration'),
    progress: work.progress,
    pause,
  });
}

async function publish(
  options: BuildIndexOptions,
  draft: Draft,
  measured: {
    readonly recall: Recall;
    readonly efSearch: number | undefined;
    readonly fittedOn: number | undefined;
    readonly calibration: Calibration | null;
  },
): Promise<{ count: number; whitening: WhiteningManifest }> {
  const { indexId, collection, modelId, indexesFolder, now, work } = options;
  const { recall, efSearch, fittedOn, calibration } = measured;
  const count = draft.store?.sizeNow() ?? 0;
  let whitening: WhiteningManifest = { ...NOT_WHITENED, whiten: options.whiten?.how ?? 'none' };
  await publishDirectory(
    indexesFolder,
    indexId,
    async (folder) => {
      const saved = draft.store ? await draft.store.save(folder) : null;
      if (draft.whitening && fittedOn !== undefined)
        whitening = { ...whitening, fitted: await writeWhitening(folder, draft.whitening, fittedOn) };
      const manifest: IndexManifest = {
        indexId,
        collection,
        modelId,
        revision: draft.revision,
        store: saved && { ...saved, efSearch: efSearch ?? saved.efSearch },
        count,
        whitening,
        calibration,
        recall,
        createdAt: new Date(now()).toISOString(),
      };
      await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    },
    () => work.holdsClaim(),
  );
  return { count, whitening };
}
