import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Catalogue, Collection, Release } from '../catalogue/catalogue.js';
import type { Log } from '../core/log.js';
import type { Vector } from '../core/vectors.js';
import type { Whitening } from '../encoder/whitening.js';
import { AppError } from '../errors.js';
import { ExactStore } from '../store/exact-store.js';
import { HnswStore } from '../store/hnsw-store.js';
import type { LocalStore } from '../store/local-store.js';
import type { Calibration } from './calibration.js';
import { type IndexManifest, readIndexManifest } from './index-manifest.js';
import { placeIn, readWhitening } from './index-whitening.js';
import { StoreKeeper } from './store-keeper.js';

const PAGE = 1000;

/** Where tracks come from. */
export interface TrackSource {
  readonly catalogue: Pick<Catalogue, 'embeddings' | 'log'>;
  readonly indexesFolder: string;
  /** `hnsw` where it is not said. */
  readonly storeKind?: 'hnsw' | 'exact';
  readonly log: Log;
}

/** The model id under which the catalogue keeps vectors that were brought from outside. */
export const BROUGHT = 'none';

/** What a track is of: a release, or a model alone. */
export interface TrackNames {
  readonly releaseId: string | null;
  readonly indexId: string | null;
  readonly behaviourId?: string | null;
  readonly modelId: string | null;
}

/** What an index does to vectors, and what similarities mean then: the two belong together. */
interface Space {
  readonly whitening?: Whitening | undefined;
  readonly calibration?: Calibration | undefined;
}

/** The vectors of one collection as one model sees them, searchable: an index that was loaded, or what the log brought. */
export class Track {
  readonly releaseId: string | null;
  readonly indexId: string | null;
  readonly behaviourId: string | null;
  /** As the catalogue knows it: a model, `none`, or null where there is no model at all. */
  readonly modelId: string | null;
  /** What similarities mean here, where its index says so. */
  readonly calibration: Calibration | undefined;
  /** Everything up to here is in. */
  revision = 0;
  #keeper: StoreKeeper | undefined;
  readonly #source: Pick<TrackSource, 'storeKind' | 'log'>;
  readonly #newStore: (dimension: number) => LocalStore;
  readonly #log: Log;
  readonly #whitening: Whitening | undefined;

  constructor(
    source: Pick<TrackSource, 'storeKind' | 'log'>,
    names: TrackNames,
    loaded: Space & { store?: LocalStore | undefined } = {},
  ) {
    this.releaseId = names.releaseId;
    this.indexId = names.indexId;
    this.behaviourId = names.behaviourId ?? null;
    this.modelId = names.modelId;
    this.#source = source;
    this.#log = source.log;
    this.#newStore = (dimension) =>
      source.storeKind === 'exact' ? new ExactStore(dimension) : new HnswStore(dimension);
    this.#whitening = loaded.whitening;
    this.calibration = loaded.calibration;
    if (loaded.store) this.#keeper = new StoreKeeper(loaded.store);
  }

