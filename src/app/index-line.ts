import type { Release } from '../catalogue/catalogue.js';
import { AppError } from '../errors.js';
import { copyPicture, samePicture } from '../images/copy-picture.js';
import { Preparation } from '../images/preparation.js';
import type { Copies } from '../indexing/calibrate-index.js';
import { type BuiltIndex, buildIndex } from '../indexing/index-builder.js';
import { readIndexManifest } from '../indexing/index-manifest.js';
import type { Whiten } from '../indexing/index-whitening.js';
import { createReleaseSwitch, type ReleaseSwitch } from '../indexing/release-switch.js';
import { BROUGHT } from '../indexing/track.js';
import type { Work } from '../jobs/work.js';
import { verifyBehaviour } from '../recommend/behaviour/behaviour-files.js';
import { fitWhitening, WHITENING_POWERS } from '../training/fit-whitening.js';
import type { Environment } from './environment.js';
import type { Stores } from './stores.js';

/** What a step of the line may say and must ask: a job's own work, or a command's. */
export type Watched = Pick<Work, 'progress' | 'signal' | 'holdsClaim'>;

export interface Released {
  readonly releaseId: string;
  readonly indexId: string;
  readonly modelId: string;
  readonly items: number;
  readonly recall: number;
  readonly efSearch: number | null;
  readonly whitening: BuiltIndex['whitening'];
  readonly skipped: BuiltIndex['skipped'];
}

/** A short name that sorts by time: `20260131-142207-3f9a1c`. */
export function datedId({ now, newId }: Environment, prefix: string): string {
  const stamp = new Date(now()).toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `${prefix}-${stamp}-${newId().replaceAll('-', '').slice(0, 6)}`;
}

export function openReleaseSwitch(stores: Stores): ReleaseSwitch {
  const { catalogue, embedders, indexesFolder, behaviourFolder, blobs } = stores;
  return createReleaseSwitch({
    catalogue,
    embedders,
    indexesFolder,
    readBlob: (content) => blobs.get(content),
    verifyBehaviour: async (behaviourId) => void (await verifyBehaviour(behaviourFolder, behaviourId)),
  });
}

/**
 * The model a collection is searched with: that of its active release, else the one it was made with, else the default.
 * `none` where items bring vectors. Throws COLLECTION_NOT_FOUND, MODEL_NOT_FOUND.
 */
export async function modelOf(stores: Stores, name: string): Promise<string> {
  const collection = await stores.catalogue.collections.get(name);
  if (!collection) throw new AppError('COLLECTION_NOT_FOUND', { collection: name });
  if (collection.encoder === BROUGHT) return BROUGHT;
  const active = await stores.catalogue.releases.active(name);
  const modelId = active?.modelId ?? collection.encoder ?? (await stores.embedders.defaultModelId());
  if (modelId === undefined) throw new AppError('MODEL_NOT_FOUND', { modelId: 'any' });
  return modelId;
}

/** How the collection's active index whitens its gallery: what a new one does where nothing else is asked for. */
async function whitenOf(stores: Stores, collection: string): Promise<Whiten> {
  const active = await stores.catalogue.releases.active(collection);
  if (!active) return 'none';
  try {
    return (await readIndexManifest(stores.indexesFolder, active.indexId)).whitening.whiten;
  } catch (cause) {
    if (cause instanceof AppError) return 'none'; // lost or damaged: the new index is what mends it
    throw cause;
  }
}

/** Copies of pictures as the model is shown them: laid on the same background. */
async function copiesFor({ registry, limits }: Stores, modelId: string): Promise<Copies> {
  const { background } = Preparation.parse((await registry.read(modelId)).preparation);
  const options = { background, limits };
  return {
    copy: (original, random) => copyPicture(original, random, options),
    same: (a, b) => samePicture(a, b, options),
  };
}

/** Builds an index of a collection as one model sees it; nothing is served yet. */
export async function buildOf(
  environment: Environment,
  stores: Stores,
  options: { collection: string; modelId: string; work: Watched; whiten?: Whiten | undefined },
): Promise<BuiltIndex> {
  const { collection, modelId, work } = options;
  const how = options.whiten ?? (await whitenOf(stores, collection));
  return buildIndex({
    catalogue: stores.catalogue,
    collection,
    modelId,
    ...(modelId === BROUGHT
      ? { embedder: null }
      : { embedder: await stores.embedders.get(modelId), copies: await copiesFor(stores, modelId) }),
    readBlob: (content) => stores.blobs.get(content),
    indexesFolder: stores.indexesFolder,
    indexId: datedId(environment, 'index'),
    minRecall: environment.config.KINDRED_MIN_RECALL,
    seed: 1,
    ...(how === 'none'
      ? {}
      : { whiten: { how, fit: (rows, dimension) => fitWhitening(rows, dimension, WHITENING_POWERS[how]) } }),
    work,
    now: environment.now,
  });
}