  /** The same vectors for another release of the same index, as they stand at a revision: nothing is loaded again. */
  under(release: TrackNames, revision: number): Track {
    const track = new Track(this.#source, release, { whitening: this.#whitening });
    track.#keeper = this.#keeper;
    track.revision = revision;
    return track;
  }

  /** How often vectors changed here since it was opened. */
  get changes(): number {
    return this.#keeper?.changes ?? 0;
  }

  /** Undefined until the first vector says the dimension. */
  get store(): LocalStore | undefined {
    return this.#keeper?.store;
  }

  /** A vector of the model as this track holds it: whitened, where its index is. */
  placed(vector: Vector): Vector {
    return this.#whitening?.dimension === vector.length ? placeIn(this.#whitening, vector) : vector;
  }

  /** Makes a vector searchable. One that can't be taken is logged, and the item then has none. */
  upsert(itemId: string, vector: Vector): void {
    try {
      const store = this.#keeper?.store;
      if (!store || (store.dimension !== vector.length && store.sizeNow() === 0))
        this.#keeper = new StoreKeeper(this.#newStore(vector.length), this.changes + 1);
      this.#keeper!.upsert(itemId, this.placed(vector));
    } catch (cause) {
      this.#log.error({ itemId, modelId: this.modelId, err: cause }, 'A stored vector can not be searched');
      this.remove(itemId);
    }
  }

  remove(itemId: string): void {
    this.#keeper?.remove(itemId);
  }

  /** One slice of upkeep. True while there is more. */
  tend(): boolean {
    return this.#keeper?.tend() ?? false;
  }
}

/** Reads every embedding from the catalogue: how a track begins where there is no index, or none that can be used. */
export async function growTrack(
  source: TrackSource,
  collection: string,
  names: TrackNames,
  space: Space = {},
): Promise<Track> {
  const track = new Track(source, names, space);
  track.revision = await source.catalogue.log.revision(collection);
  let after: string | undefined;
  do {
    const page = await source.catalogue.embeddings.list(collection, names.modelId ?? BROUGHT, {
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    for (const { itemId, vector } of page.rows) track.upsert(itemId, vector);
    after = page.next;
    await nextTurn();
  } while (after !== undefined);
  return track;
}

/** The index of a release from disk. Throws INDEX_NOT_FOUND or INDEX_DAMAGED, also where its log is no longer complete. */
async function loadTrack(source: TrackSource, release: Release): Promise<Track> {
  const { indexId, modelId, collection } = release;
  const damaged = (why: string) => new AppError('INDEX_DAMAGED', { indexId, why });
  const manifest = await readIndexManifest(source.indexesFolder, indexId);
  if (manifest.modelId !== modelId) throw damaged(`it was made with model ${manifest.modelId}, not ${modelId}.`);
  if (manifest.collection !== collection) throw damaged(`it belongs to collection ${manifest.collection}.`);
  const { log } = source.catalogue;
  const [oldest, newest] = await Promise.all([log.compactedThrough(collection), log.revision(collection)]);
  if (manifest.revision < oldest)
    throw damaged(`it stands at revision ${manifest.revision}, the log begins at ${oldest}.`);
  if (manifest.revision > newest)
    throw damaged(`it stands at revision ${manifest.revision}, the catalogue at ${newest}.`);
  const store = manifest.store && (await HnswStore.load(join(source.indexesFolder, indexId), manifest.store));
  const space = await readSpace(source.indexesFolder, manifest);
  const track = new Track(source, release, { store: store ?? undefined, ...space });
  track.revision = manifest.revision;
  return track;
}

/** The track of a release; an index that is missing or damaged is said, and its vectors are read from the catalogue. */
export async function openTrack(
  source: TrackSource,
  collection: Collection,
  release: Release | undefined,
  modelId: string | null,
): Promise<Track> {
  const { name } = collection;
  if (!release) return growTrack(source, name, { releaseId: null, indexId: null, modelId });
  if (source.storeKind === 'exact') return growTrack(source, name, release, await spaceOf(source, release));
  try {
    return await loadTrack(source, release);
  } catch (cause) {
    if (!(cause instanceof AppError) || !['INDEX_DAMAGED', 'INDEX_NOT_FOUND'].includes(cause.code)) throw cause;
    const fields = { code: 'INDEX_DAMAGED', collection: name, indexId: release.indexId, err: cause };
    source.log.error(fields, 'An index can not be used; it is rebuilt from the catalogue');
    return growTrack(source, name, release, await spaceOf(source, release));
  }
}

async function readSpace(indexesFolder: string, manifest: IndexManifest): Promise<Space> {
  const whitening = await readWhitening(indexesFolder, manifest.indexId, manifest.whitening);
  return { whitening, calibration: manifest.calibration ?? undefined };
}

/** The space of an index whose graph is not used; nothing where that is lost too, and the model's own vectors serve. */
async function spaceOf({ indexesFolder, log }: TrackSource, { indexId }: Release): Promise<Space> {
  try {
    return await readSpace(indexesFolder, await readIndexManifest(indexesFolder, indexId));
  } catch (cause) {
    log.error({ indexId, err: cause }, 'The whitening of an index can not be read; it is searched without');
    return {};
  }
}