interface ReleaseOptions {
  readonly collection: string;
  readonly built: BuiltIndex;
  readonly origin: string;
  readonly work: Watched;
}

/** Makes a built index the one that is served, whatever was, with what was learnt from events until then. */
export async function releaseIndex(
  environment: Environment,
  stores: Stores,
  options: ReleaseOptions,
): Promise<Released> {
  for (;;) {
    const active = await stores.catalogue.releases.active(options.collection);
    const released = await replaceRelease(environment, stores, { ...options, active });
    if (released) return released;
  }
}

/** The same, unless another index than `served` (null: none) is served by then: undefined, and nothing moves. */
export async function releaseIndexAfter(
  environment: Environment,
  stores: Stores,
  options: ReleaseOptions & { readonly served: string | null },
): Promise<Released | undefined> {
  for (;;) {
    const active = await stores.catalogue.releases.active(options.collection);
    if ((active?.indexId ?? null) !== options.served) return undefined;
    const released = await replaceRelease(environment, stores, { ...options, active });
    if (released) return released;
  }
}

/**
 * A release row of a built index with the behaviour model of `active`, then one switch from `active` to it. Undefined
 * where another release has been activated since: its behaviour model may be newer, so the caller looks again.
 */
async function replaceRelease(
  environment: Environment,
  stores: Stores,
  options: ReleaseOptions & { readonly active: Release | undefined },
): Promise<Released | undefined> {
  const { collection, built, origin, work, active } = options;
  await work.holdsClaim();
  const releaseId = datedId(environment, 'release');
  const { indexId, modelId } = built;
  const behaviourId = active?.behaviourId ?? null;
  await stores.catalogue.releases.add({ releaseId, collection, indexId, modelId, behaviourId, origin });
  const { progress, signal, holdsClaim } = work;
  const expected = active?.releaseId ?? null;
  const { outcome } = await openReleaseSwitch(stores).activate(releaseId, { progress, signal, holdsClaim, expected });
  if (outcome === 'moved-on') return undefined;
  return {
    releaseId,
    indexId,
    modelId,
    items: built.count,
    recall: built.recall.at10,
    efSearch: built.efSearch,
    whitening: built.whitening,
    skipped: built.skipped,
  };
}

/**
 * Makes what was learnt from events the one that is served, with the index that is: a release row, then one switch.
 * Undefined where another release has been activated since the caller looked.
 */
export async function releaseBehaviour(
  environment: Environment,
  stores: Stores,
  options: {
    collection: string;
    served: { readonly indexId: string; readonly modelId: string };
    behaviourId: string;
    expected: string | null;
    work: Watched;
  },
): Promise<string | undefined> {
  const { collection, behaviourId, expected, work } = options;
  const { indexId, modelId } = options.served;
  await work.holdsClaim();
  const releaseId = datedId(environment, 'release');
  await stores.catalogue.releases.add({ releaseId, collection, indexId, modelId, behaviourId, origin: 'behaviour' });
  const { progress, signal, holdsClaim } = work;
  const switching = openReleaseSwitch(stores);
  const { outcome } = await switching.activate(releaseId, { progress, signal, holdsClaim, expected });
  return outcome === 'moved-on' ? undefined : releaseId;
}

/** Re-index: the same model, a fresh graph, one switch. An index below the recall floor is released too, and says so. */
export async function reindex(
  environment: Environment,
  stores: Stores,
  options: { collection: string; work: Watched; origin?: string; modelId?: string; whiten?: Whiten | undefined },
): Promise<Released & { belowFloor: boolean }> {
  const { collection, work, origin = 'reindex' } = options;
  const modelId = options.modelId ?? (await modelOf(stores, collection));
  const built = await buildOf(environment, stores, { collection, modelId, work, whiten: options.whiten });
  const released = await releaseIndex(environment, stores, { collection, built, origin, work });
  return { ...released, belowFloor: !built.reachesFloor };
}
